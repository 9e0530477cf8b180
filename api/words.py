"""The plain sentences of answers: what a figure is, what is missing from it, and what it must not be taken for.

Sentence first, numbers after. A figure of which part is missing is never called a fall, a proxy is called a proxy in
the sentence itself, and no sentence says that anything improved: that needs more than one figure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from api.about import About
from forecasting.kept_ranges import kept_of, kept_words
from forecasting.store import StoredClearance, StoredForecast
from waitlists.domain import Coverage, Finding, Measure, MissingProvider, Severity
from waitlists.periods import STEP_WORDS, in_words
from waitlists.quality.words import joined, name_of, sent_nothing
from waitlists.series import Series
from waitlists.services import Service, proxies_for
from waitlists.sources import freq_of
from waitlists.store.read import StoredList
from waitlists.trends.measures import phrase_of

# Findings without which the number itself would mislead; the rest stand beside it under `findings`.
_SAID_WITH_THE_NUMBER = frozenset({
    "bands_all_zero", "bands_exceed_total", "copied_number", "frozen_value", "missing_provider", "not_sum_of_icbs",
    "not_sum_of_providers", "not_sum_of_regions", "period_not_ended", "repeated_week", "restated", "sources_differ",
    "step", "swapped_lists", "whole_unknown", "zero_between_values", "zero_suspected",
})  # fmt: skip

RECONSTRUCTED = "Reconstructed: counted later from referral dates; nobody sent this figure then, so nobody knew it."
SYNTHETIC = "Synthetic data: no real child stands behind this figure."
SUPPRESSED = "Suppressed: this line is published for England only, and a blank below England is no zero."

LOW, HIGH = "0.1", "0.9"
"""The range put into words: 8 in 10."""

_NO_NUMBER = "a number "
"""What words begin with that stand in place of a number: a number not shown."""

_PEOPLE = {"children": "children", "adults": "adults"}


def measured(measure: Measure, service: Service) -> str:
    """A measure as a sentence says it: children waiting over 52 weeks."""
    return phrase_of(measure, people_of(service))


def people_of(service: Service) -> str:
    """Who waits on the list of a service: children, adults or people."""
    return _PEOPLE.get(service.age_group, "people")


def day_in_words(day: date) -> str:
    """A day as a sentence says it: 6 August 2018.

    >>> day_in_words(date(2018, 8, 6))
    '6 August 2018'
    """
    return f"{day.day} {day:%B %Y}"


def list_sentence(
    stored: StoredList, about: About, *, waiting: str | None = None, cares: Iterable[str | None] | None = None
) -> str:
    """One list in words: the number, the week or month, the day it is known on, and every reason for care.

    Parameters
    ----------
    waiting, cares
        The number and the reasons as they may be said to those who may not see exact figures.
    """
    size = stored.bands.total
    waiting = waiting or ("a number not shown (suppressed)" if size is None else f"{size:,}")
    return _sentences(
        f"{about.what}: {_waiting(waiting, _period(stored.source, stored.period_end))}, {_known_of(stored, about)}.",
        RECONSTRUCTED if stored.vintage.is_reconstructed else None,
        proxy_sentence(about.service, stored.source),
        *(_cares(stored, about) if cares is None else cares),
    )


def _waiting(said: str, period: str) -> str:
    """How many wait, as a number; or that it is not shown, or not known."""
    if said.startswith(_NO_NUMBER):
        return f"how many were waiting at the end of {period} is {said.removeprefix(_NO_NUMBER)}"
    return f"{said} waiting at the end of {period}"


def groups_sentence(stored: StoredList, about: About, *, by: str, cares: Iterable[str | None] | None = None) -> str:
    """What the groups of a list are of, with every reason for care, and no number of any of them."""
    return _sentences(
        f"{about.what}, by {by}, at the end of {_period(stored.source, stored.period_end)},"
        f" {_known_of(stored, about)}.",
        RECONSTRUCTED if stored.vintage.is_reconstructed else None,
        proxy_sentence(about.service, stored.source),
        *(_cares(stored, about) if cares is None else cares),
    )


def proxy_sentence(service: Service, source: str) -> str | None:
    """The sentence that calls a proxy a proxy; None for a direct figure."""
    return service.proxy_note_in(source)


def coverage_sentence(coverage: Coverage, size: int | None, *, source: str, period_end: date) -> str | None:
    """Who is missing from a list and what it would be with their last known lists; None where all are there.

    Who has a figure of this very period in another source did send one.
    """
    if not coverage.missing:
        return None
    said = [
        f"{_missing(who, source)} {what}"
        for who, what in (
            ([one for one in coverage.missing if one.last_period != period_end], sent_nothing(freq_of(source))),
            (
                [one for one in coverage.missing if one.last_period == period_end],
                "sent figures elsewhere, not in this sum",
            ),
        )
        if who
    ]
    added = coverage.last_known_missing
    with_last_known = "" if size is None else f"; with these added the list would be {size + added:,}"
    return f"Part of the list is missing, so this is no sign that fewer wait: {'; '.join(said)}{with_last_known}."


def _missing(providers: Iterable[MissingProvider], source: str) -> str:
    last = {one.org: f"{one.last_list_size:,} in {_period(source, one.last_period)}" for one in providers}
    return joined([f"{name_of(org)} (last known {known})" for org, known in last.items()])


def _period(source: str, period_end: date) -> str:
    return in_words(period_end, freq_of(source))


def _cares(stored: StoredList | None, about: About) -> Iterator[str | None]:
    """Every reason for care with what is said of a list: who is missing, what was found, how late, whether invented."""
    if stored is None:
        return
    # Of a line that is published for England alone nobody below it failed to send anything.
    if not about.is_suppressed:
        size, source = stored.bands.total, stored.source
        yield coverage_sentence(stored.coverage, size, source=source, period_end=stored.period_end)
        yield from dict.fromkeys(one.sentence for one in stored.findings if _is_said(one, stored))
    yield late_sentence(stored, about)
    yield SYNTHETIC if stored.is_synthetic else None


def _is_said(found: Finding, stored: StoredList) -> bool:
    if found.code == "step":
        return found.details.get("cause", "unknown") in {"unknown", "coverage"}
    if found.code in {"frozen_value", "not_sum_of_providers", "restated"}:
        return found.severity != Severity.INFO
    if found.code == "missing_provider":
        # Who is missing from this very figure is said with their last known lists already.
        return found.period_end != stored.period_end or not stored.coverage.missing
    return found.code in _SAID_WITH_THE_NUMBER


def late_sentence(stored: StoredList, about: About) -> str | None:
    """That a list has no figure for the newest period of its source; None where it has."""
    latest = stored.latest_period_of_source
    if latest <= stored.period_end:
        return None
    if about.is_suppressed:
        return f"{SUPPRESSED} So it is for {_period(stored.source, latest)}."
    return f"No figure was sent for {_period(stored.source, latest)}; this is the last one known."


def nothing_published(about: About) -> str:
    """Why there is no figure: none was published, what is known of that, and which proxy there is."""
    code = about.service.code
    return _sentences(
        f"No published figure: {about.what}, {_known(about)}.",
        SUPPRESSED if about.is_suppressed else None,
        about.service.note,
        *(f"{one.label} is shown as a proxy." for one in proxies_for(code) if one.code != code),
    )


def series_sentence(
    series: Series, about: About, stored: StoredList, *, cares: Iterable[str | None] | None = None
) -> str:
    """A series in words: how many of its steps hold a figure or only part of one, and every care of its last figure."""
    gaps = [point.value for point in series.points].count(None)
    partial = [point.is_provisional for point in series.points].count(True)
    present = len(series.points) - gaps
    held = f"{present} figures" if present != 1 else "1 figure"
    missing = f" and {gaps} without one" if gaps else ""
    what = measured(series.key.measure, about.service)
    return _sentences(
        f"{about.what}: {what}, {held}{missing}, {_known(about)}.",
        proxy_sentence(about.service, series.key.source),
        f"In {partial} of these {STEP_WORDS[series.freq]}s part of the list is missing or cannot be right."
        if partial
        else None,
        *(_cares(stored, about) if cares is None else cares),
    )


def forecast_sentence(
    forecast: StoredForecast,
    points: Sequence[Mapping[str, Any]],
    about: About,
    newest: StoredList | None,
    *,
    is_behind: bool,
    cares: Iterable[str | None] | None = None,
) -> str:
    """The last step shown of a forecast in words: a range, its date, and how often such ranges held; or why nothing."""
    return _sentences(
        _ahead(forecast, points, about),
        None if points else forecast.reason,
        _when_forecast(forecast, about, newest, is_behind=is_behind),
        proxy_sentence(about.service, forecast.source),
        *(_cares(newest, about) if cares is None else cares),
    )


def _ahead(forecast: StoredForecast, points: Sequence[Mapping[str, Any]], about: About) -> str:
    what = measured(forecast.measure, about.service)
    if not points:
        return f"{about.what}: no forecast of {what} is given."
    ahead = [point for point in points if date.fromisoformat(point["target_end_date"]) > about.as_of]
    if not ahead:
        return f"{about.what}: {what}; every date shown of this forecast has passed."
    low, high = (ahead[-1]["quantiles"][level] for level in (LOW, HIGH))
    if low is None or high is None:
        return f"{about.what}: {what}; the range is not shown, so that no small number can be worked out."
    day = day_in_words(date.fromisoformat(ahead[-1]["target_end_date"]))
    likely = f"{about.what}: {what}, likely between {low:,.0f} and {high:,.0f} by {day} (8 in 10)."
    return f"{likely} {kept_words(kept_of(forecast.scores, forecast.model))}"


def _when_forecast(forecast: StoredForecast, about: About, newest: StoredList | None, *, is_behind: bool) -> str | None:
    """From which day an older forecast is, and whether it has not seen the latest figure."""
    made = f"Worked out as known on {day_in_words(forecast.as_of)}" if forecast.as_of < about.as_of else None
    if newest is not None and is_behind:
        return f"{made or 'Worked out'} without the newest figures for {_period(newest.source, newest.period_end)}."
    return f"{made}." if made else None


def clearance_sentence(
    clearance: StoredClearance,
    answers: Sequence[Mapping[str, Any]],
    about: About,
    newest: StoredList | None,
    *,
    is_behind: bool,
    cares: Iterable[str | None] | None = None,
) -> str:
    """The clearance answers in words, each said once, and every reason for care."""
    made = f"Worked out as known on {day_in_words(clearance.as_of)}" if clearance.as_of < about.as_of else None
    if newest is not None and is_behind:
        made = f"{made or 'Worked out'} without the newest figures for {_period(newest.source, newest.period_end)}"
    said = dict.fromkeys(str(one["sentence"]) for one in answers)
    why = _cares(newest, about) if cares is None else cares
    return _sentences(
        f"{about.what}:", *said, made and f"{made}.", proxy_sentence(about.service, clearance.source), *why
    )


def not_forecast(about: About, what: str) -> str:
    """That figures are there and a forecast of them is not."""
    return f"No forecast has been worked out for {about.what}: {what}, {_known(about)}.{_only_children(about)}"


def not_cleared(about: About) -> str:
    """That figures are there and clearance was not worked out from them."""
    return f"No clearance has been worked out for {about.what}, {_known(about)}.{_only_children(about)}"


def _only_children(about: About) -> str:
    return " Only children's lists are forecast." if about.service.age_group == "adults" else ""


def _known_of(stored: StoredList, about: About) -> str:
    """How a list stands to the day asked about: what was rebuilt later was not known on it."""
    return f"as rebuilt since for {day_in_words(about.as_of)}" if stored.vintage.is_reconstructed else _known(about)


def _known(about: About) -> str:
    return f"as known on {day_in_words(about.as_of)}"


def _sentences(*parts: str | None) -> str:
    """The parts there are, each once: why there is no forecast is often a finding that is said anyway."""
    return " ".join(dict.fromkeys(part for part in parts if part))
