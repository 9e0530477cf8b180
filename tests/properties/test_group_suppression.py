"""Groups of a list beside the list itself: a solver over all divisions at once recovers no small number of any."""

import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.attacker import SHARES, Attack, Week, attack, read_by
from waitlists.bands import CHS_BANDS
from waitlists.counts.groups import GROUPS, NOT_SAID, grouped
from waitlists.details import CUTS, Detail
from waitlists.suppression import Rule, Sum
from waitlists.suppression.groups import group_name, with_groups
from waitlists.suppression.readers import OUTSIDER
from waitlists.suppression.rules import is_small, shown_count
from waitlists.suppression.sheets import Sheet, Version, node, sheets

PROVIDERS = {"NQ7": 0.3, "RPA": 0.1, "RYY": 0.6}
BOARD = "QKS"
WORDS = {cut: [word for group in groups for word in group.words or (NOT_SAID,)] for cut, groups in GROUPS.items()}


class Child:
    """A provider, a wait band, and a word of the record for each division; most children share a few words."""

    def __init__(self, draw: random.Random) -> None:
        self.provider = draw.choices(list(PROVIDERS), list(PROVIDERS.values()))[0]
        self.band = draw.choices(range(8), SHARES)[0]
        self.words = {cut: words[int(len(words) * draw.random() ** 3)] for cut, words in WORDS.items()}


def bands_of(children) -> tuple[int, ...]:
    return tuple(sum(child.band == band for child in children) for band in range(8))


def version(number, org, children) -> Version:
    bands = dict(zip((("waiting", band.label) for band in CHS_BANDS), bands_of(children), strict=True))
    scope = "" if org == BOARD else org
    return Version(1, date(2026, 11, 16), number, scope, org, bands | {("waiting", "total"): len(children)})


def divided(children) -> dict:
    details = [
        Detail("SALT", BOARD, "list", len(chosen), bands_of(chosen), cut=cut, group=word)
        for cut in CUTS
        for word in WORDS[cut]
        if (chosen := [child for child in children if child.words[cut] == word])
    ]
    return {cut: grouped(details, cut) for cut in CUTS}


def shown(size: int, seed: int, rule: Rule) -> tuple[Sheet, Sheet]:
    """The sheet of a board's list, and the same with its groups."""
    draw = random.Random(f"{size} {seed}")
    children = [Child(draw) for _ in range(size)]
    lists = {org: [child for child in children if child.provider == org] for org in PROVIDERS} | {BOARD: children}
    versions = [version(number, org, some) for number, (org, some) in enumerate(lists.items(), 1)]
    every = sheets(versions, [], parent_of=lambda org: None if org == BOARD else BOARD, rule=rule)
    own = every[node(len(lists), BOARD)]
    return own, with_groups(own, divided(children), rule)


@pytest.mark.no_cover
@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize("size", [12, 40, 150, 600])
def test_no_reader_recovers_a_small_number(size, rule, capsys):
    done = Attack(0, ())
    for seed in range(3):
        own, sheet = shown(size, seed, rule)
        for reader in (OUTSIDER, *own.table.insiders):
            done += attack([read_by(reader, sheet.table, sheet.plan)])
    with capsys.disabled():
        print(f"\nattacker on groups of {size}, {rule}: {done}")
    assert done.hidden
    assert done.recovered == ()


def placed(children, first: int, *, source: str = "", run: int = 1) -> list[Version]:
    """The lists of three providers and their board, numbered from `first` on."""
    lists = {org: [child for child in children if child.provider == org] for org in PROVIDERS} | {BOARD: children}
    every = (version(number, org, some) for number, (org, some) in enumerate(lists.items(), first))
    return [one._replace(source=source, run_id=run) for one in every]


def boards(versions, children, rule: Rule) -> list[Sheet]:
    """The sheets of the board's lists with their groups."""
    every = sheets(versions, [], parent_of=lambda org: None if org == BOARD else BOARD, rule=rule)
    return [with_groups(every[one.node], divided(children), rule) for one in versions if one.org == BOARD]


def together(one: Sheet, other: Sheet, is_same) -> Week:
    """Both as one table, in which numbers of the same name are known to be equal where they are of one kind."""
    counts = {**one.table.counts, **other.table.counts}
    own = [name.removeprefix(one.node) for name in one.table.counts if name.startswith(f"{one.node}:")]
    pairs = [(one.node + name, other.node + name) for name in own if is_same(name) and other.node + name in counts]
    same = tuple(Sum(first, (second,)) for first, second in pairs if counts[first] == counts[second])
    shown = {**one.plan.shown, **{name: value for name, value in other.plan.shown.items() if value is not None}}
    hidden = frozenset(name for name, count in counts.items() if count is not None and shown.get(name) is None)
    extra = (one.plan.extra | other.plan.extra) & hidden
    table = replace(one.table, counts=counts, sums=(*one.table.sums, *other.table.sums, *same))
    table = replace(table, exact=one.table.exact | other.table.exact)
    return Week(table, replace(one.plan, shown=shown, hidden=hidden, extra=extra, calls_small=False))


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize("size", [12, 40, 150])
def test_weekly_and_monthly_groups_of_one_day_give_nothing_away_together(size, rule):
    """A month that ends on a Sunday is counted twice, known at different times: the groups are the same children."""
    draw = random.Random(f"{size}")
    children = [Child(draw) for _ in range(size)]
    monthly = placed(children, 5, source="referral_extract_monthly", run=2)
    one, other = boards([*placed(children, 1, source="referral_extract"), *monthly], children, rule)
    done = attack([together(one, other, lambda _: True)])
    assert done.hidden
    assert done.recovered == ()


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize("size", [12, 40, 150])
def test_groups_of_weeks_in_which_nobody_joined_or_left_give_nothing_away_together(size, rule):
    """The same children wait in both weeks, some of them in a later band: each group is as large as before."""
    draw = random.Random(f"{size}")
    children = [Child(draw) for _ in range(size)]
    (one,) = boards(placed(children, 1), children, rule)
    for child in children:
        child.band = min(child.band + (draw.random() < 0.15), 7)
    (other,) = boards(placed(children, 11), children, rule)
    done = attack([together(one, other, lambda name: name.endswith(":total"))])
    assert done.hidden
    assert done.recovered == ()


@settings(max_examples=25, deadline=None)
@given(size=st.integers(1, 200), seed=st.integers(0, 1000), rule=st.sampled_from(Rule))
def test_groups_change_nothing_that_is_shown_of_lists(size, seed, rule):
    own, sheet = shown(size, seed, rule)
    # That nobody is in no band needs no telling where single waits are counted.
    names = [name for name in own.plan.shown if not name.endswith(":unbanded")]
    assert {name: sheet.plan.shown[name] for name in names} == {name: own.plan.shown[name] for name in names}


@settings(max_examples=25, deadline=None)
@given(size=st.integers(1, 200), seed=st.integers(0, 1000), rule=st.sampled_from(Rule))
def test_every_number_of_a_group_is_what_the_rule_says_or_hidden(size, seed, rule):
    own, sheet = shown(size, seed, rule)
    for name in sheet.table.counts.keys() - own.table.counts.keys():
        count, value = sheet.table.counts[name], sheet.plan.shown[name]
        assert value in {None, shown_count(count, rule)}
        assert value is None or not is_small(count, rule)


def test_a_group_of_few_beside_its_list_is_hidden():
    """Of 40 children 3 are of another stated gender: neither they nor a way to them is shown."""
    draw = random.Random(1)
    children = [Child(draw) for _ in range(40)]
    for place, child in enumerate(children):
        child.words["sex"], child.band = ("3" if place < 3 else "1"), 0
    own = sheets([version(1, BOARD, children)], [], parent_of=lambda _: None, rule=Rule.HES)[node(1, BOARD)]
    sheet = with_groups(own, {"sex": divided(children)["sex"]}, Rule.HES)
    assert sheet.plan.shown[group_name(own, "sex", "other", "total")] is None
    assert sheet.plan.shown[group_name(own, "sex", "male", "total")] == 35
    assert sheet.plan.shown[group_name(own, "sex", "female", "total")] == 0


def test_groups_that_do_not_add_up_are_not_tied_to_their_list():
    """Counts that contradict each other would have no end to their narrowing."""
    own, _ = shown(150, 1, Rule.HES)
    nobody = {cut: grouped([], cut) for cut in CUTS}
    some = {"sex": grouped([Detail("SALT", BOARD, "list", 9, (9, 0, 0, 0, 0, 0, 0, 0), cut="sex", group="1")], "sex")}
    sheet = with_groups(own, nobody | some, Rule.HES)
    assert sheet.plan.shown[group_name(own, "sex", "male", "total")] == 10


def test_of_a_hidden_list_no_group_is_shown():
    own, sheet = shown(5, 1, Rule.HES)
    assert own.shown("total") is None
    assert {sheet.plan.shown[name] for name in sheet.table.counts.keys() - own.table.counts.keys()} == {None}
