"""The funnel of a share: which organisations differ from all together by more than their size explains.

It is worked out from the lists as their reader may see them. Only figures of one source and one period are compared; of
part of a list there is no share, and who is left out is named with the reason.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.answers import Body
from api.disclosure import said
from waitlists.periods import in_words
from waitlists.quality.words import names_of
from waitlists.services import Service
from waitlists.standards import Basis, Standard
from waitlists.store.read import StoredList
from waitlists.trends.funnel import Funnel, FunnelPoint, funnel_of
from waitlists.trends.measures import said as number_said

NOT_SHOWN: Final = "Its share cannot be shown or is not known."


@dataclass(frozen=True, slots=True)
class Compared:
    """What is compared: the share of a service within a standard, of those waiting or of those seen."""

    service: Service
    standard: Standard
    basis: Basis


def source_of_most(rows: Sequence[StoredList]) -> str | None:
    """The source that most lists have their newest figure from, the first of equals; None of no list."""
    return next((source for source, _ in Counter(row.source for row in rows).most_common(1)), None)


def funnel_body(items: Sequence[Body], asked: Compared) -> dict[str, Any]:
    """Who stands where, and who cannot be compared, from lists of one source as they may be shown."""
    newest = max((item["period_end"] for item in items), default=None)
    counts: dict[str, tuple[int, int]] = {}
    left_out: list[dict[str, str]] = []
    for item in items:
        why = _why_not(item, asked) if item["period_end"] == newest else _late(item)
        if why is None:
            counts[item["org"]] = _counted(item, asked) or (0, 0)
        else:
            left_out.append({"org": item["org"], "org_name": item["org_name"], "reason": why})
    funnel = funnel_of(counts)
    named = {item["org"]: item for item in items}
    return {
        "period_end": newest,
        "share": funnel.share,
        "dispersion": funnel.dispersion,
        "items": [_point(point, named[point.org]) for point in funnel.points],
        "left_out": left_out,
        "sentence": _sentence(funnel, items, asked),
    }


def _why_not(item: Body, asked: Compared) -> str | None:
    counted = _counted(item, asked)
    if counted is None:
        return _share(item, asked)["note"] or NOT_SHOWN
    return None if counted[1] else "Nobody this is about."


def _late(item: Body) -> str:
    return f"Its newest figure is of {in_words(item['period_end'], item['freq'])}."


def _share(item: Body, asked: Compared) -> Mapping[str, Any]:
    wanted = (asked.standard.id, asked.basis)
    return next(one for one in item["shares"] if (one["standard_id"], one["basis"]) == wanted)


def _counted(item: Body, asked: Compared) -> tuple[int, int] | None:
    """How many of how many, as far as the reader sees both; None where not."""
    found = _share(item, asked)
    of = found["of"]
    if of is None and asked.basis == "waiting" and None not in {item["list_size"], item["unbanded"]}:
        of = item["list_size"] - item["unbanded"]
    if of is None or (found["share"] is None and of):
        return None
    return (round((found["share"] or 0.0) * of), of)


def _point(point: FunnelPoint, item: Body) -> dict[str, Any]:
    stands = {"vintage_id": item["vintage"]["id"], **{name: item[name] for name in ("coverage", "provisional")}}
    return {**point._asdict(), "org_name": item["org_name"], **stands, "list": item["links"]["self"]}


def _sentence(funnel: Funnel, items: Sequence[Body], asked: Compared) -> str:
    what = f"{asked.service.label}, of those {asked.basis} ({asked.standard.label})"
    if funnel.share is None:
        return f"{what}: there is nobody to compare."
    parts = [f"{what}: {number_said(funnel.share, 'share')} of all {len(funnel.points)} together."]
    for position, way in (("low", "Fewer"), ("high", "More")):
        orgs = [point.org for point in funnel.points if point.position == position]
        if orgs:
            parts.append(f"{way} than chance explains: {names_of(orgs)}.")
    if all(point.position == "usual" for point in funnel.points):
        parts.append("None differs from all by more than chance explains.")
    if funnel.dispersion > 1:
        parts.append(f"They differ {funnel.dispersion:.1f} times more than by chance alone, so limits are wider.")
    rounded = any(said.ROUNDED in item["sentence"] for item in items)
    return " ".join([*parts, *([said.ROUNDED] if rounded else [])])
