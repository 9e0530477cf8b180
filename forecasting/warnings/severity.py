"""How much a warning matters: three steps, by one rule for every reader, from the numbers as that reader sees them."""

from collections.abc import Mapping
from typing import Final

from forecasting.warnings.seen import Seen
from forecasting.warnings.warning import Assessment, Severity
from waitlists.standards import find_standard, target_share

LIKELY = 1.0
"""Children expected to cross, in the middle of the range, from which a list without anybody over is warned of."""

MEANS: Final[Mapping[Severity, str]] = {
    "high": "some are over, and their number really grew or as many again are likely to cross in 12 weeks",
    "medium": "more are over than the standard allows",
    "low": "no more are over than the standard allows, or nobody is and some are likely to be",
}
"""What each severity says, in few words."""


def severity_of(seen: Seen, figures: Assessment) -> Severity | None:
    """None where nobody is over the threshold and nobody is likely to be in 12 weeks.

    Notes
    -----
    `high`: somebody is over, and the number over really rose, or as many again are likely to cross in 12 weeks (the low
    end of the range); never where the source owes newer figures. `medium`: somebody is over, and no share may be, or
    more than may. `low`: those over are no more than the standard allows, or nobody is over and somebody is likely to
    cross.
    """
    last = seen.newly_over[-1] if seen.newly_over else None
    if not seen.over_now:
        return "low" if last and (last.p50 or 0.0) + (last.not_yet_referred or 0.0) >= LIKELY else None
    is_due_again = last is not None and last.p10 is not None and last.p10 >= seen.over_now
    if not figures.is_old and ((seen.real_change and seen.is_worse) or is_due_again):
        return "high"
    return "low" if _is_allowed(seen, figures) else "medium"


def _is_allowed(seen: Seen, figures: Assessment) -> bool:
    """Whether the share within is the one that is due: never where nearly all are over and the long tail is watched.

    A standard for completed waits leaves nobody waiting over it.
    """
    if figures.subject == "long_tail":
        return False
    standard = find_standard(figures.standard_id)
    share = target_share(standard, figures.as_of)
    whole = seen.about if seen.is_part else seen.waiting
    if share is None or "waiting" not in standard.applies_to or not whole or seen.over_standard is None:
        return False
    return (whole - seen.over_standard) / whole >= share
