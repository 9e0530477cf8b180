"""How stored vintages become a regular series as known on a day."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from waitlists.counts.histories import ListHistory, VintageCells, in_force
from waitlists.domain import Coverage, Finding, Measure, MissingProvider, SeriesKey, Severity, Vintage
from waitlists.errors import BadArgument
from waitlists.periods import add_months
from waitlists.series import Series, build_series

AUGUST = date(2024, 8, 31)
FAR = date(2026, 1, 1)
Bands = Mapping[str, int | None]


def vintage(number: int, *, known: int = 42, id_: int | None = None, scope: str = "") -> Vintage:
    period = add_months(AUGUST, number)
    known_from = date.fromordinal(period.toordinal() + known)
    return Vintage(known_from, number if id_ is None else id_, "chs_sitrep", period, scope)


def history(
    lists: Mapping[int, Mapping[str, Bands]],
    *,
    vintages: tuple[Vintage, ...] | None = None,
    coverage: Mapping[tuple[int, str], Coverage] | None = None,
    findings: Mapping[tuple[int, str], tuple[Finding, ...]] | None = None,
    service: str = "SALT",
) -> ListHistory:
    return ListHistory(
        source="chs_sitrep",
        service=service,
        vintages=vintages or tuple(vintage(number) for number in lists),
        cells={(id_, org): VintageCells(id_, bands) for id_, orgs in lists.items() for org, bands in orgs.items()},
        coverage=coverage or {},
        findings=findings or {},
    )


def build(stored: ListHistory, *, as_of: date = FAR, org: str = "QKS", measure: Measure = Measure.LIST_SIZE) -> Series:
    return build_series(stored, SeriesKey("chs_sitrep", stored.service, org, measure), as_of=as_of)


def found(code: str, number: int, severity: Severity = Severity.WARNING, **details: object) -> tuple[Finding, ...]:
    period = add_months(AUGUST, number)
    known = vintage(number).known_from
    return (Finding(code, severity, f"About {code}.", period, known, "SALT", "QKS", details=details),)


def test_gaps_stay_gaps() -> None:
    series = build(history({0: {"QKS": {"total": 10}}, 1: {"RYY": {"total": 3}}, 3: {"QKS": {"total": 12}}}))
    assert [(point.period_end, point.value, point.adjusted) for point in series.points] == [
        (date(2024, 8, 31), 10, 10),
        (date(2024, 9, 30), None, None),
        (date(2024, 10, 31), None, None),
        (date(2024, 11, 30), 12, 12),
    ]
    assert series.points[1].note == "No figures were sent for September 2024."
    assert series.points[2].note == "No file for October 2024 is loaded."
    assert (series.points[2].vintage_id, series.points[2].known_from) == (None, None)
    assert (series.points[1].vintage_id, series.points[1].coverage) == (1, 0)


def test_a_series_starts_with_its_first_figure_and_ends_with_the_last_loaded_month() -> None:
    series = build(history({0: {"RYY": {"total": 1}}, 1: {"QKS": {"total": 2}}, 2: {"RYY": {"total": 3}}}))
    assert [point.value for point in series.points] == [2, None]


def test_nothing_known_yet_is_an_empty_series() -> None:
    stored = history({0: {"QKS": {"total": 10}}})
    assert build(stored, as_of=date(2024, 10, 11)).points == ()
    assert [point.value for point in build(stored, as_of=date(2024, 10, 12)).points] == [10]
    assert build(stored, org="RYY").points == ()


def test_a_corrected_month_is_seen_from_the_day_it_was_known() -> None:
    lists = {0: {"QKS": {"total": 10}}, 7: {"QKS": {"total": 11}}}
    stored = history(lists, vintages=(vintage(0), vintage(0, known=100, id_=7)))
    corrected_on = vintage(0, known=100).known_from
    before = build(stored, as_of=date.fromordinal(corrected_on.toordinal() - 1))
    assert [point.value for point in before.points] == [10]
    assert [(point.value, point.vintage_id) for point in build(stored, as_of=corrected_on).points] == [(11, 7)]


def test_of_two_vintages_known_on_one_day_the_later_delivery_counts() -> None:
    first, second = vintage(0, id_=1), vintage(0, id_=2)
    assert in_force((second, first), FAR) == {("", AUGUST): second}


def test_what_was_worked_out_of_a_history_is_no_part_of_it() -> None:
    lists = {0: {"QKS": {"total": 10}}, 1: {"QKS": {"total": 9}}}
    asked, fresh = history(lists), history(lists)
    shown = repr(asked)
    build(asked)
    assert asked == fresh
    assert repr(asked) == shown
    narrowed = replace(asked, vintages=asked.vintages[:1])
    assert [point.value for point in build(narrowed).points] == [10]
    with pytest.raises(TypeError):
        ListHistory("chs_sitrep", "SALT", (), {}, {}, {}, False, None, {})


def test_only_the_lists_asked_about_are_named_where_others_stand_beside_them() -> None:
    both = history({0: {"RYY": {"total": 4}, "QKS": {"total": 10}}})
    assert both.orgs == ["QKS", "RYY"]
    assert replace(both, lists=frozenset({"RYY", "NQ7"})).orgs == ["RYY"]
    assert not replace(both, lists=frozenset()).orgs


def test_a_list_its_corrected_file_left_out_is_a_gap() -> None:
    lists = {0: {"QKS": {"total": 10}, "RYY": {"total": 4}}, 7: {"RYY": {"total": 4}}, 1: {"QKS": {"total": 9}}}
    stored = history(lists, vintages=(vintage(0), vintage(1), vintage(0, known=100, id_=7)))
    assert [point.value for point in build(stored).points] == [9]


def missing(number: int, org: str = "NQ7", size: int = 4000, share: float = 0.54) -> Coverage:
    return Coverage("SALT", "QKS", share, (MissingProvider(org, add_months(AUGUST, number), size),))


def test_the_last_known_list_of_who_is_missing_is_added_beside_the_raw_figure() -> None:
    lists = {0: {"QKS": {"total": 8700}, "NQ7": {"total": 4000}}, 1: {"QKS": {"total": 4700}}}
    series = build(history(lists, coverage={(1, "QKS"): missing(0)}))
    whole, part = series.points
    assert (whole.value, whole.adjusted, whole.coverage, whole.is_provisional) == (8700, 8700, 1, False)
    assert (part.value, part.adjusted, part.coverage, part.is_provisional) == (4700, 8700, 0.54, True)
    assert part.note is not None
    assert part.note == "Part of the list is missing and not counted; who is missing last had 4,000 in all."


@pytest.mark.parametrize(
    ("last", "adjusted"),
    [
        ({"total": 4000, ">52-104": 300, ">104": 20}, 450),
        ({"total": 4000, ">52": 320}, 450),
        ({"total": 4000, ">52-104": 300, ">104": None}, None),
        (None, None),
    ],
)
def test_long_waits_are_made_good_from_the_missing_providers_own_long_waits(
    last: Bands | None, adjusted: int | None
) -> None:
    lists: dict[int, dict[str, Bands]] = {
        0: {"QKS": {"total": 8700, ">52-104": 400, ">104": 50}},
        1: {"QKS": {"total": 4700, ">52-104": 100, ">104": 30}},
    }
    if last is not None:
        lists[0]["NQ7"] = last
    series = build(history(lists, coverage={(1, "QKS"): missing(0)}), measure=Measure.OVER_52_WEEKS)
    assert (series.points[1].value, series.points[1].adjusted) == (130, adjusted)
    if adjusted is None:
        assert series.points[1].note == "Part of the list is missing and cannot be made good from earlier figures."


def test_a_provider_last_seen_in_a_month_no_longer_stored_cannot_be_made_good() -> None:
    lists = {1: {"QKS": {"total": 4700, ">52": 130}}}
    series = build(history(lists, coverage={(1, "QKS"): missing(0)}), measure=Measure.OVER_52_WEEKS)
    assert series.points[0].adjusted is None


@pytest.mark.parametrize(
    ("bands", "measure", "value"),
    [
        ({"total": 10, ">18-52": 3, ">52": 2}, Measure.OVER_18_WEEKS, 5),
        ({"total": 10, ">18-52": 3, ">52-104": 2, ">104": 1}, Measure.OVER_18_WEEKS, 6),
        ({"total": 10, ">18-52": 3, ">52-104": 2, ">104": 1}, Measure.OVER_104_WEEKS, 1),
        ({"total": 10, ">18-52": 3, ">52": 2}, Measure.OVER_104_WEEKS, None),
        ({"total": 10, ">18-52": None, ">52": 2}, Measure.OVER_18_WEEKS, None),
        ({"total": None}, Measure.LIST_SIZE, None),
        ({"total": 4, ">18-52": 3, ">52": 2}, Measure.OVER_18_WEEKS, None),
        ({"total": 4, ">18-52": 3, ">52": 2}, Measure.LIST_SIZE, 4),
        ({"total": 375, ">18-52": 0, ">52": 0}, Measure.OVER_18_WEEKS, None),
        ({"total": 0, ">18-52": 0, ">52": 0}, Measure.OVER_18_WEEKS, 0),
    ],
)
def test_what_is_not_published_is_a_gap_not_a_zero(bands: Bands, measure: Measure, value: int | None) -> None:
    (point,) = build(history({0: {"QKS": bands}}), measure=measure).points
    assert point.value == value
    if value is None:
        assert point.note == "Not published for August 2024."
        assert point.coverage == 1


def test_a_hidden_figure_of_an_incomplete_list_keeps_its_coverage() -> None:
    (point,) = build(history({0: {"QKS": {"total": None}}}, coverage={(0, "QKS"): missing(0)})).points
    assert (point.value, point.coverage) == (None, 0.54)


def test_flows_are_read_by_their_kind() -> None:
    cells = VintageCells(0, {"total": 10}, {"referrals": 7, "over_156_weeks": 2})
    assert cells.value(Measure.REFERRALS) == 7
    assert cells.value(Measure.OVER_156_WEEKS) == 2
    assert cells.value(Measure.OVER_208_WEEKS) is None
    assert cells.value(Measure.REMOVALS) is None


@pytest.mark.parametrize("measure", [Measure.MEDIAN_WAIT, Measure.SHARE_WITHIN_STANDARD])
def test_waits_and_shares_are_no_counts(measure: Measure) -> None:
    with pytest.raises(BadArgument, match="cannot be built from published counts"):
        VintageCells(0, {"total": 10}).value(measure)


@pytest.mark.parametrize("code", ["zero_between_values", "bands_exceed_total"])
def test_what_cannot_be_true_is_kept_and_not_used(code: str) -> None:
    lists = {number: {"QKS": {"total": size}} for number, size in enumerate((2138, 0, 2002))}
    series = build(history(lists, findings={(1, "QKS"): found(code, 1)}))
    assert [(point.value, point.adjusted) for point in series.points] == [(2138, 2138), (0, None), (2002, 2002)]
    assert series.points[1].note == f"About {code}."


def zero(number: int, org: str) -> tuple[Finding, ...]:
    return found("zero_suspected", number, hidden=[[org, AUGUST.isoformat(), 2138]])


def test_a_suspected_zero_is_made_good_in_the_lists_it_is_part_of_and_not_used_alone() -> None:
    lists: dict[int, dict[str, Bands]] = {
        0: {"QKS": {"total": 5628, ">52": 40}, "RYY": {"total": 2138, ">52": 30}},
        1: {"QKS": {"total": 3197, ">52": 12}, "RYY": {"total": 0, ">52": 0}},
    }
    stored = history(lists, findings={(1, "QKS"): zero(1, "RYY"), (1, "RYY"): zero(1, "RYY")})
    kent, own = build(stored).points[1], build(stored, org="RYY").points[1]
    assert (kent.value, kent.adjusted, kent.is_provisional) == (3197, 3197 + 2138, True)
    assert build(stored, measure=Measure.OVER_52_WEEKS).points[1].adjusted == 42
    assert (own.value, own.adjusted, own.note) == (0, None, "About zero_suspected.")


@pytest.mark.parametrize(
    ("severity", "measure", "adjusted"),
    [
        (Severity.WARNING, Measure.OVER_18_WEEKS, None),
        (Severity.INFO, Measure.OVER_18_WEEKS, 5),
        (Severity.WARNING, Measure.LIST_SIZE, 100),
    ],
)
def test_long_waits_are_not_used_when_many_children_are_in_no_band(
    severity: Severity, measure: Measure, adjusted: int | None
) -> None:
    short = Finding("bands_below_total", severity, "Not banded.", AUGUST, vintage(0).known_from, "SALT", "QKS")
    stored = history({0: {"QKS": {"total": 100, ">18-52": 3, ">52": 2}}}, findings={(0, "QKS"): (short,)})
    assert build(stored, measure=measure).points[0].adjusted == adjusted


@pytest.mark.parametrize(("org", "words"), [("QKS", "Suppressed for September 2024"), ("ENG", "No figures were sent")])
def test_a_line_published_for_england_alone_is_suppressed_below_it_not_unsent(org: str, words: str) -> None:
    lists: dict[int, dict[str, Bands]] = {0: {org: {"total": 9}}, 1: {"RYY": {"total": 1}}}
    note = build(history(lists, service="CYP_SAFEGUARDING"), org=org).points[1].note
    assert note is not None
    assert note.startswith(words)


def test_a_finding_taken_back_is_used_no_more() -> None:
    lists = {number: {"QKS": {"total": size}} for number, size in enumerate((905, 9064))}
    known, until = vintage(1).known_from, date(2025, 3, 1)
    step = Finding("step", Severity.WARNING, "It rose.", add_months(AUGUST, 1), known, "SALT", "QKS", known_until=until)
    stored = history(lists, findings={(1, "QKS"): (step,)})
    assert [item.cause for item in build(stored, as_of=date(2025, 2, 28)).breaks] == ["unknown"]
    assert build(stored, as_of=until).breaks == ()


def test_a_finding_is_not_used_before_it_could_be_known() -> None:
    lists = {number: {"QKS": {"total": size}} for number, size in enumerate((2138, 0))}
    late = Finding("zero_between_values", Severity.ERROR, "Not a zero.", add_months(AUGUST, 1), FAR, "SALT", "QKS")
    stored = history(lists, findings={(1, "QKS"): (late,)})
    assert build(stored, as_of=date(2025, 12, 31)).points[1].adjusted == 0
    assert build(stored, as_of=FAR).points[1].adjusted is None


@pytest.mark.parametrize(
    ("kind", "cause", "is_break"),
    [
        ("missing", "coverage", False),
        ("returned", "coverage", False),
        ("zero", "coverage", False),
        ("new", "coverage", True),
        ("succession", "succession", True),
        ("unknown", "unknown", True),
    ],
)
def test_a_step_is_a_break_unless_adjustment_makes_it_good(kind: str, cause: str, *, is_break: bool) -> None:
    lists = {number: {"QKS": {"total": size}} for number, size in enumerate((100, 200))}
    series = build(history(lists, findings={(1, "QKS"): found("step", 1, kind=kind, cause=cause)}))
    assert [(item.period_end, item.cause) for item in series.breaks] == (
        [(date(2024, 9, 30), cause)] if is_break else []
    )


def test_a_change_of_definition_breaks_a_series_that_spans_it() -> None:
    before = {number: {"QKS": {"total": 100}} for number in (-8, 0)}
    assert [item.cause for item in build(history(before, service="COMM_PAEDS")).breaks] == ["definition"]
    assert build(history({0: {"QKS": {"total": 100}}}, service="COMM_PAEDS")).breaks == ()


@pytest.mark.parametrize(
    ("months", "service", "is_break"),
    [((-7, -6), "COMM_PAEDS", True), ((-6, 0), "COMM_PAEDS", False), ((-12, 0), "ASD", False)],
)
def test_a_definition_breaks_only_what_began_before_it_in_its_own_source(
    months: tuple[int, int], service: str, *, is_break: bool
) -> None:
    # Community paediatrics changed in February 2024; the autism statistics did in September 2023, this source did not.
    series = build(history({number: {"QKS": {"total": 100}} for number in months}, service=service))
    assert bool(series.breaks) is is_break


@pytest.mark.parametrize("is_synthetic", [True, False])
@pytest.mark.parametrize("org", ["QKS", "RYY"])
def test_a_series_says_its_step_and_whether_it_is_invented(org: str, *, is_synthetic: bool) -> None:
    stored = replace(history({0: {"QKS": {"total": 100}}}), is_synthetic=is_synthetic)
    series = build(stored, org=org)
    assert (series.freq, series.is_synthetic) == ("M", is_synthetic)
    assert not history({0: {}}).is_synthetic


@pytest.mark.parametrize(
    ("code", "severity", "details", "is_blocked"),
    [
        ("copied_number", Severity.WARNING, {"share": 0.53}, True),
        ("copied_number", Severity.WARNING, {"share": 0.2}, False),
        ("frozen_value", Severity.WARNING, {"periods": 3}, True),
        ("frozen_value", Severity.INFO, {"periods": 2}, False),
        ("step", Severity.WARNING, {"cause": "unknown"}, False),
    ],
)
def test_a_list_that_is_not_its_own_is_blocked_with_the_reason(
    code: str, severity: Severity, details: dict[str, object], *, is_blocked: bool
) -> None:
    lists = {number: {"QKS": {"total": 882}} for number in (0, 1)}
    series = build(history(lists, findings={(1, "QKS"): found(code, 1, severity, **details)}))
    assert series.blocks == ((f"About {code}.",) if is_blocked else ())


def test_a_period_that_had_not_ended_keeps_its_figure_and_may_change() -> None:
    lists = {number: {"QKS": {"total": 882 + number}} for number in (0, 1)}
    early = {(1, "QKS"): found("period_not_ended", 1, Severity.INFO)}
    before, last = build(history(lists, findings=early)).points
    assert [(step.may_change, step.note) for step in (before, last)] == [
        (False, None),
        (True, "About period_not_ended."),
    ]
    assert (last.value, last.adjusted, last.is_provisional) == (883, 883, False)


def test_an_old_copy_blocks_nothing() -> None:
    lists = {number: {"QKS": {"total": 882 + number}} for number in (0, 1)}
    assert build(history(lists, findings={(0, "QKS"): found("copied_number", 0, share=1.0)})).blocks == ()


def test_where_providers_deliver_on_their_own_each_list_is_read_from_its_own_return() -> None:
    lists = {1: {"RYY": {"total": 10}}, 2: {"NQ7": {"total": 20}}}
    stored = history(lists, vintages=(vintage(0, id_=1, scope="RYY"), vintage(0, id_=2, scope="NQ7")))
    assert [point.value for point in build(stored, org="RYY").points] == [10]
    assert [point.value for point in build(stored, org="NQ7").points] == [20]


SUNDAY = date(2026, 3, 15)
RETURNS = "weekly_return"


def week(number: int, *, id_: int, scope: str = "", is_reconstructed: bool = False) -> Vintage:
    end = SUNDAY + timedelta(weeks=number)
    return Vintage(end + timedelta(days=1), id_, RETURNS, end, scope, is_reconstructed)


def weekly(cells: Mapping[tuple[int, str], int], vintages: tuple[Vintage, ...], **parts: object) -> ListHistory:
    return ListHistory(
        source=RETURNS,
        service="SALT",
        vintages=vintages,
        cells={place: VintageCells(place[0], {"total": size}) for place, size in cells.items()},
        **parts,
    )


def test_weekly_sources_make_weekly_series_and_say_which_week_is_missing() -> None:
    stored = weekly({(1, "QKS"): 10, (2, "QKS"): 12}, (week(0, id_=1, is_reconstructed=True), week(2, id_=2)))
    series = build_series(stored, SeriesKey(RETURNS, "SALT", "QKS", Measure.LIST_SIZE), as_of=date(2026, 6, 1))
    assert series.freq == "W"
    assert [(point.value, point.is_reconstructed) for point in series.points] == [
        (10, True),
        (None, False),
        (12, False),
    ]
    assert series.points[1].note == "No file for the week to 22 March 2026 is loaded."


def test_a_sum_is_made_good_from_the_missing_providers_own_return() -> None:
    vintages = (week(0, id_=1, scope="RYY"), week(0, id_=2), week(1, id_=3))
    missing = Coverage("SALT", "QKS", 0.4, (MissingProvider("RYY", SUNDAY, 6),))
    stored = weekly(
        {(1, "RYY"): 6, (2, "QKS"): 10, (3, "QKS"): 4},
        vintages,
        coverage={(3, "QKS"): missing},
    )
    series = build_series(stored, SeriesKey(RETURNS, "SALT", "QKS", Measure.LIST_SIZE), as_of=date(2026, 6, 1))
    assert [(point.value, point.adjusted, point.coverage) for point in series.points] == [(10, 10, 1), (4, 10, 0.4)]
