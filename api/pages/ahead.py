"""What may happen next to a list, as its page says it: the range of its size, how such ranges held, and when it clears.

Everything is taken from the answers of /v1/forecasts and /v1/clearance as this caller may see them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from api.answers import Body
from api.pages.parts import Picture, ident_of, plain
from api.words import HIGH, LOW, day_in_words
from forecasting.kept_ranges import Kept, kept_of, kept_words
from waitlists.charts import NARROW, WIDE, Ahead, SoFar, apart, outlook_chart, outlook_table, shown

MIDDLE: Final = "0.5"
STEPS_SO_FAR: Final = {"W": 26, "M": 24}
"""Figures so far that stand before the range; all of them stand in the table of the list size."""

_QUESTIONS: Final = {
    "run_off": "If nobody new were referred, when would the list of today be empty?",
    "threshold": "When will nobody wait over 52 weeks?",
    "sustainable": "When will the list be short enough to keep to the standard?",
}
_SHORT: Final = "Its length allows that now, which does not mean that the standard is met"
_UNCHECKED: Final = "meant as 8 in 10; how well such ranges hold has not been checked"
_ANSWERS: Final[Mapping[tuple[str, str], str]] = {
    ("run_off", "already"): "Nobody is waiting.",
    ("run_off", "never"): "Not at present activity: nobody leaves the list.",
    ("threshold", "already"): "Nobody does now.",
    ("sustainable", "already"): _SHORT + ".",
    ("sustainable", "never"): "Not at present activity: no more leave the list than join it.",
}
_REASONS: Final = {
    "no_share_due": "Nothing sets a share that is due, so there is no size to come down to.",
    "no_share_set": "The standard sets no share that is due, so there is no size to come down to.",
    "more_join_than_leave": f"{_SHORT}; more join than leave, so it will not last.",
    "removals_by_wait_not_modelled": "Not worked out: it depends on who is seen first, and not only on how many are.",
}


NOT_SEEN: Final = "The newest figure was not known yet when this was worked out."


@dataclass(frozen=True, slots=True)
class Outlook:
    """What may come: sentences, the picture where a range may be shown, and an answer to each question of clearance."""

    sentences: tuple[str, ...]
    picture: Picture | None
    clearance: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str], ...]


def outlook(forecast: Body | str, clearance: Body | str, sizes: Body | None) -> Outlook:
    """The outlook of a list.

    Parameters
    ----------
    forecast, clearance
        The answers, or why there is none.
    sizes
        The trend of the list's size, whose newest figures the picture goes on from.
    """
    links = [
        (name, body["links"]["self"])
        for name, body in (("The forecast", forecast), ("Clearance", clearance))
        if not isinstance(body, str)
    ]
    is_given = not isinstance(forecast, str)
    said = tuple(_sentences(forecast)) if is_given else (forecast,)
    if not isinstance(clearance, str) and clearance["newer_figures"]:
        said = tuple(dict.fromkeys((*said, NOT_SEEN)))
    return Outlook(
        said,
        _picture(forecast, sizes) if is_given and sizes is not None else None,
        () if isinstance(clearance, str) else tuple(_clearance(clearance["clearance"])),
        tuple(links),
    )


def _sentences(body: Body) -> Iterator[str]:
    ahead = _ahead(body)
    if not ahead:
        yield plain(body["sentence"])
        return
    last, kept = ahead[-1], kept_of(body["scores"], body["model"])
    of = f"{shown(last.low, 'people')} and {shown(last.high, 'people')}"
    yield f"By {day_in_words(last.day)} the list is likely to be between {of} ({_how_likely(kept)})."
    yield kept_words(kept)
    if body["status"] == "fallback":
        yield "A simpler model is used, which goes on from the last figure."
    if body["newer_figures"]:
        yield NOT_SEEN


def _ahead(body: Body) -> list[Ahead]:
    """The days to come of which both ends of the range may be shown."""
    return [
        Ahead(_day(point["target_end_date"]), *(point["quantiles"][level] for level in (LOW, MIDDLE, HIGH)))
        for point in body["points"]
        if not point["past"] and None not in {point["quantiles"][level] for level in (LOW, MIDDLE, HIGH)}
    ]


def _how_likely(kept: Kept | None) -> str:
    """The chance beside the range: what it is, or only what it is meant to be where past ranges do not bear it out."""
    return "8 in 10" if kept is not None and kept.is_enough and not kept.is_poor else "meant as 8 in 10"


def _picture(body: Body, sizes: Body) -> Picture | None:
    ahead = _ahead(body)
    past = list(_so_far(sizes, until=ahead[0].day))[-STEPS_SO_FAR[body["freq"]] :] if ahead else []
    if not past:
        return None
    title = "How many may wait"
    said = " ".join([*_sentences(body), *apart(past)])
    wide, narrow = (
        outlook_chart(
            past, ahead, title=title, description=said, ident=ident_of(body, f"ahead-{width.name}"), width=width
        )
        for width in (WIDE, NARROW)
    )
    return Picture(wide, narrow, outlook_table(past, ahead, caption=f"{title}: the range by date, 8 in 10"))


def _so_far(sizes: Body, *, until: date) -> Iterator[SoFar]:
    """The figures before a day; one of which part is missing or in doubt is told apart, as on the chart of the list."""
    for point in sizes["points"]:
        if point["value"] is not None and _day(point["date"]) < until:
            yield SoFar(_day(point["date"]), point["value"], not point["provisional"])


def _clearance(answers: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """A question and its answer each; one answer to all of them is said once."""
    said = [(_QUESTIONS[one["kind"]], _answer(one)) for one in answers]
    if len({answer for _, answer in said}) == 1:
        yield "When may the list clear?", said[0][1]
    else:
        yield from said


def _answer(one: Mapping[str, Any]) -> str:
    if one["reason"] in _REASONS:
        return _REASONS[one["reason"]]
    if one["status"] == "ok":
        until = day_in_words(_day(one["p90"])) if one["p90"] else "some time after that"
        return f"Likely between {day_in_words(_day(one['p10']))} and {until}, at the recent pace ({_UNCHECKED})."
    if one["status"] == "unlikely":
        return "More likely than not later than in two years, at the recent pace."
    return _ANSWERS.get((one["kind"], one["status"]), str(one["sentence"]))


def _day(given: date | str) -> date:
    return given if isinstance(given, date) else date.fromisoformat(given)
