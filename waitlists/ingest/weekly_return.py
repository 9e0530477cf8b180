"""A provider's weekly return, xlsx or delimited text: from its rows to figures, with words for whoever filled it in.

One file is one provider's and may hold several weeks, services and sheets. What cannot be used is put aside and named
with its sheet and row and what to write instead; the rest is taken. What was left blank was not sent, and is never 0.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from waitlists.domain import Figure, ParsedDelivery, ParsedVintage, PrintedOrganisation, Severity, cell_address
from waitlists.errors import FileRefused
from waitlists.ingest.columns import NOTHING, is_blank, plain, texts
from waitlists.ingest.identifiers_in_sheets import refuse_in_sheets
from waitlists.ingest.remarks import Remark, Tally, capped
from waitlists.ingest.sheets import Workbook
from waitlists.ingest.weekly_return_pages import (
    has_return,
    pages_of,
    places_in,
    unknown_columns,
    unread_rows,
    unread_sheets,
)
from waitlists.ingest.weekly_return_parts import (
    Judged,
    each_row_of,
    is_unfilled,
    judge_flow,
    judge_list,
    judge_removals,
    judge_weeks,
    rows_of,
)
from waitlists.ingest.weekly_return_rows import ALL_PARTS, LATER_FLOWS, WEEKS, Entry, Fault, read_row, sender_of
from waitlists.ingest.weekly_return_words import SOURCE, in_full
from waitlists.organisations import ORGANISATIONS, successor_of
from waitlists.services import SERVICES
from waitlists.stages import STAGE_KINDS, waits_at

__all__ = ["LAYOUT", "SOURCE", "parse", "recognises"]

LAYOUT: Final = "weekly-return-1"
SYNTHETIC_MARK: Final = "synthetic"
MOST_FAULTS: Final = 5_000
"""Rows that cannot be used, of a file that is still looked through."""

_PARTS: Final = {
    "list": "the bands of the list",
    "next": "the bands of the list for the next stage",
    "review": "the bands of the list for review",
    WEEKS: "the single weeks",
    "referrals": "the referrals",
    "removed": "the removals",
    LATER_FLOWS: "flows and single weeks of the next stage or of review",
}
_KINDS: Final = {str(stage): kind for stage, kind in STAGE_KINDS.items()}
_ORDER: Final = {part: place for place, part in enumerate((*ALL_PARTS, LATER_FLOWS))}

Part = tuple[date, str, str]
"""Week, service and part."""


@dataclass(slots=True)
class _Taken:
    """What a return came to: figures by week, what to say, the count of what was made of each row."""

    provider: str
    figures: dict[date, list[Figure]] = field(default_factory=lambda: defaultdict(list))
    remarks: list[Remark] = field(default_factory=list[Remark])
    tally: Tally = field(default_factory=Tally)
    weeks_of: dict[tuple[str, str, str], list[date]] = field(default_factory=lambda: defaultdict(list))
    rows: Counter[tuple[date, str]] = field(default_factory=Counter[tuple[date, str]])

    def note(self, code: str, part: Part, words: str = "") -> None:
        """Something to be said once for all weeks of a service."""
        week, service, _ = part
        self.weeks_of[code, service, words].append(week)


def recognises(workbook: Workbook) -> bool:
    """Whether a sheet has the headings of a return."""
    return any(has_return(sheet) for sheet in workbook.sheets if not sheet.is_hidden)


def parse(workbook: Workbook) -> ParsedDelivery:
    """Everything the return says, a vintage for each week and service, with what has to be corrected.

    Raises
    ------
    IdentifiersFound
        A column of any sheet names children; its bytes would be kept as they are.
    FileRefused
        CONTRACT: a column is missing or there twice. EMPTY: no rows. NOT_FILLED_IN: every count is blank.
        NOTHING_USABLE: every row is wrong; TOO_MANY_FAULTS: thousands are.
    """
    _refuse_identifiers(workbook)
    pages = pages_of(workbook)
    sender = sender_of(pages)
    rows = [(page, row) for page in pages for row in page.rows()]
    if not rows:
        raise FileRefused("the return has headings but no rows; fill in the template", code="EMPTY")
    if all(is_blank(page.cell(row, "count")) for page, row in rows):
        text = "nothing is filled in: every count is blank; write a number, 0 where there are none"
        raise FileRefused(text, code="NOT_FILLED_IN")
    read = [read_row(page, row, sender) for page, row in rows]
    faults = [item for item in read if isinstance(item, Fault)]
    entries = [item for item in read if isinstance(item, Entry)]
    if len(faults) > MOST_FAULTS:
        raise FileRefused(f"{len(faults):,} rows cannot be used; {_first(faults)}", code="TOO_MANY_FAULTS")
    taken = _taken(sender or "", entries, faults)
    if not taken.figures:
        raise FileRefused(f"no row can be used; {_first(taken.remarks)}", code="NOTHING_USABLE")
    unknown = [*(remark for page in pages for remark in unknown_columns(page)), *unread_sheets(workbook)]
    said = [*_of_sheets(workbook), *unknown, *(remark for page in pages for remark in unread_rows(page))]
    found = _delivery(taken, [*said, *taken.remarks], is_synthetic=_is_synthetic(workbook))
    # Columns of remarks and other tables may hold anything about anybody, and no search finds it all.
    return replace(found, is_kept=not unknown)


def _refuse_identifiers(workbook: Workbook) -> None:
    for sheet in workbook.sheets:
        places = places_in(sheet)
        days = [places["week_ending"]] if "week_ending" in places else []
        refuse_in_sheets([sheet], known=frozenset(places.values()), days=frozenset(days))


def _delivery(taken: _Taken, remarks: Iterable[Remark], *, is_synthetic: bool) -> ParsedDelivery:
    newest = max(taken.figures)
    place = ORGANISATIONS[taken.provider]
    return ParsedDelivery(
        source=SOURCE,
        layout=LAYOUT,
        period_end=newest,
        published_on=None,
        vintages=tuple(_vintages(taken)),
        findings=tuple(remark.finding(period_end=newest, known_from=newest) for remark in capped(remarks)),
        counts=taken.tally.counts(),
        organisations=(PrintedOrganisation(place.code, place.name, place.level),),
        is_synthetic=is_synthetic,
    )


def _vintages(taken: _Taken) -> Iterator[ParsedVintage]:
    """One for each week and service: who sends each service in a file of its own replaces that one alone."""
    for week, figures in sorted(taken.figures.items()):
        for service in sorted({figure.service for figure in figures}):
            own = tuple(figure for figure in figures if figure.service == service)
            yield ParsedVintage(SOURCE, week, own, f"{taken.provider}/{service}", rows=taken.rows[week, service])


def _taken(provider: str, entries: Sequence[Entry], faults: Sequence[Fault]) -> _Taken:
    taken = _Taken(provider)
    taken.remarks += [fault.remark for fault in faults]
    taken.tally.quarantined = len(faults)
    held = {(week, fault.service, part) for fault in faults for week in fault.weeks for part in fault.parts}
    groups: dict[Part, list[Entry]] = defaultdict(list)
    for entry in _once(entries, taken, held):
        groups[entry.week, entry.service, entry.part].append(entry)
    for part in sorted(groups, key=lambda part: (part[0], part[1], _ORDER[part[2]])):
        _take(taken, part, groups, is_held=part in held)
    taken.remarks += [*_notes(taken), *_successors(taken)]
    return taken


def _take(taken: _Taken, part: Part, groups: Mapping[Part, list[Entry]], *, is_held: bool) -> None:
    """Take a part or put it aside; its rows are counted either way."""
    group = groups[part]
    if is_unfilled(group) and not is_held:
        taken.note("left_blank", part, _PARTS[part[2]])
    judged = Judged() if is_unfilled(group) else _judged(part, groups, taken.provider, is_held=is_held)
    if judged.wrong:
        code, sentence = judged.wrong
        taken.remarks.append(_remark(part, group, taken.provider, code, sentence))
    for entry in group:
        taken.tally.count(entry.reading.marker if judged.is_taken or entry.reading == NOTHING else None)
    if judged.figures:
        taken.figures[part[0]] += judged.figures
        taken.rows[part[:2]] += sum(entry.reading != NOTHING for entry in group)
        _note_gaps(taken, part, groups, judged)


def _judged(part: Part, groups: Mapping[Part, list[Entry]], provider: str, *, is_held: bool) -> Judged:
    week, service, name = part
    group = groups[part]
    if is_held:
        return Judged(wrong=("held_back", "are put aside until the other rows of the same figures are corrected"))
    if name == WEEKS:
        return judge_weeks(group, groups.get((week, service, "list"), []), provider)
    if name == "referrals":
        return judge_flow(name, group, provider)
    if name == "removed":
        return judge_removals(group, provider)
    if name == LATER_FLOWS:
        return Judged(wrong=("later_flows", "are not kept; leave waiting_for empty for referrals and removals"))
    return judge_list(_KINDS[name], group, provider)


def _note_gaps(taken: _Taken, part: Part, groups: Mapping[Part, list[Entry]], judged: Judged) -> None:
    """What a list or a flow that was taken leaves open."""
    week, service, name = part
    if judged.gaps:
        taken.note("reasons_left_out", part, ", ".join(judged.gaps))
    if name != "list":
        return
    counted = {entry.waiting_for for entry in groups[part]}
    if left := [wait.replace("_", " ") for wait in waits_at(service, "list") if wait not in counted]:
        taken.note("wait_left_out", part, " and ".join(left))
    if not all((week, service, flow) in groups for flow in ("referrals", "removed")):
        taken.note("flows_left_out", part)


_SENTENCES: Final = {
    "left_blank": "{words} of {service}: left blank for {weeks}, so nothing is known, which is not 0.",
    "reasons_left_out": "Removals of {service} name no count for {words} for {weeks}: taken as nobody; write 0.",
    "wait_left_out": "The list of {service} has no rows for those who wait for {words} for {weeks}; it lacks them.",
    "flows_left_out": "No referrals or no removals of {service} came for {weeks}: its flows cannot be balanced.",
    "repeated_row": "Rows of {service} stand twice with the same count for {weeks}; each is counted once.",
}
_SEVERITIES: Final = {"left_blank": Severity.WARNING, "flows_left_out": Severity.WARNING}


def _notes(taken: _Taken) -> Iterator[Remark]:
    for (code, service, words), found in taken.weeks_of.items():
        weeks = sorted(set(found))
        when = in_full(weeks[-1]) if len(weeks) == 1 else f"{len(weeks)} weeks up to {in_full(weeks[-1])}"
        period = f"the week ending {when}" if len(weeks) == 1 else when
        sentence = _SENTENCES[code].format(words=words, service=SERVICES[service].label, weeks=period)
        severity = _SEVERITIES.get(code, Severity.INFO)
        yield Remark(code, severity, sentence[0].upper() + sentence[1:], service, taken.provider, period_end=weeks[-1])


def _successors(taken: _Taken) -> Iterator[Remark]:
    """A word on each list that another provider carries by the week it is about."""
    latest = {figure.service: week for week in sorted(taken.figures) for figure in taken.figures[week]}
    for service, week in latest.items():
        other = successor_of(taken.provider, service, week)
        if other is not None:
            sentence = (
                f"{ORGANISATIONS[other].name} ({other}) carries {SERVICES[service].label} of {taken.provider} by the "
                f"week ending {in_full(week)}: a return of both counts the same children twice."
            )
            yield Remark("succeeded_provider", Severity.WARNING, sentence, service, taken.provider, period_end=week)


def _once(entries: Iterable[Entry], taken: _Taken, held: set[Part]) -> Iterator[Entry]:
    """Entries without repeats; two that differ are both put aside, with the part they belong to."""
    alike: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
    for entry in entries:
        alike[entry.key].append(entry)
    for same in alike.values():
        filled = [entry for entry in same if entry.reading != NOTHING] or same[:1]
        part = (same[0].week, same[0].service, same[0].part)
        for blank in [entry for entry in same if entry not in filled]:
            taken.tally.count(blank.reading.marker)
        if len({entry.reading for entry in filled}) == 1:
            for again in filled[1:]:
                taken.tally.count(again.reading.marker)
                taken.note("repeated_row", part)
            taken.rows[part[:2]] += len(filled) - 1
            yield filled[0]
            continue
        held.add(part)
        taken.tally.quarantined += len(filled)
        sentence = f"say different counts of the same thing ({each_row_of(filled)}); send one of them"
        taken.remarks.append(_remark(part, filled, taken.provider, "conflicting_rows", sentence))


def _remark(part: Part, group: Sequence[Entry], provider: str, code: str, sentence: str) -> Remark:
    week, service, name = part
    about = f"{_PARTS[name]} of {SERVICES[service].label} for the week ending {in_full(week)}"
    cell = cell_address(group[0].row, group[0].column)
    words = f"{rows_of(group)}: {about} {sentence}."
    return Remark(code, Severity.ERROR, words, service, provider, group[0].sheet, cell, week)


def _of_sheets(workbook: Workbook) -> Iterator[Remark]:
    for sheet in workbook.sheets:
        if sheet.is_hidden and has_return(sheet):
            sentence = f"Sheet {sheet.name} is hidden and was not read; show it and send the file again."
            yield Remark("hidden_sheet", Severity.WARNING, sentence, sheet=sheet.name)


def _is_synthetic(workbook: Workbook) -> bool:
    """Invented returns say so above their headings."""
    heads = (text for sheet in workbook.sheets for text in texts(sheet, range(5)))
    return any(SYNTHETIC_MARK in plain(text) for text in heads)


def _first(faults: Sequence[Fault] | Sequence[Remark]) -> str:
    """The most frequent kind of fault, by its first sentence; what is held back for another is no cause."""
    remarks = [fault.remark if isinstance(fault, Fault) else fault for fault in faults]
    causes = [one for one in remarks if one.severity is Severity.ERROR and one.code != "held_back"]
    most = Counter(cause.code for cause in causes).most_common(1)[0][0]
    return next(cause.sentence for cause in causes if cause.code == most).rstrip(".")
