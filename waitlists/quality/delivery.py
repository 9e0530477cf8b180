"""Checks that need one delivery only: bands against totals, parts against wholes, one number in several lines.

The identities come from the collection itself: providers add to ICBs, ICBs to regions and regions to England exactly,
in every unsuppressed line, and bands add to the total or fall short of it (measured on 14 published months).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from waitlists.bands import UNBANDED_LIMIT
from waitlists.domain import ENGLAND, TOTAL, Figure, Finding, Level, ParsedDelivery, ParsedVintage, Severity
from waitlists.organisations import parent_of
from waitlists.periods import in_words
from waitlists.quality.copied import repeated
from waitlists.quality.words import level_of, listed, name_of, names_of
from waitlists.services import SUPPRESSED_BELOW_ENGLAND
from waitlists.sources import SOURCES, Freq, freq_of

MATERIAL_COPIED_SHARE = 0.05
"""A parent's list carries the finding when at least 5% of it is copied; its ICB always does."""

Line = tuple[str, str]
Bands = Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class _Table:
    """The figures of one vintage by (service, organisation) and band, with what a finding needs."""

    period_end: date
    known_from: date
    freq: Freq
    lines: Mapping[Line, Bands]
    levels: Mapping[str, Level]

    def finding(self, code: str, severity: Severity, sentence: str, figure: Figure, **details: object) -> Finding:
        return Finding(
            code=code,
            severity=severity,
            sentence=sentence,
            period_end=self.period_end,
            known_from=self.known_from,
            service=figure.service,
            org=figure.org,
            sheet=figure.sheet,
            cell=figure.cell,
            details=details,
        )


def check_delivery(parsed: ParsedDelivery) -> tuple[Finding, ...]:
    """What is wrong inside one file, apart from what its parser already said.

    Returns
    -------
    tuple of Finding
        `bands_below_total`, `bands_exceed_total`, `bands_all_zero`, `not_sum_of_regions`, `not_sum_of_icbs`,
        `not_sum_of_providers` in the order of vintages and lines; then `copied_number` by period.
    """
    levels = {organisation.code: organisation.level for organisation in parsed.organisations}
    known_from = parsed.published_on or parsed.period_end
    facts = SOURCES.get(parsed.source)
    checks = (_bands, _additivity) if facts is None or facts.adds_up else (_bands,)
    own = [vintage for vintage in parsed.vintages if vintage.source == parsed.source]
    alone = [_table([vintage], known_from, levels) for vintage in own]
    periods = dict.fromkeys(vintage.period_end for vintage in own)
    # A return has a vintage for each service, and a number copied from one to the next is seen beside the others alone.
    beside = [_table([one for one in own if one.period_end == period], known_from, levels) for period in periods]
    return (
        *(finding for table in alone for check in checks for finding in check(table)),
        *(finding for table in beside for finding in _copied(table)),
    )


def _table(vintages: Sequence[ParsedVintage], known_from: date, printed_levels: Mapping[str, Level]) -> _Table:
    """The figures of vintages of one period."""
    lines: dict[Line, dict[str, Figure]] = defaultdict(dict)
    for figure in (one for vintage in vintages for one in vintage.figures):
        if figure.kind == "waiting":
            lines[figure.service, figure.org][figure.band] = figure
    levels = {org: level_of(org, printed_levels) for _, org in lines}
    return _Table(vintages[0].period_end, known_from, freq_of(vintages[0].source), lines, levels)


def _bands(table: _Table) -> Iterator[Finding]:
    for bands in table.lines.values():
        total = bands.get(TOTAL)
        counts = [figure.value for band, figure in bands.items() if band != TOTAL]
        if total is None or total.value is None or not counts or None in counts:
            continue
        banded = sum(count for count in counts if count is not None)
        if total.value > 0 and banded == 0:
            sentence = f"All wait bands of this list are 0 although {total.value:,} are waiting."
            yield table.finding("bands_all_zero", Severity.WARNING, sentence, total, total=total.value)
        elif banded > total.value:
            sentence = f"The wait bands add to {banded:,}, more than the list of {total.value:,}; do not use either."
            yield table.finding("bands_exceed_total", Severity.ERROR, sentence, total, banded=banded, total=total.value)
        elif banded < total.value:
            missing = total.value - banded
            severity = Severity.WARNING if missing > UNBANDED_LIMIT * total.value else Severity.INFO
            sentence = (
                f"{missing:,} of {total.value:,} waiting are in no wait band; shares are of the {banded:,} that are."
            )
            yield table.finding("bands_below_total", severity, sentence, total, banded=banded, total=total.value)


PARTS: Mapping[Level, tuple[tuple[str, Level], ...]] = {
    Level.ENGLAND: (
        ("not_sum_of_regions", Level.REGION),
        ("not_sum_of_icbs", Level.ICB),
        ("not_sum_of_providers", Level.PROVIDER),
    ),
    Level.REGION: (("not_sum_of_icbs", Level.ICB),),
    Level.ICB: (("not_sum_of_providers", Level.PROVIDER),),
}
"""Which parts must add up to which whole, and the code of the finding when they do not."""

_PLURAL = {Level.REGION: "regions", Level.ICB: "integrated care boards", Level.PROVIDER: "providers"}


def _additivity(table: _Table) -> Iterator[Finding]:
    sums, homeless = _sums(table)
    unknown = _unknown_sums(table)
    for (service, org), bands in table.lines.items():
        if service in SUPPRESSED_BELOW_ENGLAND:
            continue
        for code, level in PARTS.get(table.levels[org], ()):
            wrong = {
                band: (figure.value, sums.get((service, org, level, band), 0))
                for band, figure in bands.items()
                if (service, org, level, band) not in unknown
                and figure.value is not None
                and figure.value != sums.get((service, org, level, band), 0)
            }
            if not wrong:
                continue
            band, (whole, parts) = next(iter(wrong.items()))
            # A provider whose board is not known may be the missing part, so the board alone is not to blame.
            unsure = level == Level.PROVIDER and org != ENGLAND and service in homeless
            where = "list" if band == TOTAL else f"band {band}"
            sentence = f"The {where} of {whole:,} is not the sum of its {_PLURAL[level]}, {parts:,}."
            yield table.finding(
                code,
                Severity.INFO if unsure else Severity.WARNING,
                sentence,
                bands[band],
                bands={name: {"whole": pair[0], "parts": pair[1]} for name, pair in wrong.items()},
            )


def _sums(table: _Table) -> tuple[dict[tuple[str, str, Level, str], int], set[str]]:
    """Sums of parts by (service, whole, level of parts, band), and the services with a provider of unknown board."""
    sums: dict[tuple[str, str, Level, str], int] = defaultdict(int)
    homeless: set[str] = set()
    for (service, org), bands in table.lines.items():
        level = table.levels[org]
        wholes = _wholes(org, level, table.period_end)
        if level == Level.PROVIDER and len(wholes) == 1:
            homeless.add(service)
        for figure in bands.values():
            for whole in wholes:
                sums[service, whole, level, figure.band] += figure.value or 0
    return sums, homeless


def _unknown_sums(table: _Table) -> set[tuple[str, str, Level, str]]:
    """Wholes of which a part is suppressed or was not read: an unknown number is not a 0 to be added."""
    printed: dict[str, set[str]] = defaultdict(set)
    for (service, _), bands in table.lines.items():
        printed[service].update(bands)
    return {
        (service, whole, table.levels[org], band)
        for (service, org), bands in table.lines.items()
        for band in printed[service]
        if band not in bands or bands[band].value is None
        for whole in _wholes(org, table.levels[org], table.period_end)
    }


def _wholes(org: str, level: Level, on: date) -> tuple[str, ...]:
    """The organisations this one is a direct part of: its parent, and England."""
    if level == Level.ENGLAND:
        return ()
    parent = parent_of(org, on)
    return (ENGLAND,) if parent is None or parent == ENGLAND else (parent, ENGLAND)


def _copied(table: _Table) -> Iterator[Finding]:
    """One count printed under several therapy lines of a provider, and the parents it makes a part of."""
    copies: dict[Line, int] = {}
    for org in sorted({org for _, org in table.lines if table.levels[org] == Level.PROVIDER}):
        own = {
            service: bands[TOTAL].value for (service, of), bands in table.lines.items() if of == org and TOTAL in bands
        }
        for value, services in repeated(own).items():
            sentence = (
                f"{name_of(org)} printed the same number, {value:,}, under {listed(services)} for "
                f"{in_words(table.period_end, table.freq)}: one pooled list, not this service's own."
            )
            for service in services:
                copies[service, org] = value
                total = table.lines[service, org][TOTAL]
                yield table.finding(
                    "copied_number", Severity.WARNING, sentence, total, copied=value, share=1.0, services=services
                )
    yield from _copied_in_parents(table, copies)


def _copied_in_parents(table: _Table, copies: Mapping[Line, int]) -> Iterator[Finding]:
    copied: dict[Line, int] = defaultdict(int)
    senders: dict[Line, list[str]] = defaultdict(list)
    for (service, org), value in copies.items():
        for parent in _ancestors(org, table.period_end):
            copied[service, parent] += value
            senders[service, parent].append(org)
    for (service, parent), value in copied.items():
        total = table.lines.get((service, parent), {}).get(TOTAL)
        if total is None or not total.value:
            continue
        share = value / total.value
        if table.levels[parent] != Level.ICB and share < MATERIAL_COPIED_SHARE:
            continue
        names = names_of(senders[service, parent])
        sentence = (
            f"{value:,} of {total.value:,} is a number that {names} printed under several therapy lines at once: "
            "do not add these lines."
        )
        yield table.finding("copied_number", Severity.WARNING, sentence, total, copied=value, share=share)


def _ancestors(org: str, on: date) -> Iterator[str]:
    parent = parent_of(org, on)
    while parent is not None and parent != ENGLAND:
        yield parent
        parent = parent_of(parent, on)
    yield ENGLAND
