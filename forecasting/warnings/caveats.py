"""What to know beside a warning, in sentences that count no child but for one (`COUNTED`).

Some of them tell something of exact figures by being there, such as that a list is the same as last month's; whoever
may not see exact figures is not told those (`TELLING`).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from forecasting.flow.outlook import Outlook
from forecasting.flow.ranges import Checked
from forecasting.results import Method
from forecasting.warnings.falls import Fall
from forecasting.warnings.past import ListPast
from forecasting.warnings.warning import Caveat
from waitlists.counts.histories import in_force
from waitlists.domain import Finding, Severity
from waitlists.organisations import successor_of
from waitlists.periods import in_words
from waitlists.quality.steps import STEP_SHARE
from waitlists.quality.whole import WHOLE_UNKNOWN
from waitlists.quality.words import name_of, names_of, sent_nothing
from waitlists.services import SERVICES
from waitlists.sources import Freq
from waitlists.standards import Standard

UNBALANCED: Final = "unbalanced"
"""Told of rounded figures to everybody who may see how many wait; `COUNTED` says the same of exact ones, by number."""

COUNTED: Final = "unbalanced_by"

TELLING: Final = frozenset({"copied_number", "frozen_value", "in_doubt", "not_comparable", COUNTED})
"""Caveats that follow from exact figures."""

UNEXPLAINED: Final = "unexplained_fall"
"""Told to everybody who may see how many wait, as it follows from lists to the nearest 5."""

UNEXPLAINED_OVER: Final = "unexplained_fall_over"
"""The same of the number over a wait, told to everybody who may see that."""

SYNTHETIC: Final = "synthetic"

OLD_DAYS: Final = 13
"""Figures older than the week before last are said to be so."""

_FOUND: Final[Mapping[str, str]] = {
    "copied_number": "The same number was sent for several services, so this may not be the list's own; it is not"
    " projected.",
    "frozen_value": "The list is exactly that of the period before, so it may not have been counted anew.",
    WHOLE_UNKNOWN: "Nobody can know whether all of this list is here, so nothing here is a sign that fewer wait.",
}
_INSTEAD: Final[Mapping[Method, str]] = {
    "no_exits": "is worked out as if nobody left the list: in the past that came closer than counting on leavers",
    "last_crossings": "is taken from how many crossed lately: in the past that came closer than counting waits on",
}
_KINDS: Final[Mapping[str, str]] = {
    "local": "No national standard exists for this; it is a local mark.",
    "proposed_standard": "The standard is proposed and published, and no target.",
}


PART: Final = Caveat(
    "part_of_list",
    "The standard is about a part of the list: who crossed lately, and who is likely to, is not worked out for a part.",
)

_FELL: Final = {
    True: (UNEXPLAINED, "The list", "the cause is not known"),
    False: (UNEXPLAINED_OVER, "The number over it", "too few are known to have left the list"),
}


FILE_OUT: Final = Caveat(
    "file_out", "A file of this list was refused or is held: until it is taken in, no fall is an improvement."
)


class Away(NamedTuple):
    """What left a list without being seen: providers that send no figures any more, and a fall without a cause."""

    gone: Sequence[str] = ()
    fall: Fall | None = None


def caveats_of(
    past: ListPast,
    standard: Standard,
    found: Outlook | None,
    held: Sequence[Checked],
    *,
    is_part: bool,
    away: Away,
    as_of: date,
) -> tuple[Caveat, ...]:
    """Everything to know of the newest figure of a list beside a standard, what concerns the figure itself first."""
    return (
        *((FILE_OUT,) if past.is_awaited else ()),
        *_of_away(away, past.sizes.freq),
        *_of_flows(past),
        *_of_figures(past, as_of),
        *_of_standard(past, standard),
        *((PART,) if is_part else _of_ahead(found, held)),
    )


def is_unbalanced(caveats: Sequence[Caveat]) -> bool:
    """Whether a reader is told that who joined and who left do not explain the list."""
    return any(one.code in {UNBALANCED, COUNTED} for one in caveats)


def _of_away(away: Away, freq: Freq) -> Iterator[Caveat]:
    if away.gone:
        no_longer = "no longer sends figures" if len(away.gone) == 1 else "no longer send figures"
        yield Caveat("gone", f"{names_of(away.gone)} {no_longer}: that fewer wait is no improvement.")
    if away.fall is not None:
        code, what, why = _FELL[away.fall.is_of_list]
        yield Caveat(
            code,
            f"{what} fell by more than {STEP_SHARE:.0%} to {in_words(away.fall.since, freq)} and {why}: not to be"
            " trusted yet, and no improvement.",
        )


def _of_flows(past: ListPast) -> Iterator[Caveat]:
    """The newest week of late that is not explained by who joined and who left."""
    for one in [week for week in past.unbalanced if week.period_end >= past.lately][-1:]:
        yield Caveat(COUNTED, one.counted)
        if one.is_told:
            yield Caveat(UNBALANCED, one.sentence)


def _of_figures(past: ListPast, as_of: date) -> Iterator[Caveat]:
    step, freq = past.steps[past.last_place or 0], past.sizes.freq
    when = in_words(step.period_end, freq)
    if step.missing:
        who = names_of([one.org for one in step.missing])
        yield Caveat(
            "part_missing",
            f"Part of the list is missing, so this is no sign that fewer wait: {who} {sent_nothing(freq)} for {when}, "
            "and the last known ones are added.",
        )
    yield from _of_newer(past, when)
    if (as_of - step.period_end).days > OLD_DAYS:
        day = f"{step.period_end.day} {step.period_end:%B %Y}"
        yield Caveat("old", f"The newest figures are of {day}; weeks ahead are counted from that day.")
    for code in dict.fromkeys(one.code for one in _found(past, as_of) if one.code in _FOUND):
        yield Caveat(code, _FOUND[code])
    if not past.is_comparable(past.last_place or 0):
        yield Caveat("not_comparable", f"What is counted changed in {when}: nothing is compared with before.")
    yield from _of_successor(past, as_of)
    if past.history.is_synthetic:
        yield Caveat(SYNTHETIC, "Synthetic data: no real child stands behind this figure.")


def _of_successor(past: ListPast, as_of: date) -> Iterator[Caveat]:
    """Where the list went: with figures of the successor it is warned of there and no longer here."""
    if past.moved_to is not None:
        who = name_of(past.moved_to)
        yield Caveat("moved", f"Its list moved to {who} and is warned of there: that none wait here is no improvement.")
        return
    successor = successor_of(past.org, past.history.service, as_of)
    if successor is not None:
        yield Caveat("moved", f"Its list is now kept by {name_of(successor)}: that fewer wait here is no improvement.")


def _of_newer(past: ListPast, when: str) -> Iterator[Caveat]:
    """That the source has later periods, of which this list has no figure or none that can be right."""
    newer = past.steps[(past.last_place or 0) + 1 :]
    if not newer:
        return
    latest = in_words(newer[-1].period_end, past.sizes.freq)
    if all(step.point.value is None for step in newer):
        yield Caveat("not_sent", f"{_none_for(past, newer[-1].period_end)}; these are of {when}, the last ones known.")
    else:
        yield Caveat("in_doubt", f"The figures for {latest} cannot be right; these are of {when}.")


def _none_for(past: ListPast, period_end: date) -> str:
    """That there is no figure; of a file that was not taken in nobody knows here whose it is."""
    when = in_words(period_end, past.sizes.freq)
    if past.sizes.freq == "M":
        return f"No figures were sent for {when}"
    known = in_force(past.history.vintages, past.sizes.as_of)
    if any((scope, period_end) in known for scope in (past.org, f"{past.org}/{past.history.service}")):
        return f"Figures came for {when} that cannot be used"
    return f"There are no figures for {when}: none were sent, or their file was refused or is held"


def _found(past: ListPast, as_of: date) -> list[Finding]:
    step = past.steps[past.last_place or 0]
    every = past.history.findings.get((step.point.vintage_id or 0, past.org), ())
    return [one for one in every if one.stands_on(as_of) and one.severity != Severity.INFO]


def _of_standard(past: ListPast, standard: Standard) -> Iterator[Caveat]:
    service = SERVICES[past.history.service]
    if note := service.proxy_note_in(past.history.source):
        yield Caveat("proxy", note)
    if standard.kind in _KINDS:
        yield Caveat(standard.kind, _KINDS[standard.kind])
    if "waiting" not in standard.applies_to:
        yield Caveat(
            "completed_waits",
            "The standard is about children once they are seen; counted here are those still waiting, who are over it"
            " already whenever they are seen.",
        )
    elif "completed" in standard.applies_to:
        yield Caveat("still_waiting", "Counted are children still waiting; those already seen are another figure.")


def _of_ahead(found: Outlook | None, held: Sequence[Checked]) -> Iterator[Caveat]:
    if found is None:
        yield Caveat("no_outlook", "Who is due to cross cannot be said from the figures there are.")
        return
    if found.basis == "bands":
        yield Caveat("bands", "Waits are known by band alone: children are taken to be spread evenly over each band.")
    if found.method in _INSTEAD:
        yield Caveat("not_aged", f"Who is due to cross {_INSTEAD[found.method]}.")
    if not any(one.checked for one in held):
        yield Caveat("unchecked", "There are too few past figures to check such ranges.")
