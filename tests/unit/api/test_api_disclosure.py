"""Every field of every answer with figures: a number is declared, or hidden, or it does not leave."""

import types
import typing
from dataclasses import replace
from datetime import date

import pytest
from pydantic import BaseModel

from api.disclosure import said
from api.disclosure.edge import Hidden
from api.disclosure.forecasts import CONTINUES, AskedClearance, AskedForecast, clearance_shape, forecast_shape
from api.disclosure.groups import groups_shape
from api.disclosure.lists import BANDS_HIDDEN, list_shape, told_shares
from api.disclosure.series import AskedSeries, series_hidden, told_of
from api.schemas.forecasts import Clearance, Forecast
from api.schemas.groups import Groups
from api.schemas.lists import Series, WaitingList
from api.views.flows import NOT_BY_REASON
from api.views.groups import ShownGroups
from api.views.series import Wanted
from forecasting.results import CLEARANCE_KINDS
from forecasting.store import StoredClearance
from tests.functional.api.shown import ABOUT, FORECAST, LIST, MARCH, MAY
from waitlists import series
from waitlists.bands import CHS_BANDS, WaitBands
from waitlists.domain import Coverage, Level, Measure, MissingProvider, SeriesKey
from waitlists.standards import STANDARDS
from waitlists.suppression import Row, Rule, disclose
from waitlists.suppression.columns import Columns
from waitlists.suppression.pointers import nodes, says_something
from waitlists.suppression.shapes import kinds_of
from waitlists.suppression.sheets import Sheet, Version, node, nothing, sheets

HES = Rule.HES
OWN = replace(LIST, source="weekly_return")
SAFE = {
    "dataset_version", "run_id", "id", "delivery_id", "vintage_id", "from_days", "to_days", "threshold_days",
    "target_share", "horizon", "n", "confidence", "coverage",
}  # fmt: skip
"""Fields whose numbers count nobody. Coverage is given where it is whole, and else worked out from counts as shown."""

WORDS = {
    "service", "org", "org_name", "org_level", "source", "measure", "standard_id", "basis", "freq", "status", "model",
    "service_label", "label", "longest_wait", "method", "kind", "code", "severity", "cause", "reason",
    "stage", "waiting_for", "cut", "group",
}  # fmt: skip
"""Fields that hold a word of a register; a figure in one is left out like any other that nobody declared."""

PROSE = "All 3 of 1,651 wait."


def filled(annotation, name: str = ""):
    """A value for every field: each list with an entry, nothing null, and figures in every text."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in {types.UnionType, typing.Union}:
        return filled(next(one for one in arguments if one is not types.NoneType), name)
    if origin is list:
        return [filled(arguments[0], name)]
    if origin is dict:
        return {"word": filled(arguments[1], name)}
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {field: filled(one.annotation, field) for field, one in annotation.model_fields.items()}
    if name in WORDS:
        return "word"
    return {int: 3, float: 0.75, bool: True, date: MARCH, str: PROSE}.get(annotation, 3)


def list_answer() -> dict:
    body = filled(WaitingList) | {"suppressed": [], "findings": []}
    body["bands"] = [{"label": "0-1", "from_days": 0, "to_days": 7, "count": 3}]
    body["shares"] = [body["shares"][0] | {"standard_id": "CHS_18W", "basis": "waiting", "method": "exact"}]
    return body


def forecast_answer() -> dict:
    body = filled(Forecast) | {"suppressed": [], "breaks": []}
    body["points"] = [body["points"][0] | {"target_end_date": "2025-09-30", "quantiles": {"0.1": 3, "0.9": 12}}]
    return body


def clearance_answer() -> dict:
    answers = [
        {**filled(Clearance)["clearance"][0], "kind": kind, "status": "ok", "reason": None, "p10": "2026-01-04"}
        | {"p50": None, "p90": None}
        for kind in CLEARANCE_KINDS
    ]
    return filled(Clearance) | {"suppressed": [], "clearance": answers}


STEP = series.SeriesPoint(MARCH, 3.0, 3.0, 1.0, MAY, 1, is_provisional=False, note=PROSE)
SERIES = series.Series(SeriesKey("weekly_return", "SALT", "QKS", Measure.LIST_SIZE), "M", MAY, (STEP,))


WANTED = {
    **{measure.value: Wanted(measure) for measure in (Measure.LIST_SIZE, Measure.MEDIAN_WAIT)},
    "share": Wanted(Measure.SHARE_WITHIN_STANDARD, STANDARDS["CHS_18W"]),
    "share of those seen": Wanted(Measure.SHARE_WITHIN_STANDARD, STANDARDS["CHS_18W"], "completed"),
}


def series_answer() -> dict:
    return filled(Series) | {"suppressed": [], "breaks": []}


CLEARED = StoredClearance("weekly_return", "SALT", "QKS", MAY, {}, run_id=1, dataset_version=7)


def answers(sheet: Sheet) -> dict[str, tuple[dict, Hidden]]:
    """Every kind of answer with figures, and what hides it."""
    body = list_answer()
    found = {"list": (body, Hidden(list_shape(body, OWN, ABOUT, sheet, {}), sheet))}
    for name, wanted in WANTED.items():
        one = replace(SERIES, key=replace(SERIES.key, measure=wanted.measure))
        body = series_answer()
        found[name] = (body, series_hidden(AskedSeries(one, ABOUT, OWN, wanted), body, [told_of(wanted, sheet)], HES))
    body = filled(Groups) | {"suppressed": []}
    body["groups"] = [body["groups"][0] | {"group": "male"}]
    body["missing_providers"] = []
    asked_groups = ShownGroups(OWN, ABOUT, "sex", {})
    found["groups"] = (body, Hidden(groups_shape(asked_groups, body, sheet), sheet))
    body, asked = forecast_answer(), AskedForecast(FORECAST, ABOUT, OWN, is_behind=False)
    found["forecast"] = (body, Hidden(forecast_shape(asked, body, sheet.name("total")), sheet))
    body, cleared = clearance_answer(), AskedClearance(CLEARED, ABOUT, OWN, is_behind=False)
    found["clearance"] = (body, Hidden(clearance_shape(cleared, body, sheet), sheet))
    return found


KINDS = sorted(answers(nothing(HES)))


def shown(body: dict, hidden: Hidden) -> dict:
    row = Row(body, hidden.shape, Level.ICB, is_published=False, table=hidden.sheet.table, plan=hidden.sheet.plan)
    return disclose(row, rule=HES).answer


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_and_every_sentence_is_declared(kind):
    """A new field of an answer fails here until it is a count, derived from counts, withheld, or named as safe."""
    body, hidden = answers(nothing(HES))[kind]
    found = list(nodes(body, find=kinds_of(hidden.shape).find))
    undeclared = {at for at, value, known in found if known is None and says_something(value)}
    for at, items, known in found:
        if isinstance(known, Columns):
            undeclared |= {f"{at}/*/{name}" for one in items for name in one.keys() - known.fields.keys() - known.plain}
    assert undeclared <= {"/required_capacity_note"}


@pytest.mark.parametrize("kind", KINDS)
def test_of_a_list_that_is_not_shown_no_number_leaves(kind):
    body, hidden = answers(nothing(HES))[kind]
    left = {at: value for at, value, _ in nodes(shown(body, hidden), find=lambda _: None) if says_something(value)}
    numbers = {at for at, value in left.items() if not isinstance(value, str)}
    assert {at.rpartition("/")[2] for at in numbers} <= SAFE
    prose = {at for at, value in left.items() if isinstance(value, str) and "1,651" in value}
    assert {at for at in prose if not at.startswith("/links/")} <= {"/proxy_sentence"}


def sheet_of(*waits: int) -> Sheet:
    cells = dict(zip([("waiting", band.label) for band in CHS_BANDS], waits, strict=True))
    version = Version(1, MAY, 1, "", "QKS", cells | {("waiting", "total"): sum(waits)})
    return sheets([version], [], parent_of=lambda _: None, rule=HES)[node(1, "QKS")]


def test_a_list_with_a_missing_provider_is_made_good_from_what_is_shown():
    """Its last known list is said as it is shown where it is asked for itself, or not at all."""
    own = sheet_of(40, 30, 20, 20, 10, 20, 10, 0)
    missing = Coverage("SALT", "QKS", 0.6, (MissingProvider("NQ7", date(2025, 2, 28), 101),))
    stored = replace(OWN, coverage=missing, bands=WaitBands({}, 150))
    body = list_answer() | {"list_size": 150}
    body["missing_providers"] = [{"org": "NQ7", "org_name": "x", "last_period": MARCH, "last_list_size": 101}]
    for last, added, coverage in ((100, 100, 0.6), (None, None, None)):
        answer = shown(body, Hidden(list_shape(body, stored, ABOUT, own, {"NQ7": last}), own))
        assert answer["adjusted"]["added"] == added
        assert answer["adjusted"]["list_size"] == (None if added is None else 250)
        assert answer["coverage"] == coverage
        assert answer["missing_providers"][0]["last_list_size"] == last
        assert "Medway Community Healthcare sent no figures" in answer["sentence"]
        assert "101" not in str(answer)


def test_a_wait_of_a_hidden_list_says_why_it_is_not_given():
    body = list_answer() | {"list_size": 4, "median_wait": 3.5}
    own = sheet_of(4, 0, 0, 0, 0, 0, 0, 0)
    answer = shown(body, Hidden(list_shape(body, OWN, ABOUT, own, {}), own))
    assert (answer["list_size"], answer["median_wait"]) == (None, None)
    assert "fewer than 8" in answer["notes"]["list_size"]
    assert answer["notes"]["median_wait"] == BANDS_HIDDEN
    assert "fewer than 8 waiting" in answer["sentence"]


DERIVED = {
    "list": ("median_wait", "median_wait_at_least_weeks", "p92_wait", "p92_wait_at_least_weeks"),
    "groups": ("median_wait",),
    **dict.fromkeys(("median_wait", "share", "share of those seen"), ("value", "adjusted")),
}


def with_all(value: float | None, body: dict, names: tuple[str, ...]) -> dict:
    changed = {name: value for name in names if name in body}
    noted = dict.fromkeys(names, value) | {"note": PROSE if value is None else None}
    groups = {"groups": [one | dict.fromkeys(names, value) for one in body["groups"]]} if "groups" in body else {}
    points = {"points": [one | noted for one in body["points"]]} if "points" in body else {}
    both = {"share": value, "adjusted_share": value}
    shares = {"shares": [one | both for one in body["shares"]]} if "shares" in body else {}
    return body | changed | groups | points | shares


@pytest.mark.parametrize("kind", DERIVED)
@pytest.mark.parametrize("size", [0, 4, 10, 200])
def test_what_is_pointed_to_does_not_tell_whether_there_is_an_exact_value(kind, size):
    """Of four children two wait over 104 weeks, or none waits at all: the same is said to be hidden."""
    body, hidden = answers(sheet_of(size, 0, 0, 0, 0, 0, 0, size))[kind]
    told = [shown(with_all(value, body, DERIVED[kind]), hidden) for value in (None, 9)]
    assert told[0] == told[1]


def test_what_is_pointed_to_of_leavers_does_not_tell_that_there_were_none():
    """Where reasons are not sent, each is known of nobody: 0 leavers for it."""
    told = []
    for left, by_reason in ((0, 0), (3, None)):
        cells = {("waiting", "total"): 40, ("removals", "total"): left}
        version = Version(1, MAY, 1, "", "QKS", cells)
        own = sheets([version], [], parent_of=lambda _: None, rule=Rule.MHSDS)[node(1, "QKS")]
        removals = {"all": left, "seen": by_reason, "declined": by_reason}
        body = list_answer() | {"removals": removals, "notes": {} if left == 0 else {"removals": NOT_BY_REASON}}
        answer = shown(body, Hidden(list_shape(body, OWN, ABOUT, own, {}), own))
        told.append([answer[name] for name in ("removals", "notes", "suppressed")])
    assert told[0] == told[1]
    assert {"/removals/all", "/removals/seen", "/removals/declined"} <= set(told[0][2])


@pytest.mark.parametrize(("size", "is_shown"), [(0, False), (4, False), (200, True)])
def test_neither_method_nor_note_of_a_share_tells_whether_there_is_one(size, is_shown):
    own = sheet_of(size, 0, 0, 0, 0, 0, 0, size)
    (share,) = list_answer()["shares"]
    of_some, of_none = share | {"note": None}, share | {"share": None, "method": None, "note": "Nobody."}
    told = [told_shares({"shares": [one]}, own)[0] for one in (of_some, of_none)]
    assert [one["note"] for one in told] == 2 * [None if is_shown else told[0]["note"]]
    assert told[0]["method"] == ("exact" if is_shown else None)
    assert told[1]["method"] is None


def test_a_wait_beyond_the_top_band_is_said_where_it_is_shown():
    body = list_answer() | {"list_size": 40, "median_wait_at_least_weeks": 104}
    own = sheet_of(10, 0, 0, 0, 0, 0, 0, 30)
    answer = shown(body, Hidden(list_shape(body, OWN, ABOUT, own, {}), own))
    assert answer["median_wait_at_least_weeks"] == 104


@pytest.mark.parametrize("status", ["ok", "already", "unlikely", "never"])
def test_others_are_told_what_each_answer_about_clearing_is_of(status):
    """Without its question the day on which today's list would be gone reads as that on which the list clears."""
    body = clearance_answer()
    body["clearance"] = [one | {"status": status} for one in body["clearance"]]
    own = sheet_of(40, 30, 20, 20, 10, 20, 10, 0)
    answer = shown(body, Hidden(clearance_shape(AskedClearance(CLEARED, ABOUT, None, is_behind=False), body, own), own))
    said = {one["kind"]: one["sentence"] for one in answer["clearance"]}
    assert said["run_off"].startswith("If nobody new were referred, an empty list: ")
    assert len(set(said.values())) == len(said)


@pytest.mark.parametrize(("reason", "word"), [("more_join", "more_join"), (PROSE, "not_shown"), (None, None)])
def test_a_reason_in_sentences_is_not_repeated(reason, word):
    body = clearance_answer()
    body["clearance"] = [one | {"reason": reason} for one in body["clearance"]]
    own = sheet_of(40, 30, 20, 20, 10, 20, 10, 0)
    answer = shown(body, Hidden(clearance_shape(AskedClearance(CLEARED, ABOUT, None, is_behind=False), body, own), own))
    assert {one["reason"] for one in answer["clearance"]} == {word}
    asked = "If nobody new were referred, an empty list: likely between 4 January 2026 and a day beyond"
    assert answer["clearance"][0]["sentence"].startswith(asked)
    assert answer["coverage"] is None


@pytest.mark.parametrize(("checked", "sure"), [(0, "meant as 8 in 10"), (1, "8 in 10"), (None, "8 in 10")])
def test_rounded_days_say_how_far_ahead_ranges_were_checked(checked: int | None, sure: str):
    body, own = clearance_answer(), sheet_of(40, 30, 20, 20, 10, 20, 10, 0)
    held = {"checked": 40, "coverage80": 0.8, "coverage95": 0.9, "checked_weeks": checked}
    point = {"date": "2026-01-04", "p": 0.9}
    body["clearance"] = [one | {"ranges_held": held, "curve": [point]} for one in body["clearance"]]
    asked = AskedClearance(CLEARED, ABOUT, None, is_behind=False)
    answer = shown(body, Hidden(clearance_shape(asked, body, own), own))["clearance"][0]
    assert f"({sure})" in answer["sentence"]
    assert answer["ranges_held"]["checked_weeks"] == checked
    assert ("At no distance ahead could enough be checked." in answer["sentence"]) == (checked == 0)


def test_each_kind_of_clearance_is_about_a_count():
    assert set(CONTINUES) == set(CLEARANCE_KINDS)


def test_findings_and_breaks_that_tell_of_figures_are_left_out():
    found = [
        {"code": code, "sentence": PROSE, "sheet": "A", "cell": "B2"} for code in ("missing_provider", "frozen_value")
    ]
    assert said.findings(found) == [{**found[0], "sentence": said.MISSING, "sheet": None, "cell": None}]
    breaks = [{"cause": "definition"}, {"cause": "unknown"}]
    assert said.breaks(breaks) == breaks[:1]
    assert said.vintage(None) is None
