"""`waitlists rebases` and `waitlists targets` as a person types them."""

import pytest

from waitlists.store.audit import last_entries
from waitlists.store.read import latest_version
from waitlists.store.session import make_engine, reading

SERIES = ("--service", "SALT", "--org", "QKS", "--measure", "treated", "--date", "2026-04-01")
WHY = ("--reason", "A second clinic opened", "--role", "improvement board")


def stored(ready, read):
    engine = make_engine(f"sqlite:///{ready.folder / 'waitlists.db'}")
    try:
        with reading(engine) as connection:
            return read(connection)
    finally:
        engine.dispose()


def test_new_limits_are_recorded_listed_and_taken_back(ready):
    added = ready("rebases", "add", *SERIES, *WHY, "--decided-on", "2026-04-10")
    assert (added.code, added.out) == (0, "Recorded as rebase 1.\n")
    (one,) = ready("rebases", "list", "--json").json["items"]
    assert (one["number"], one["service"], one["org"], one["measure"]) == (1, "SALT", "QKS", "treated")
    assert (one["date"], one["reason"], one["role"]) == ("2026-04-01", "A second clinic opened", "improvement board")
    assert (one["decided_on"], one["value"], one["removes"]) == ("2026-04-10", None, None)
    assert ready("targets", "list").out == "No target is recorded.\n"

    gone = ready("rebases", "remove", 1, "--reason", "The clinic closed again", "--role", "improvement board", "--json")
    assert gone.json == {"number": 2, "removes": 1}
    assert ready("rebases", "list", "--json").json["items"] == []
    history = ready("rebases", "list", "--history").out.splitlines()
    assert history[0].startswith("1: SALT QKS treated, from 2026-04-01: A second clinic opened (improvement board,")
    assert history[1].startswith("2: SALT QKS treated, removes 1: The clinic closed again")


def test_a_target_has_a_value_and_may_be_of_one_kind_of_figures_alone(ready):
    share = ("--service", "SALT", "--org", "QKS", "--measure", "share_within_standard", "--date", "2026-04-01")
    narrowed = ("--standard", "CHS_18W", "--basis", "waiting", "--freq", "W", "--source", "referral_extract")
    assert ready("targets", "add", *share, *narrowed, "--value", "0.8", *WHY, "--json").json == {"number": 1}
    assert ready("targets", "add", *SERIES, "--value", "250", *WHY).out == "Recorded as target 2.\n"
    lines = ready("targets", "list").out.splitlines()
    assert lines[0].startswith(
        "1: SALT QKS share_within_standard CHS_18W waiting W referral_extract, from 2026-04-01, "
    )
    assert "target 0.8: A second clinic opened" in lines[0]
    assert ready("targets", "remove", 2, *WHY).out == "Target 2 no longer holds (row 3).\n"
    assert len(ready("targets", "list").out.splitlines()) == 1


def test_each_act_is_audited_and_makes_a_new_version(ready):
    ready("rebases", "add", *SERIES, *WHY)
    ready("rebases", "remove", 1, *WHY)
    entries = stored(ready, lambda connection: last_entries(connection, limit=9))
    assert [(one.look.action, one.look.service, one.look.org) for one in entries] == [
        ("rebases add 1", "SALT", "QKS"),
        ("rebases remove 2", "SALT", "QKS"),
    ]
    assert stored(ready, latest_version).version == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("rebases", "add", *SERIES, "--reason", "unknown", "--role", "board"), "say why in 3 words or more"),
        (("rebases", "add", *SERIES, "--reason", "A clinic opened", "--role", " "), "name the role that decided"),
        (("rebases", "add", *SERIES, *WHY, "--decided-on", "2999-01-01"), "in the future"),
        (("rebases", "add", *SERIES[:2], "--org", "ZZZ", *SERIES[4:], *WHY), "no organisation"),
        (("rebases", "add", "--service", "NONE", *SERIES[2:], *WHY), "no service has this code"),
        (("targets", "add", *SERIES, "--value", "-1", *WHY), "expected a number that the measure can have"),
        (("targets", "add", *SERIES, "--value", "1", "--standard", "CHS_18W", *WHY), "needs a standard and a basis"),
        (("rebases", "remove", 7, *WHY), "no rebase of this number holds"),
        (("targets", "remove", 1, *WHY), "no target of this number holds"),
        (("rebases", "remove", 1, "--reason", "not known", "--role", "board"), "say why"),
    ],
)
def test_what_cannot_be_recorded_is_refused_in_one_sentence(ready, words, said):
    ready("rebases", "add", *SERIES, "--freq", "W", *WHY)
    refused = ready(*words)
    assert refused.code == 2
    assert said in refused.err
    assert "Traceback" not in refused.err
    assert len(ready("rebases", "list", "--history", "--json").json["items"]) == 1


def test_the_same_decision_twice_is_refused(ready):
    ready("rebases", "add", *SERIES, *WHY)
    again = ready("rebases", "add", *SERIES, *WHY)
    assert again.code == 2
    assert "remove it first" in again.err
