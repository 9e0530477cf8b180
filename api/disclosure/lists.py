"""What each number of a waiting list is, for those who may not see it exactly."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from api import words
from api.about import About
from api.disclosure import said
from api.disclosure.edge import Exact, Hidden, Lookup
from api.views.flows import ALL, NO_FLOWS, NO_OPENING, NOT_BY_REASON, NOT_SENT
from api.views.lists import NOT_SUPPLIED, Shown
from api.views.missing import OTHERS, UNKNOWN, WHOLE, absent_from, coverage_of
from api.views.stages import OVER_52, total_of
from api.views.waits import AT_LEAST, FROM_BANDS, LEVELS
from forecasting.warnings.seen import counted_as
from waitlists.domain import Measure, MissingProvider
from waitlists.sources import PUBLISHED_SOURCES
from waitlists.standards import find_standard, last_day_within
from waitlists.store.read import StoredList
from waitlists.suppression import (
    CountedList,
    Plan,
    Shape,
    at_least_from_shown,
    cut,
    legend,
    longest_from_shown,
    protect,
    share_from_shown,
    share_method_from_shown,
    shown_share,
    table_of_lists,
    wait_from_shown,
)
from waitlists.suppression.lists import REMOVALS, TOTAL, UNBANDED
from waitlists.suppression.rules import NOT_SHOWN, Rule
from waitlists.suppression.sheets import NAMES, OF, WITHIN, Sheet, node, nothing

PLAIN: Final = (
    "/dataset_version",
    "/proxy_sentence",
    "/org_name",
    "/service_label",
    "/bands/*/from_days",
    "/bands/*/to_days",
    "/bands/*/label",
    "/stages/*/bands/*/from_days",
    "/stages/*/bands/*/to_days",
    "/stages/*/bands/*/label",
    "/shares/*/threshold_days",
    "/shares/*/target_share",
)
"""What counts nobody."""

NOTES: Final = frozenset(
    {NO_FLOWS, NO_OPENING, NOT_BY_REASON, NOT_SENT, NOT_SUPPLIED, WHOLE, OTHERS, UNKNOWN, words.SUPPRESSED}
)
"""Notes that may be given as they are; another one may say a number, or that nobody waits."""

WITHHELD: Final = ("/residual", "/shares/*/within", "/shares/*/of", "/shares/*/adjusted_share")
"""What only those see who may see exact figures."""

FOR_OWNERS: Final = "Given to those alone who may see exact figures."

BANDS_HIDDEN: Final = "Not given: it is worked out from wait bands, and not all of these are shown."

_UNKNOWN = "Not given: part of the list is missing, or its bands are not shown."


def exact_list(shown: Shown, body: Mapping[str, Any]) -> Exact:
    """The answer about one list in exact figures, with what hides it."""
    stored, about = shown.stored, shown.about
    return Exact(body, stored.source, stored.org, about.organisation.level, lambda lookup: _hidden(shown, body, lookup))


def _hidden(shown: Shown, body: Mapping[str, Any], lookup: Lookup) -> Hidden:
    stored = shown.stored
    if stored.source in PUBLISHED_SOURCES:
        sheet, last_known = _alone(stored, lookup.rule), dict[str, int | None]()
    else:
        sheets = lookup.of(stored.source, stored.service, _periods(stored))
        sheet = sheets.get(node(stored.vintage.id, stored.org)) or nothing(lookup.rule)
        last_known = {one.org: _last_shown(one, shown, sheets) for one in stored.coverage.missing}
    told = {"shares": told_shares(body, sheet)}
    return Hidden(list_shape({**body, **told}, stored, shown.about, sheet, last_known), sheet, told)


def told_shares(body: Mapping[str, Any], own: Sheet) -> list[dict[str, Any]]:
    """Shares whose method and note follow from what is shown: those of exact figures differ where there is nobody."""
    shares, told = _shares(body, own), list[dict[str, Any]]()
    for place, one in enumerate(body["shares"]):
        is_shown = shares[f"/shares/{place}/share"](own.plan) is not None
        method = _method(one, own) if is_shown and one["method"] else None
        told.append({**one, "method": method, "note": None if is_shown else _UNKNOWN})
    return told


def _method(one: Mapping[str, Any], own: Sheet) -> str | None:
    """How the share that is shown is found, which is not how the exact one is."""
    if one["basis"] == "completed":
        return "exact"
    return share_method_from_shown(own.plan, own.node, last_day_within(find_standard(one["standard_id"])))


def _periods(stored: StoredList) -> list[Any]:
    return [stored.period_end, *(one.last_period for one in stored.coverage.missing)]


def _last_shown(provider: MissingProvider, shown: Shown, sheets: Mapping[str, Sheet]) -> int | None:
    """The last known list of a missing provider, as it is shown where it is asked for itself."""
    cells = shown.last_known.get((provider.org, provider.last_period))
    sheet = sheets.get(node(cells.vintage_id, provider.org)) if cells else None
    return sheet.shown(TOTAL) if sheet else None


def _alone(stored: StoredList, rule: Rule) -> Sheet:
    """A published list beside our own figures: rounded by itself, since anybody may look up what it is."""
    name = node(stored.vintage.id, stored.org)
    counted = CountedList(stored.bands, referrals=stored.flows.get("referrals"), removed=stored.flows.get("removals"))
    table = table_of_lists({name: counted}, made_of={}, rule=rule)
    return Sheet(name, table, protect(table, rule))


def list_shape(
    body: Mapping[str, Any], stored: StoredList, about: About, own: Sheet, last_known: Mapping[str, int | None]
) -> Shape:
    """What the numbers of one waiting list are; `last_known` are the lists of missing providers as shown."""
    counts = {f"/{measure}": own.name(name) for measure, name in NAMES.items() if measure != Measure.REMOVALS}
    counts |= {f"/bands/{place}/count": own.name(band["label"]) for place, band in enumerate(body["bands"])}
    counts |= {"/unbanded": own.name(UNBANDED), "/removals/*": own.name(f"{REMOVALS}:*")}
    counts |= {f"/removals/{ALL}": own.name(REMOVALS)}
    counts |= dict(_stage_counts(body, own))
    counts |= dict(_over_counts(body, own))
    added = _added(last_known)
    return Shape(
        counts=counts,
        remade={
            **_waits(own),
            **_shares(body, own),
            **_long_stages(body, own),
            "/adjusted": lambda _: _adjusted(own, added),
            "/missing_providers": lambda _: _missing(body, last_known),
            "/coverage": lambda _: _coverage(own, stored, added),
            "/findings": lambda _: said.findings(body["findings"]),
            "/notes": lambda plan: _notes(body, counts, plan, own, is_whole=not absent_from(stored)),
            "/vintage": lambda _: said.vintage(body["vintage"]),
            "/links": lambda _: {**body["links"], "delivery": None, "cells": None},
            "/sentence": lambda plan: _sentence(plan, own, stored, about),
        },
        unsaid=_unsaid(body, stored, own),
        withheld=WITHHELD,
        plain=PLAIN,
    )


def _waits(own: Sheet) -> dict[str, Callable[[Plan], object]]:
    def wait(q: float) -> Callable[[Plan], object]:
        return lambda plan: wait_from_shown(plan, own.node, q)

    def at_least(q: float) -> Callable[[Plan], object]:
        return lambda plan: at_least_from_shown(plan, own.node, q)

    weeks = {f"/{name}": wait(q) for name, q in LEVELS.items()}
    weeks |= {f"/{name}{AT_LEAST}": at_least(q) for name, q in LEVELS.items()}
    return {**weeks, "/longest_wait": lambda plan: longest_from_shown(plan, own.node)}


def _unsaid(body: Mapping[str, Any], stored: StoredList, own: Sheet) -> dict[str, bool]:
    """Waits and shares that are pointed to as hidden: those of anybody of which nothing is shown.

    In exact figures a wait or a share of nobody is null, and so is either of a wait and the least that it can be.
    """
    if absent_from(stored):
        return {}
    may_wait, found, shares = _may_wait(body, own), dict[str, bool](), _shares(body, own)
    for name in LEVELS:
        found |= dict.fromkeys((f"/{name}", f"/{name}{AT_LEAST}"), may_wait and not _is_said(own, name))
    for place, one in enumerate(body["shares"]):
        whole = own.name(cut(OF, one["standard_id"]))
        is_seen = own.table.counts.get(whole) is not None and own.plan.shown.get(whole) != 0
        at = f"/shares/{place}/share"
        found[at] = shares[at](own.plan) is None and (is_seen if one["basis"] == "completed" else may_wait)
        # Where single waits are counted there is one of anybody, and none of nobody.
        found[f"/shares/{place}/adjusted_share"] = one["basis"] == "waiting" and one["of"] is not None
    return found | {f"/removals/{reason}": True for reason in _hidden_reasons(body, own)}


def _hidden_reasons(body: Mapping[str, Any], own: Sheet) -> list[str]:
    """Reasons for leaving that are not shown of a total that is hidden: of nobody each is known without being sent."""
    if own.name(REMOVALS) not in own.plan.hidden:
        return []
    return [name for name in body["removals"] if name != ALL and own.shown(f"{REMOVALS}:{name}") is None]


def _may_wait(body: Mapping[str, Any], own: Sheet) -> bool:
    """Whether anybody may be waiting, by what is shown, of a list whose bands are known."""
    return own.shown(TOTAL) != 0 and any(one["count"] is not None for one in body["bands"])


def _is_said(own: Sheet, name: str) -> bool:
    """Whether a percentile wait is shown, or the least that it can be."""
    return any(find(own.plan, own.node, LEVELS[name]) is not None for find in (wait_from_shown, at_least_from_shown))


def _stage_counts(body: Mapping[str, Any], own: Sheet) -> Iterator[tuple[str, str]]:
    """The counts of the later stages, by the names they have on a sheet."""
    for place, stage in enumerate(body["stages"]):
        yield f"/stages/{place}/list_size", own.name(cut(stage["stage"], TOTAL))
        for at, band in enumerate(stage["bands"]):
            yield f"/stages/{place}/bands/{at}/count", own.name(cut(stage["stage"], band["label"]))


def _over_counts(body: Mapping[str, Any], own: Sheet) -> Iterator[tuple[str, str]]:
    """Those over each standard, by the names they have on a sheet."""
    for place, one in enumerate(body["shares"]):
        days = last_day_within(find_standard(one["standard_id"]))
        yield f"/shares/{place}/over", own.name(counted_as(days))


def _long_stages(body: Mapping[str, Any], own: Sheet) -> dict[str, Callable[[Plan], object]]:
    """Over 52 weeks of each later stage: its two last bands as shown."""

    def over(stage: str) -> Callable[[Plan], object]:
        return lambda _: total_of([own.shown(cut(stage, label)) for label in OVER_52])

    return {f"/stages/{place}/over_52_weeks": over(one["stage"]) for place, one in enumerate(body["stages"])}


def _shares(body: Mapping[str, Any], own: Sheet) -> dict[str, Callable[[Plan], object]]:
    """Shares from counts as shown: of those waiting by band, of those seen by how many were within the standard."""

    def share(standard_id: str, basis: str) -> Callable[[Plan], object]:
        if basis == "completed":
            part, whole = (own.shown(cut(kind, standard_id)) for kind in (WITHIN, OF))
            return lambda plan: shown_share(part, whole, plan.rule)
        days = last_day_within(find_standard(standard_id))
        return lambda plan: share_from_shown(plan, own.node, days)

    def note(_: Plan) -> str:
        return _UNKNOWN

    every = enumerate(body["shares"])
    found = {f"/shares/{place}/share": share(one["standard_id"], one["basis"]) for place, one in every}
    return {**found, "/shares/*/note": note}


def _notes(
    body: Mapping[str, Any], counts: Mapping[str, str], plan: Plan, own: Sheet, *, is_whole: bool
) -> dict[str, str]:
    """Notes that say nothing of any number, and for each field that is hidden the reason."""
    top = {at.removeprefix("/"): plan.shown.get(name) for at, name in counts.items() if at.count("/") == 1}
    waits: dict[str, object] = {name: wait_from_shown(plan, own.node, q) for name, q in LEVELS.items()}
    hidden = [name for name, value in top.items() if value is None and body.get(name) is not None]
    unsaid = [name for name in LEVELS if not _is_said(own, name)]
    unsaid += [] if longest_from_shown(plan, own.node) else ["longest_wait"]
    because = dict.fromkeys(unsaid, BANDS_HIDDEN) if is_whole and _may_wait(body, own) else {}
    notes = {name: note for name, note in body["notes"].items() if note in NOTES}
    notes |= {name: FROM_BANDS for name in LEVELS if waits[name] is not None}
    notes |= {"residual": FOR_OWNERS} if body["residual"] is not None else {}
    notes |= {"removals": legend(plan.rule)} if own.name(REMOVALS) in plan.hidden else {}
    return notes | dict.fromkeys(hidden, legend(plan.rule)) | because


def _added(last_known: Mapping[str, int | None]) -> int | None:
    """The last known lists of missing providers together, as shown; None where one of them is hidden."""
    counts = list(last_known.values())
    return None if not counts or None in counts else sum(count for count in counts if count is not None)


def _adjusted(own: Sheet, added: int | None) -> dict[str, Any]:
    """The list as shown with the missing lists as shown; the long waits of who is missing are not taken from sheets."""
    size = own.shown(TOTAL)
    over = dict.fromkeys(f"over_{weeks}_weeks" for weeks in (18, 52, 104))
    made_good = None if size is None or added is None else size + added
    return {"list_size": made_good, **over, "added": added, "sentence": said.ADDED}


def _missing(body: Mapping[str, Any], last_known: Mapping[str, int | None]) -> list[dict[str, Any]]:
    return [{**one, "last_list_size": last_known.get(one["org"])} for one in body["missing_providers"]]


def _coverage(own: Sheet, stored: StoredList, added: int | None) -> float | None:
    """The share of the list that is there, from counts as shown; whole where nobody is missing."""
    if not stored.coverage.missing:
        return coverage_of(stored)
    size = own.shown(TOTAL)
    return None if size is None or added is None or size + added == 0 else round(size / (size + added), 2)


def _sentence(plan: Plan, own: Sheet, stored: StoredList, about: About) -> str:
    name = own.name(TOTAL)
    waiting = plan.said(name) if name in plan.shown else NOT_SHOWN
    return words.list_sentence(stored, about, waiting=waiting, cares=said.cares(stored, about))
