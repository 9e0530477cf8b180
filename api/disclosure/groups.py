"""What each number of a list by groups is, for those who may not see it exactly."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from api import words
from api.disclosure import said
from api.disclosure.edge import Exact, Hidden, Lookup
from api.views.groups import BY, ShownGroups
from waitlists.counts.groups import BANDS, median_of_bands
from waitlists.suppression import Plan, Shape
from waitlists.suppression.groups import group_name
from waitlists.suppression.lists import OVER_18_WEEKS, TOTAL
from waitlists.suppression.sheets import Sheet, node, nothing

PLAIN: Final = (
    "/links/**",
    "/dataset_version",
    "/org_name",
    "/service_label",
    "/groups/*/group",
    "/groups/*/label",
    "/groups/*/bands/*/from_days",
    "/groups/*/bands/*/to_days",
    "/groups/*/bands/*/label",
)


def exact_groups(shown: ShownGroups, body: Mapping[str, Any]) -> Exact:
    """The answer about the groups of a list in exact figures, with what hides it."""
    stored = shown.stored

    def hide(lookup: Lookup) -> Hidden:
        own = lookup.of(stored.source, stored.service, [stored.period_end]).get(node(stored.vintage.id, stored.org))
        sheet = lookup.kept.grouped(own, shown.divided, lookup.rule) if own else nothing(lookup.rule)
        return Hidden(groups_shape(shown, body, sheet), sheet)

    return Exact(body, stored.source, stored.org, shown.about.organisation.level, hide)


def groups_shape(shown: ShownGroups, body: Mapping[str, Any], own: Sheet) -> Shape:
    """What the numbers of a list by groups are."""
    counts = {"/list_size": own.name(TOTAL)}
    remade: dict[str, Callable[[Plan], object]] = {}
    unsaid: dict[str, bool] = {}
    for place, one in enumerate(body["groups"]):
        at = f"/groups/{place}"
        names = [group_name(own, shown.cut, one["group"], band.label) for band in BANDS]
        counts |= {f"{at}/bands/{band}/count": name for band, name in enumerate(names)}
        counts[f"{at}/list_size"] = group_name(own, shown.cut, one["group"], TOTAL)
        counts[f"{at}/over_18_weeks"] = group_name(own, shown.cut, one["group"], OVER_18_WEEKS)
        counts[f"{at}/over_52_weeks"] = names[-1]
        whole = counts[f"{at}/list_size"]
        median = remade[f"{at}/median_wait"] = _median(names, whole)
        unsaid[f"{at}/median_wait"] = median(own.plan) is None and own.plan.shown.get(whole) != 0
    is_whole = not shown.stored.coverage.missing
    missing = [{**one, "last_list_size": None} for one in body["missing_providers"]]
    cares = tuple(said.cares(shown.stored, shown.about))
    return Shape(
        counts=counts,
        remade={
            **remade,
            "/coverage": lambda _: body["coverage"] if is_whole else None,
            "/missing_providers": lambda _: missing,
            "/vintage": lambda _: said.vintage(body["vintage"]),
            "/sentence": lambda _: words.groups_sentence(shown.stored, shown.about, by=BY[shown.cut], cares=cares),
        },
        unsaid=unsaid,
        plain=PLAIN,
    )


def _median(names: list[str], whole: str) -> Callable[[Plan], object]:
    """The median in whole weeks from counts as shown."""

    def median(plan: Plan) -> int | None:
        days = median_of_bands([plan.shown.get(name) for name in names], plan.shown.get(whole))
        return None if days is None else round(days / 7)

    return median
