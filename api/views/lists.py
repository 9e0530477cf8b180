"""The JSON form of one waiting list: every field of the shape, null with a note where nothing is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from api import words
from waitlists import bands
from waitlists.domain import Coverage, Finding
from waitlists.organisations import Organisation
from waitlists.services import Service
from waitlists.standards import Basis, Standard, last_day_within, standards_for, target_share
from waitlists.store.read import DatasetVersion, StoredList

DAYS_A_WEEK = 7
NO_FLOWS = "The published workbooks count who is waiting, not who joined or left; flows are not published."
NOT_SUPPLIED = "Suppressed or not published in this file."
AT_LEAST = "_at_least_weeks"


@dataclass(frozen=True, slots=True)
class Shown:
    """A stored list with what is needed to show it: names, the day asked about, the published version."""

    stored: StoredList
    service: Service
    organisation: Organisation
    as_of: date
    version: DatasetVersion | None


def waiting_list(shown: Shown) -> dict[str, Any]:
    """One list as known on a day, with its reasons for care and links to what belongs with it."""
    counts, flows = _counts(shown.stored.bands), _flows(shown.stored.flows)
    notes = {
        **{name: NO_FLOWS for name, value in flows.items() if value is None},
        **_count_notes(counts, size=shown.stored.bands.total),
        **_adjusted_note(shown.stored),
    }
    return {
        **_identity(shown),
        **_completeness(shown.stored),
        **counts,
        **flows,
        "shares": _shares(shown.stored.bands, shown.service, shown.stored.period_end),
        "findings": [finding(one) for one in shown.stored.findings],
        "notes": notes,
        "sentence": _sentence(shown),
        "links": links(shown.stored, shown.service.code, shown.organisation.code, as_of=shown.as_of),
    }


def _identity(shown: Shown) -> dict[str, Any]:
    """What the figure is about and where it comes from."""
    return {
        "service": shown.service.code,
        "service_label": shown.service.label,
        "org": shown.organisation.code,
        "org_name": shown.organisation.name,
        "org_level": shown.organisation.level,
        "as_of": shown.as_of,
        "period_end": shown.stored.period_end,
        "dataset_version": shown.version.version if shown.version else None,
        "source": shown.stored.source,
        "vintage": vintage(shown.stored),
        "is_proxy": bool(shown.service.is_proxy_for),
        "proxy_sentence": words.proxy_sentence(shown.service),
        "synthetic": shown.stored.is_synthetic,
    }


def _completeness(stored: StoredList) -> dict[str, Any]:
    """How much of the list is there, and what it would be with the rest."""
    return {
        "adjusted": _adjusted(stored.coverage, stored.bands.total),
        "coverage": stored.coverage.share,
        "missing_providers": missing_providers(stored.coverage),
        "provisional": bool(stored.coverage.missing),
        "latest_period_of_source": stored.latest_period_of_source,
    }


def _counts(counts: bands.WaitBands) -> dict[str, Any]:
    """How many wait, and how long."""
    waits = {"median_wait": _wait(counts, 0.5), "p92_wait": _wait(counts, 0.92)}
    return {
        "list_size": counts.total,
        "bands": [_band(row) for row in bands.rows(counts)],
        "unbanded": bands.unbanded(counts),
        **{name: weeks for name, (weeks, _) in waits.items()},
        **{name + AT_LEAST: at_least for name, (_, at_least) in waits.items()},
        **{f"over_{weeks}_weeks": bands.over_weeks(counts, weeks) for weeks in (18, 52, 104)},
    }


def _band(row: bands.BandRow) -> dict[str, Any]:
    return dict(zip(("label", "from_days", "to_days", "count"), row, strict=True))


def _count_notes(counts: Mapping[str, Any], *, size: int | None) -> dict[str, str]:
    """Why a count or a wait is null."""
    nothing = "Nobody was waiting." if size == 0 else NOT_SUPPLIED
    notes = {name: nothing for name, value in counts.items() if value is None and not name.endswith(AT_LEAST)}
    for name in ("median_wait", "p92_wait"):
        if counts[name + AT_LEAST] is not None:
            notes[name] = f"At least {counts[name + AT_LEAST]} weeks: it lies in the open top band."
    return notes


def _sentence(shown: Shown) -> str:
    stored = shown.stored
    return words.list_sentence(
        service=shown.service,
        organisation=shown.organisation,
        size=stored.bands.total,
        period_end=stored.period_end,
        as_of=shown.as_of,
        coverage=stored.coverage,
        findings=stored.findings,
        latest_period=stored.latest_period_of_source,
        is_synthetic=stored.is_synthetic,
    )


def vintage(stored: StoredList) -> dict[str, Any]:
    """Which file a figure comes from and from which day it counts as known."""
    return {
        "id": stored.vintage.id,
        "delivery_id": stored.vintage.delivery_id,
        "known_from": stored.vintage.known_from,
        "sha256": stored.vintage.sha256,
        "file_name": stored.vintage.file_name,
    }


def missing_providers(coverage: Coverage) -> list[dict[str, Any]]:
    """Who sent no figures, with their last known list."""
    return [
        {
            "org": one.org,
            "org_name": words.name_of(one.org),
            "last_period": one.last_period,
            "last_list_size": one.last_list_size,
        }
        for one in coverage.missing
    ]


def finding(found: Finding) -> dict[str, Any]:
    """One finding as it stands beside a figure."""
    return {
        "code": found.code,
        "severity": found.severity,
        "sentence": found.sentence,
        "period_end": found.period_end,
        "known_from": found.known_from,
        "sheet": found.sheet,
        "cell": found.cell,
    }


def links(stored: StoredList, service: str, org: str, *, as_of: date) -> dict[str, str]:
    """Addresses of what belongs with a list, as known on the same day and of the same source."""
    place = f"{quote(service, safe='')}/{quote(org, safe='')}"
    same = urlencode({"as_of": as_of.isoformat(), "source": stored.source})
    about = urlencode({"service": service, "org": org})
    delivery = f"/v1/deliveries/{stored.vintage.delivery_id}"
    return {
        "self": f"/v1/waiting-lists/{place}?{same}",
        "series": f"/v1/series/{place}/list_size?{same}",
        "forecast": f"/v1/forecasts/{place}/list_size?{same}",
        "clearance": f"/v1/clearance/{place}?{same}",
        "findings": f"/v1/findings?{about}&as_of={as_of.isoformat()}",
        "delivery": delivery,
        "cells": f"{delivery}/cells?{about}",
    }


def _flows(stored: Mapping[str, int | None]) -> dict[str, Any]:
    """Who joined and who left, where the source says; the balance needs the list before, which no source gives yet."""
    removals = {"all": stored.get("removals"), "treated": stored.get("treated")}
    known = {reason: count for reason, count in removals.items() if count is not None}
    return {"referrals": stored.get("referrals"), "removals": known or None, "residual": None, "balanced": None}


def _wait(counts: bands.WaitBands, q: float) -> tuple[float | None, int | None]:
    """A percentile wait in weeks; in the open top band only what it is at least."""
    wait = bands.percentile_wait(counts, q)
    if wait is None:
        return None, None
    return None if wait.days is None else round(wait.days / DAYS_A_WEEK, 2), wait.at_least_weeks


def _adjusted(coverage: Coverage, size: int | None) -> dict[str, Any] | None:
    if size is None or not coverage.missing:
        return None
    return {
        "list_size": size + coverage.last_known_missing,
        "added": coverage.last_known_missing,
        "sentence": "The last known lists of the missing providers are added; nobody knows their lists of this month.",
    }


def _adjusted_note(stored: StoredList) -> dict[str, str]:
    if not stored.coverage.missing:
        return {"adjusted": "Every expected provider is there: nothing to adjust."}
    if stored.bands.total is None:
        return {"adjusted": "The list itself is not known, so nothing can be added to it."}
    return {}


def _shares(counts: bands.WaitBands, service: Service, period_end: date) -> list[dict[str, Any]]:
    return [
        _share(counts, standard, basis, period_end)
        for standard in standards_for(service.code)
        for basis in standard.applies_to
    ]


def _share(counts: bands.WaitBands, standard: Standard, basis: Basis, period_end: date) -> dict[str, Any]:
    """The share within a standard, of those waiting or of those seen; the second needs flows."""
    share = bands.share_within(counts, last_day_within(standard)) if basis == "waiting" else None
    note = NO_FLOWS if basis == "completed" else NOT_SUPPLIED
    return {
        "standard_id": standard.id,
        "basis": basis,
        "share": share.value if share else None,
        "method": share.method if share else None,
        "threshold_days": standard.threshold_days,
        "target_share": target_share(standard, period_end),
        "note": None if share else note,
    }
