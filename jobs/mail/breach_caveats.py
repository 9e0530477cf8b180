"""What to know of the data of one list in the weekly email, each thing once, what matters most first."""

from collections.abc import Iterator

from forecasting.warnings.caveats import FILE_OUT, SYNTHETIC, UNEXPLAINED
from jobs.mail.breach_facts import ListFacts
from jobs.mail.breach_silence import unwatched
from jobs.mail.breach_words import NO_LONGER_SHOWN
from waitlists.periods import in_words
from waitlists.quality.steps import STEP_SHARE
from waitlists.quality.words import joined, sent_nothing

FELL = (
    f"The list fell by more than {STEP_SHARE:.0%} since the period before and the cause is not known: not to be "
    "trusted yet, and no improvement."
)
NEWER = "Figures of this list came after its warnings were worked out: the warnings have not seen them."


def caveats_of(one: ListFacts, *, is_noticed: bool) -> Iterator[str]:
    """Sentences on the data of a list; `is_noticed` where the mail says at its head that all of it is invented."""
    yield from filter(None, [unwatched(one)])
    when = in_words(one.period_end, one.freq)
    if one.is_doubted:
        yield f"The figures sent for {when} cannot be right: none is shown here, and nothing is a sign that fewer wait."
    elif one.missing:
        is_added = any(mark.warned and mark.warned.figures.period_end == one.period_end for mark in one.marks)
        added = "; in the warnings their last known figures are added" if is_added else ""
        yield (
            f"{joined(one.missing)} {sent_nothing(one.freq)} for {when}: part of the list is missing, so nothing here "
            f"is a sign that fewer wait{added}."
        )
    yield from one.unread
    is_unseen = one.is_newer and any(mark.warned for mark in one.marks)
    known = {FELL: one.fell, NO_LONGER_SHOWN: one.was_shown, NEWER: is_unseen}
    yield from (sentence for sentence, is_so in known.items() if is_so)
    if one.period_end < one.latest_period:
        yield f"No figures of this list came for {in_words(one.latest_period, one.freq)}."
    said = {
        "part_missing": bool(one.missing),
        UNEXPLAINED: one.fell,
        SYNTHETIC: is_noticed,
        FILE_OUT.code: one.is_awaited,
    }
    for mark in one.marks:
        if mark.warned is not None:
            yield from (caveat.sentence for caveat in mark.warned.seen.caveats if not said.get(caveat.code))
    if one.is_synthetic and not is_noticed and not any(mark.warned for mark in one.marks):
        yield "Synthetic data: no real child stands behind this figure."
