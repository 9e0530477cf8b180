"""What a line of the mail says of a list whose number got better while another watched wait got worse, or may have."""

from forecasting.warnings.headline import Wait, both_ways, way_of
from jobs.mail.breach_facts import ListFacts, Warned
from jobs.mail.breach_words import NOT_KNOWN, change_words, step_words, watched_words


def change_and_ways(one: ListFacts, warned: Warned) -> tuple[str, str]:
    """The change of a warning's number and, before it, which way each wait of its list goes, where not all get better.

    What the mail may not show of another wait is not told by this either: its verdict is that of the figures as shown.
    """
    change, number = change_words(one, warned), warned.seen.change
    others = [mark.warned for mark in one.marks if mark.warned and mark.warned.is_open and mark.warned is not warned]
    ways = None if change == NOT_KNOWN else both_ways(_wait(warned), [_wait(other) for other in others])
    return (change, "") if ways is None else (step_words(number or 0), f"{ways}. ")


def _wait(warned: Warned) -> Wait:
    seen = warned.seen
    way = way_of(seen.real_change, seen.is_worse, seen.change, is_exact=seen.is_exact)
    return Wait(watched_words(warned.figures), way)
