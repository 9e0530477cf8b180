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
from forecasting.kept_ranges import (
    DAYS_TOO_NARROW,
    how_sure,
    kept_in,
    kept_of,
    kept_words,
    to_hold,
    weeks_ahead,
    within_a_year,
)
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
_ANSWERS: Final[Mapping[tuple[str, str], str]] = {
    ("run_off", "already"): "Nobody is waiting.",
    ("run_off", "never"): "Not at present activity: nobody leaves the list.",
    ("threshold", "already"): "Nobody does now.",
    ("threshold", "never"): "Not at present activity: their number has not fallen lately.",
    ("sustainable", "already"): _SHORT + ".",
    ("sustainable", "never"): "Not at present activity: no more leave the list than join it.",
}
_REASONS: Final = {
    "no_share_due": "Nothing sets a share that is due, so there is no size to come down to.",
    "no_share_set": "The standard sets no share that is due, so there is no size to come down to.",
    "more_join_than_leave": f"{_SHORT}; more join than leave, so it will not last.",
    "over_52_weeks_not_known": "Not worked out: their number is not known often enough.",
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
    yield f"By {day_in_words(last.day)} the list is likely to be between {of} ({how_sure(kept)})."
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
    """The answer to a question, how likely that is within a year, and how well such ranges held."""
    said = _REASONS.get(one["reason"]) or _ANSWERS.get((one["kind"], one["status"]))
    if said is not None:
        return " ".join([said, *_held_back(one)])
    if one["status"] not in {"ok", "unlikely"}:
        return str(one["sentence"])
    kept, ahead = kept_in(one["ranges_held"]), weeks_ahead(one)
    when = "More likely than not later than in two years"
    if one["status"] == "ok":
        until = day_in_words(_day(one["p90"])) if one["p90"] else "some time after that"
        when = f"Likely between {day_in_words(_day(one['p10']))} and {until}"
    sure = f" ({how_sure(kept, ahead=ahead)})" if one["status"] == "ok" else ""
    held = kept_words(kept, too_narrow=DAYS_TOO_NARROW, ahead=ahead)
    return f"{when}, at the recent pace{sure}. {within_a_year(one['p_within_52_weeks'])} {held}"


def _held_back(one: Mapping[str, Any]) -> Iterator[str]:
    """Of a list that grows, what would stop that; only for those who may see the numbers behind the answer."""
    details = one["details"]
    joins, leaves = (details.get(name) for name in ("referrals_per_week", "removals_per_week"))
    if one["kind"] == "sustainable" and "more_a_week_p90" in details and joins > leaves:
        if one["status"] != "never":
            yield "More join than leave, so it will not clear at the recent pace."
        yield to_hold(details["more_a_week_p10"], details["more_a_week_p90"], kept_in(one["ranges_held"]))


def _day(given: date | str) -> date:
    return given if isinstance(given, date) else date.fromisoformat(given)
