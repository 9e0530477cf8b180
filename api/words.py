"""The plain sentences of answers: what a figure is, what is missing from it, and what it must not be taken for.

Sentence first, numbers after. A figure of which part is missing is never called a fall, a proxy is called a proxy in
the sentence itself, and no sentence says that anything improved: that needs more than one figure.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from waitlists.domain import Coverage, Finding, MissingProvider
from waitlists.organisations import ORGANISATIONS, Organisation
from waitlists.periods import in_words
from waitlists.services import Service, proxies_for

# Findings without which the number itself would mislead; the rest stand beside it under `findings`.
_SAID_WITH_THE_NUMBER = frozenset({"copied_number", "frozen_value", "zero_between_values", "bands_exceed_total"})

SYNTHETIC = "Synthetic data: no real child stands behind this figure."


def day_in_words(day: date) -> str:
    """A day as a sentence says it: 6 August 2018.

    >>> day_in_words(date(2018, 8, 6))
    '6 August 2018'
    """
    return f"{day.day} {day:%B %Y}"


def name_of(org: str) -> str:
    """The registered name of an organisation, its code where it is in no register."""
    known = ORGANISATIONS.get(org)
    return known.name if known else org


def list_sentence(
    *,
    service: Service,
    organisation: Organisation,
    size: int | None,
    period_end: date,
    as_of: date,
    coverage: Coverage | None,
    findings: Sequence[Finding],
    latest_period: date | None,
    is_synthetic: bool,
) -> str:
    """One list in words: the number, the month, the day it is known on, and every reason for care."""
    waiting = "a number not shown (suppressed)" if size is None else f"{size:,}"
    known = f"as known on {day_in_words(as_of)}"
    what = f"{service.label}, {organisation.name}"
    return _sentences(
        f"{what}: {waiting} waiting at the end of {in_words(period_end)}, {known}.",
        proxy_sentence(service),
        coverage_sentence(coverage, size),
        *_cautions(findings),
        _late_sentence(period_end, latest_period),
        SYNTHETIC if is_synthetic else None,
    )


def proxy_sentence(service: Service) -> str | None:
    """The sentence that calls a proxy a proxy; None for a direct figure."""
    return service.proxy_note if service.is_proxy_for else None


def coverage_sentence(coverage: Coverage | None, size: int | None) -> str | None:
    """Who is missing from a figure and what it would be with their last known lists; None where all are there."""
    if coverage is None or not coverage.missing:
        return None
    with_last_known = "" if size is None else f"; with these added it would be {size + coverage.last_known_missing:,}"
    return (
        f"Part of the list is missing, so this is no sign that fewer wait: {_missing(coverage.missing)}"
        f" sent no figures{with_last_known}."
    )


def _missing(providers: Iterable[MissingProvider]) -> str:
    return _and(
        f"{name_of(one.org)} (last known {one.last_list_size:,} in {in_words(one.last_period)})" for one in providers
    )


def _and(words: Iterable[str]) -> str:
    """Words as a sentence lists them: a, b and c."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _cautions(findings: Sequence[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.sentence for one in findings if one.code in _SAID_WITH_THE_NUMBER))


def _late_sentence(period_end: date, latest_period: date | None) -> str | None:
    if latest_period is None or latest_period <= period_end:
        return None
    return f"No figure was sent for {in_words(latest_period)}; this is the last one known."


def nothing_published(service: Service, organisation: Organisation, as_of: date) -> str:
    """Why there is no figure: none was published, what is known of that, and which proxy there is."""
    return _sentences(
        f"No published figure: {service.label}, {organisation.name}, as known on {day_in_words(as_of)}.",
        service.note,
        *(f"{one.code} is shown as a proxy." for one in proxies_for(service.code) if one.code != service.code),
    )


def series_sentence(
    service: Service, organisation: Organisation, *, present: int, steps: int, measure: str, as_of: date
) -> str:
    """A series in words: how many of its steps hold a figure, and whether it is a proxy."""
    gaps = steps - present
    held = f"{present} figures" if present != 1 else "1 figure"
    missing = f" and {gaps} without one" if gaps else ""
    what = f"{service.label}, {organisation.name}: {measure.replace('_', ' ')}"
    return _sentences(f"{what}, {held}{missing}, as known on {day_in_words(as_of)}.", proxy_sentence(service))


def forecast_sentence(
    service: Service,
    organisation: Organisation,
    *,
    low: float,
    high: float,
    on: date,
    held: float | None,
    number: int,
) -> str:
    """The last step of a forecast in words: a range, its date, and how often such ranges held."""
    often = f" In the back-test {round(held * 100)}% of {number} such ranges held." if held is not None else ""
    what = f"{service.label}, {organisation.name}"
    likely = f"likely between {low:,.0f} and {high:,.0f} by {day_in_words(on)} (8 in 10)"
    return _sentences(f"{what}: {likely}.{often}", proxy_sentence(service))


def no_forecast_sentence(service: Service, organisation: Organisation, reason: str | None) -> str:
    """Why there are no numbers."""
    return _sentences(f"{service.label}, {organisation.name}: no forecast is given.", reason, proxy_sentence(service))


def not_forecast(service: Service, organisation: Organisation, measure: str, as_of: date) -> str:
    """That figures are there and a forecast of them is not."""
    what = f"{service.label}, {organisation.name}: {measure}"
    return f"No forecast has been worked out for {what}, as known on {day_in_words(as_of)}."


def not_cleared(service: Service, organisation: Organisation, as_of: date) -> str:
    """That figures are there and clearance was not worked out from them."""
    what = f"{service.label}, {organisation.name}"
    return f"No clearance has been worked out for {what}, as known on {day_in_words(as_of)}."


def _sentences(*parts: str | None) -> str:
    return " ".join(part for part in parts if part)
