"""From stored vintages to a regular series: gaps stay gaps, breaks are marked, a missing provider is never a fall.

A series is built as known on a day. Each step of its grid carries the raw figure as published and, beside it, the
figure that models may use: the same where coverage is whole, with the last known lists of missing providers added where
it is not, and nothing where the raw figure cannot be trusted. Reading the vintages from the store is not done here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from waitlists.absent import last_known_of
from waitlists.counts.histories import OVER_WEEKS, ListHistory
from waitlists.domain import (
    ENGLAND,
    Finding,
    MissingProvider,
    SeriesKey,
    Severity,
    Vintage,
)
from waitlists.periods import in_words, period_range
from waitlists.quality.carried import NOT_ENDED
from waitlists.quality.zeros import hidden_behind_zero
from waitlists.services import SUPPRESSED_BELOW_ENGLAND, breaks_of
from waitlists.sources import Freq, freq_of

BLOCKING_COPIED_SHARE = 0.2
"""A list of which more than a fifth is a number copied from other lines is not forecast: it is not this line's list."""

CANNOT_BE_TRUE = frozenset({"zero_between_values", "bands_exceed_total"})
"""Findings that take a figure from the models at once."""

MADE_GOOD = frozenset({"missing", "returned", "zero"})
"""Kinds of step that adding the last known lists makes good: the models need no break for them."""


class SeriesPoint(NamedTuple):
    """One step: the figure as published, the figure models may use, and how much of the list is there.

    `value` is None where nothing was published; `adjusted` is None where the figure must not be used. `note` says in a
    sentence why the two differ or why there is none. A reconstructed step was counted later, from referral dates, for a
    week before anybody sent figures; an early one was taken before its period had ended, and may still change.
    """

    period_end: date
    value: float | None
    adjusted: float | None
    coverage: float
    known_from: date | None
    vintage_id: int | None
    is_provisional: bool
    note: str | None = None
    is_reconstructed: bool = False
    is_early: bool = False

    @property
    def may_change(self) -> bool:
        """Whether it is of a part of the list, in doubt, or of a period that had not ended."""
        return self.is_provisional or self.is_early

    def holding(self, value: float | None, note: str | None) -> "SeriesPoint":
        """The same step with what was worked out of its list."""
        return SeriesPoint(self.period_end, value, value, *self[3:7], note, *self[8:])


@dataclass(frozen=True, slots=True)
class Break:
    """From `period_end` on, figures are not comparable with those before; `cause` is a stable word."""

    period_end: date
    cause: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Series:
    """A regular series as known on a day; `blocks` are the reasons, in sentences, not to forecast it."""

    key: SeriesKey
    freq: Freq
    as_of: date
    points: tuple[SeriesPoint, ...]
    breaks: tuple[Break, ...] = ()
    blocks: tuple[str, ...] = ()
    is_synthetic: bool = False


def build_series(history: ListHistory, key: SeriesKey, *, as_of: date) -> Series:
    """The weekly or monthly series of `key` as known on `as_of`, from the first loaded period to the last.

    Parameters
    ----------
    history
        All stored vintages of the key's source and service.
    key
        Which organisation and measure; counts only (list size, over N weeks, flows).
    as_of
        Knowledge date: vintages known later are not seen.

    Returns
    -------
    Series
        Empty where the organisation has no figure in any vintage known by then.
    """
    line, freq = _line(history, key, as_of), freq_of(key.source)
    if not line.values:
        return Series(key=key, freq=freq, as_of=as_of, points=(), is_synthetic=history.is_synthetic)
    first, last = min(line.values), max(line.vintages)
    return Series(
        key=key,
        freq=freq,
        as_of=as_of,
        points=tuple(_points(line, period_range(first, last, freq))),
        breaks=_breaks(key, line.findings, first, last),
        blocks=_blocks(line),
        is_synthetic=history.is_synthetic,
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """One list as known on a day, by period: which vintage counts, what was found of it by then, and the measure.

    `values` are of the periods in which the list is there at all, None where the measure is not.
    """

    history: ListHistory
    key: SeriesKey
    as_of: date
    vintages: Mapping[date, Vintage]
    values: Mapping[date, int | None]
    findings: Mapping[date, Sequence[Finding]]


def _line(history: ListHistory, key: SeriesKey, as_of: date) -> _Line:
    """The list of a series; of periods before its first figure nothing that was found is kept."""
    vintages, columns = history.vintages_of(key.org, as_of=as_of), history.columns(key.org)
    counts, held = columns.values(key.measure), columns.vintages
    values = {period: counts.get(vintage.id) for period, vintage in vintages.items() if vintage.id in held}
    found = {id_: several for (id_, org), several in history.findings.items() if org == key.org}
    first = min(values, default=as_of)
    findings = {
        period: standing
        for period, vintage in (vintages.items() if found else ())
        if vintage.id in found and period >= first
        if (standing := [one for one in found[vintage.id] if one.stands_on(as_of)])
    }
    return _Line(history, key, as_of, vintages, values, findings)


def _points(line: _Line, periods: Iterable[date]) -> Iterator[SeriesPoint]:
    """The steps of some periods; most are whole lists of which nothing was found, and are made without further ado."""
    partial = {vintage_id for vintage_id, org in line.history.coverage if org == line.key.org}
    for period in periods:
        vintage, value = line.vintages.get(period), line.values.get(period)
        if vintage is None:
            yield _gap(period, f"No file for {in_words(period, freq_of(line.key.source))} is loaded.")
            continue
        known_from, number, _, _, _, is_late = vintage
        if value is None or number in partial or period in line.findings:
            yield _point(line, vintage, value)
        else:
            yield SeriesPoint(period, value, value, 1.0, known_from, number, False, None, is_late)


def _gap(period: date, note: str, vintage: Vintage | None = None, coverage: float = 0.0) -> SeriesPoint:
    known_from, vintage_id = (vintage.known_from, vintage.id) if vintage else (None, None)
    return SeriesPoint(period, None, None, coverage, known_from, vintage_id, is_provisional=False, note=note)


def _point(line: _Line, vintage: Vintage, value: int | None) -> SeriesPoint:
    period, key = vintage.period_end, line.key
    if period not in line.values:
        return _gap(period, _why_absent(key, period), vintage)
    covered, found = line.history.coverage.get((vintage.id, key.org)), line.findings.get(period, ())
    if value is None:
        share = covered.share if covered else 1.0
        return _gap(period, f"Not published for {in_words(period, freq_of(key.source))}.", vintage, share)
    doubt = _doubt(key, found)
    early = next((finding.sentence for finding in found if finding.code == NOT_ENDED), None)
    hidden = (provider for finding in found for provider in hidden_behind_zero(finding))
    absent = (*(covered.missing if covered else ()), *hidden)
    added = _last_known_of(absent, line) if absent else 0
    return SeriesPoint(
        period,
        value,
        None if doubt or added is None else value + added,
        covered.share if covered else 1.0,
        vintage.known_from,
        vintage.id,
        is_provisional=bool(doubt or absent),
        note=doubt or (_how_made_good(added) if absent else early),
        is_reconstructed=vintage.is_reconstructed,
        is_early=early is not None,
    )


def _how_made_good(added: int | None) -> str:
    if added is None:
        return "Part of the list is missing and cannot be made good from earlier figures."
    return f"Part of the list is missing and not counted; who is missing last had {added:,} in all."


def _why_absent(key: SeriesKey, period: date) -> str:
    when = in_words(period, freq_of(key.source))
    if key.service in SUPPRESSED_BELOW_ENGLAND and key.org != ENGLAND:
        return f"Suppressed for {when}: this line is published for England alone."
    return f"No figures were sent for {when}."


def _doubt(key: SeriesKey, found: Sequence[Finding]) -> str | None:
    """Why a printed figure cannot be used at all: it contradicts its neighbours, its own bands or its own list."""
    for finding in found:
        own_zero = finding.code == "zero_suspected" and key.org in {was.org for was in hidden_behind_zero(finding)}
        few_banded = finding.code == "bands_below_total" and finding.severity == Severity.WARNING
        if finding.code in CANNOT_BE_TRUE or own_zero or (few_banded and key.measure in OVER_WEEKS):
            return finding.sentence
    return None


def _last_known_of(absent: Sequence[MissingProvider], line: _Line) -> int | None:
    """Sum of the absent providers' last known figures of this measure; None where one of them is not known."""

    def value(provider: MissingProvider) -> int | None:
        vintage = line.history.vintages_of(provider.org, as_of=line.as_of).get(provider.last_period)
        cell = line.history.cells.get((vintage.id, provider.org)) if vintage else None
        return cell.value(line.key.measure) if cell else None

    return last_known_of(absent, line.key.measure, value=value)


def _breaks(key: SeriesKey, findings: Mapping[date, Sequence[Finding]], first: date, last: date) -> tuple[Break, ...]:
    """Definition changes of the service and steps that no missing provider explains, oldest first."""
    breaks = {
        change.period_end: Break(change.period_end, "definition", change.sentence)
        for change in breaks_of(key.service)
        # A source's own sub-series (the England table of the workbooks) changes with it.
        if (change.source is None or key.source.startswith(change.source)) and first < change.period_end <= last
    }
    for period, found in findings.items():
        for finding in found:
            if finding.code == "step" and finding.details.get("kind") not in MADE_GOOD:
                breaks[period] = Break(period, str(finding.details.get("cause", "unknown")), finding.sentence)
    return tuple(breaks[period] for period in sorted(breaks))


def _blocks(line: _Line) -> tuple[str, ...]:
    """Why the list as it stands in its latest figure must not be forecast."""
    return tuple(
        finding.sentence
        for finding in line.findings.get(max(line.values), ())
        if (finding.code == "copied_number" and _number(finding, "share") > BLOCKING_COPIED_SHARE)
        or (finding.code == "frozen_value" and finding.severity == Severity.WARNING)
    )


def _number(finding: Finding, name: str) -> float:
    value = finding.details.get(name)
    return float(value) if isinstance(value, int | float) else 0.0
