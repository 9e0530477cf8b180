"""Severity and state as one reader is told them: to whoever may not see exact figures, what follows from shown ones.

A warning lives by its exact figures. Told to everybody as it is, `high` or `worse` would say something of a number that
is hidden; so for other readers severity is worked out anew by the same rule, and the state from time,
acknowledgements and what was told before: a rise that shown figures once said is not taken back where they cannot say.
"""

from collections.abc import Sequence
from datetime import date

from forecasting.warnings.life import by_time_alone
from forecasting.warnings.seen import Seen
from forecasting.warnings.severity import severity_of
from forecasting.warnings.warning import SEVERITIES, Acknowledgement, Assessment, Life, Severity, ToldRise


def severity_told(life: Life, seen: Seen, figures: Assessment) -> Severity | None:
    """None where the number over is hidden; one who sees exact figures is told what the warning lives by."""
    if seen.is_exact:
        return life.severity
    if seen.over_now is None:
        return None
    told = _rise_told(life, seen)
    is_untaken = told is not None and not told.is_over and seen.real_change is None and bool(seen.over_now)
    return SEVERITIES[-1] if is_untaken else severity_of(seen, figures) or SEVERITIES[0]


def life_told(life: Life, seen: Seen, figures: Assessment, *, taken: Sequence[Acknowledgement], day: date) -> Life:
    """Where a warning stands, `worse` and `cleared` only where the figures as shown say so too."""
    is_rise_shown = bool(seen.real_change and seen.is_worse)
    is_told = {"worse": is_rise_shown, "cleared": seen.over_now is not None}.get(life.state, False)
    if seen.is_exact or is_told:
        return life
    return by_time_alone(life, figures.level, taken, day, told=_rise_told(life, seen))


def _rise_told(life: Life, seen: Seen) -> ToldRise | None:
    """The last rise that readers were told who see figures as this one does."""
    return life.told if life.told is not None and seen.rule in life.told.rules else None
