"""What becomes of a warning: raised, worse, acknowledged, passed on to the next role, cleared; by rule, day by day.

Nothing is asked of a clock: `gone_on` takes a warning through a run of the figures, `stands_on` says where it stands on
any day between two runs. A warning never eases or ends on figures of which part is missing, nor on one calm period.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from forecasting.warnings.warning import SEVERITIES, Acknowledgement, Assessment, Life, Severity, ToldRise
from waitlists.domain import Level
from waitlists.running.working_days import working_day_after
from waitlists.security.access import Role
from waitlists.suppression.rules import is_small

CALM_PERIODS: Final = 2
"""Whole periods in a row that have to be calmer before a warning eases or is cleared."""

WORKING_DAYS: Final = 3
"""Without an acknowledgement for so many working days a warning goes to the next role."""

LONGEST_TAKEN: Final = timedelta(weeks=13)
"""How far ahead an acknowledgement may reach."""

NEXT: Final[Mapping[Role, Role]] = {Role.PROVIDER: Role.COMMISSIONER}
"""Who is asked after whom; the commissioner is the last who may take a warning."""


def first_owner(level: Level) -> Role:
    """The role that is asked first: the provider of its own list, the commissioner of the whole area's."""
    return Role.PROVIDER if level is Level.PROVIDER else Role.COMMISSIONER


def gone_on(
    before: Life | None, figures: Assessment, severity: Severity | None, *, taken: Sequence[Acknowledgement]
) -> Life | None:
    """The warning after a run of the figures, None where there is nothing to warn of and nothing was.

    Parameters
    ----------
    before
        As the run before left it.
    severity
        What the figures say now.
    taken
        Acknowledgements of this warning, in the order in which they were made.
    """
    if before is None or before.state == "cleared":
        return _raised(figures, severity) if severity else None
    found = _gone_on(stands_on(before, taken, figures.as_of), figures, severity)
    return replace(found, told=_told(found, figures))


def _gone_on(now: Life, figures: Assessment, severity: Severity | None) -> Life:
    if figures.over_now is None:
        return now
    if _is_worse(now, figures, severity):
        return _worse(now, figures, severity or now.severity)
    is_new = figures.period_end > now.period_end
    if severity == now.severity:
        return replace(now, calm=0, period_end=figures.period_end, is_rising=_is_rising(now, figures))
    calm = now.calm + (is_new and figures.is_whole)
    going = replace(now, calm=calm, period_end=figures.period_end, is_rising=_is_rising(now, figures))
    if calm < CALM_PERIODS:
        return going
    if severity is None:
        return replace(going, state="cleared", since=figures.as_of, calm=0, acknowledged=None)
    return replace(going, severity=severity, calm=0)


def stands_on(life: Life, taken: Sequence[Acknowledgement], day: date) -> Life:
    """Where a warning stands at the end of a day: who has taken it, or whose it is by now."""
    if life.state == "cleared":
        return life
    for one in taken:
        if life.since <= one.on <= day and SEVERITIES.index(one.severity) >= SEVERITIES.index(life.severity):
            life = _acknowledged(_waited(life, one.on), one)
    return _waited(life, day)


def by_time_alone(
    life: Life, level: Level, taken: Sequence[Acknowledgement], day: date, *, told: ToldRise | None = None
) -> Life:
    """Where a warning would stand had its figures said the same ever since it was raised, or a rise of it was told."""
    if told is not None:
        again = {"since": told.since, "asked_on": told.since, "owner": told.owner}
        worse = replace(life, state="worse", severity=SEVERITIES[0], acknowledged=None, **again)
        return stands_on(worse, taken, day)
    raised = replace(
        life,
        state="raised",
        severity=SEVERITIES[0],
        since=life.raised_on,
        owner=first_owner(level),
        asked_on=life.raised_on,
        acknowledged=None,
    )
    return stands_on(raised, taken, day)


def answer_by(life: Life) -> date:
    """The last day on which who is asked may take it before it goes to the next role."""
    return working_day_after(life.asked_on, WORKING_DAYS)


def _waited(life: Life, day: date) -> Life:
    """As time alone has it: an acknowledgement ends with its last day, and unanswered warnings go to the next role."""
    taken = life.acknowledged
    if taken is not None and taken.until < day:
        again = taken.until + timedelta(days=1)
        life = replace(life, state="raised", since=again, asked_on=again, acknowledged=None)
    while life.acknowledged is None and life.owner in NEXT:
        passes = answer_by(life) + timedelta(days=1)
        if passes > day:
            break
        life = replace(life, state="escalated", since=passes, asked_on=passes, owner=NEXT[life.owner])
    return life


def _acknowledged(life: Life, taken: Acknowledgement) -> Life:
    return replace(life, state="acknowledged", since=taken.on, acknowledged=taken)


def _raised(figures: Assessment, severity: Severity) -> Life:
    return Life(
        state="raised",
        severity=severity,
        raised_on=figures.as_of,
        since=figures.as_of,
        owner=first_owner(figures.level),
        asked_on=figures.as_of,
        calm=0,
        period_end=figures.period_end,
        is_rising=_rises(figures),
    )


def _worse(now: Life, figures: Assessment, severity: Severity) -> Life:
    """Worse than when it was taken or last said: whoever it is with is asked anew."""
    return replace(
        now,
        state="worse",
        severity=max(severity, now.severity, key=SEVERITIES.index),
        since=figures.as_of,
        asked_on=figures.as_of,
        calm=0,
        period_end=figures.period_end,
        is_rising=_rises(figures),
        acknowledged=None,
    )


def _told(life: Life, figures: Assessment) -> ToldRise | None:
    """The last rise that was told: a new one where it is worse, and figures as others see them say so too."""
    is_rise, told = bool(figures.real_change_shown and figures.is_worse_shown), life.told
    rules = tuple(rule for rule in figures.change_told if not is_small(figures.over_now or 0, rule))
    if is_rise and rules and life.state == "worse":
        return ToldRise(life.since, life.owner, rules)
    if told is None or figures.real_change_shown is None:
        return told
    return told._replace(is_over=told.is_over or not is_rise)


def _is_worse(now: Life, figures: Assessment, severity: Severity | None) -> bool:
    """A higher severity, or a rise that is real and was not said before."""
    if severity is None:
        return False
    return SEVERITIES.index(severity) > SEVERITIES.index(now.severity) or (_rises(figures) and not now.is_rising)


def _rises(figures: Assessment) -> bool:
    return bool(figures.real_change and figures.is_worse)


def _is_rising(now: Life, figures: Assessment) -> bool:
    """A rise that was said is over once figures can be judged and show none."""
    return now.is_rising if figures.real_change is None else _rises(figures)
