"""What drives a list past its threshold: whose number rose, whether more join than leave, and who holds most of it."""

from collections.abc import Iterator

from forecasting.warnings.caveats import is_unbalanced
from jobs.mail.breach_facts import ListFacts, MarkFacts, Warned
from jobs.mail.breach_words import difference_words, really_worse, since_words, watched_words
from waitlists.quality.words import name_of
from waitlists.suppression.rules import STEP


def drivers_of(one: ListFacts, mark: MarkFacts) -> Iterator[str]:
    """Sentences on what drives it, the most telling first; of rounded numbers, as all of the mail is."""
    yield from _rises(_parts(mark))
    yield from _flows(one, mark)
    yield from holders_of(one, mark)


def _parts(mark: MarkFacts) -> list[Warned]:
    return [part for part in mark.parts if part.is_open and _is_same_mark(part, mark)]


def _is_same_mark(part: Warned, mark: MarkFacts) -> bool:
    """A part whose long tail is watched, under a whole whose threshold is, counts others."""
    return mark.warned is not None and part.figures.over_days == mark.warned.figures.over_days


def _rises(parts: list[Warned]) -> Iterator[str]:
    """Parts that really got worse: what lies within usual variation or rounding drives nothing."""
    rose = [(part.seen.change or 0, part) for part in parts if really_worse(part)]
    for change, part in sorted(rose, key=lambda pair: (-pair[0], pair[1].figures.org)):
        figures = part.figures
        more = f"{difference_words(change)} {watched_words(figures)} than in {since_words(figures)}"
        yield f"{name_of(figures.org)}: {more}, a real change."


def _flows(one: ListFacts, mark: MarkFacts) -> Iterator[str]:
    """That more join than leave, of flows that explain the list: others drive nothing."""
    if mark.warned is None or not mark.warned.is_open or one.referrals is None or one.left is None:
        return
    if is_unbalanced(mark.warned.seen.caveats):
        return
    joined, left = one.referrals.value, one.left.value
    if joined is not None and left is not None and joined - left > STEP:
        yield f"More joined the list ({one.referrals.words}) than left it ({one.left.words})."


def holders_of(one: ListFacts, mark: MarkFacts) -> Iterator[str]:
    """Sentences on whose lists they stand, the most first; of a board with one provider that it is the only one."""
    if one.only_provider is not None and mark.warned is not None and mark.warned.is_open:
        yield f"{one.only_provider} is the only provider."
        return
    total = mark.warned.seen.over_now if mark.warned else None
    held = [(over, part) for part in _parts(mark) if (over := part.seen.over_now)]
    for over, part in sorted(held, key=lambda pair: (-pair[0], pair[1].figures.org)):
        of = f"{over:,}" if total is None else f"{'nearly all' if over >= total else f'{over:,}'} of the {total:,}"
        yield f"{name_of(part.figures.org)} has {of} {watched_words(part.figures)}."
