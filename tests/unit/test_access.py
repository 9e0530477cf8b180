"""Who sees which unpublished figures: a provider its own, a commissioner those counted in it, nobody else any."""

from datetime import date

import pytest

from waitlists.errors import BadArgument, NotFound
from waitlists.security.access import EVERYTHING, NOTHING_UNPUBLISHED, Role, Scope, Sight, sight_of
from waitlists.sources import PUBLISHED_SOURCES

DAY = date(2025, 3, 31)

CASES = [
    (Role.PUBLIC, (), "ENG", False),
    (Role.PUBLIC, ("QKS",), "QKS", False),
    (Role.BOARD, ("QKS",), "QKS", False),
    (Role.ADMIN, ("QKS",), "QKS", False),
    (Role.COMMISSIONER, ("QKS",), "QKS", True),
    (Role.COMMISSIONER, ("QKS",), "RYY", True),
    (Role.COMMISSIONER, ("QKS",), "RAT", True),
    (Role.COMMISSIONER, ("QMF",), "RAT", False),
    (Role.COMMISSIONER, ("QKS",), "E10000016", True),
    (Role.COMMISSIONER, ("QKS",), "QJG", False),
    (Role.COMMISSIONER, ("QKS",), "Y59", False),
    (Role.COMMISSIONER, ("QKS",), "ENG", False),
    (Role.COMMISSIONER, (), "QKS", False),
    (Role.COMMISSIONER, ("QJG", "QKS"), "QJG", True),
    (Role.COMMISSIONER, ("ENG",), "RYY", True),
    (Role.COMMISSIONER, ("ENG",), "NAME:anyone", True),
    (Role.PROVIDER, ("RYY",), "RYY", True),
    (Role.PROVIDER, ("RYY",), "NQ7", False),
    (Role.PROVIDER, ("RYY",), "QKS", False),
    (Role.PROVIDER, ("QKS",), "RYY", False),
    (Role.PROVIDER, (), "RYY", False),
    (Role.PROVIDER, ("RYY",), None, False),
]


@pytest.mark.parametrize(("role", "orgs", "org", "is_seen"), CASES)
def test_unpublished_figures_are_seen_by_whom_they_are_about(role, orgs, org, is_seen):
    assert sight_of(Scope(role, orgs), DAY).covers("weekly_return", org) is is_seen


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("source", sorted(PUBLISHED_SOURCES))
def test_published_figures_are_seen_by_everyone(role, source):
    assert sight_of(Scope(role), DAY).covers(source, "RYY")


def test_a_provider_that_moved_is_seen_by_its_new_board_alone():
    """NQA was counted in QJG until 31 January 2023, in QH8 after it."""
    before, after = date(2023, 1, 31), date(2023, 2, 1)
    left, joined = Scope(Role.COMMISSIONER, ("QJG",)), Scope(Role.COMMISSIONER, ("QH8",))
    seen = {(scope.key, day): sight_of(scope, day).covers("weekly_return", "NQA") for scope in (left, joined)
            for day in (before, after)}  # fmt: skip
    assert sorted(place for place, is_seen in seen.items() if is_seen) == [
        ("commissioner:QH8", after),
        ("commissioner:QJG", before),
    ]


@pytest.mark.parametrize(
    ("board", "code", "is_seen"),
    [
        ("QKS", "LOCAL:THERAPEUTIC_ALLIANCE", True),
        ("QRL", "R1C", True),
        ("QRL", "LOCAL:THERAPEUTIC_ALLIANCE", False),
        ("QKS", "R1C", False),
    ],
)
def test_a_provider_that_ended_is_seen_by_the_board_within_which_its_list_goes_on(board, code, is_seen):
    """Its successor was called new in the figures to the commissioner, and to nobody else."""
    scope = Scope(Role.COMMISSIONER, (board,))
    assert sight_of(scope, date(2026, 11, 22)).covers("weekly_return", code) is is_seen


def test_a_commissioners_sub_icb_is_its_own():
    from waitlists.domain import Level
    from waitlists.organisations import ORGANISATIONS, parent_of

    subs = [one.code for one in ORGANISATIONS.values() if one.level is Level.SUB_ICB and parent_of(one.code, DAY)]
    assert subs
    for code in subs:
        scope = Scope(Role.COMMISSIONER, (str(parent_of(code, DAY)),))
        assert sight_of(scope, DAY).covers("weekly_return", code)


def test_a_source_nobody_declared_published_is_not():
    assert not NOTHING_UNPUBLISHED.covers("chs_sitrep_t3", "ENG")
    assert EVERYTHING.covers("anything", None)


def test_a_scope_names_known_organisations_once_in_order():
    assert Scope(Role.PROVIDER, ("NQ7", "RYY")).key == "provider:NQ7,RYY"
    with pytest.raises(BadArgument):
        Scope(Role.PROVIDER, ("RYY", "NQ7"))
    with pytest.raises(BadArgument):
        Scope(Role.PROVIDER, ("RYY", "RYY"))
    with pytest.raises(NotFound):
        Scope(Role.PROVIDER, ("RZZZ",))


def test_scopes_that_see_differently_have_different_keys():
    scopes = [Scope(role, orgs) for role in Role for orgs in ((), ("QKS",), ("RYY",), ("QKS", "RYY"))]
    assert len({scope.key for scope in scopes}) == len(scopes)


@pytest.mark.parametrize("organisations", [None, frozenset[str](), frozenset({"RYY", "QKS"})])
@pytest.mark.parametrize("source", ["weekly_return", "chs_sitrep"])
def test_those_asked_about_who_are_covered(organisations, source):
    sight, asked = Sight(organisations), ["RYY", "NQ7"]
    assert set(sight.of(source, asked) or ()) == {org for org in asked if sight.covers(source, org)}
    everyone = sight.of(source, None)
    assert everyone is None if sight.covers(source, "NQ7") else everyone == organisations
