"""The JSON form of one waiting list: every field of the shape, null with a note where nothing is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from api import words
from api.about import About
from api.views import missing
from waitlists import bands
from waitlists.domain import Finding
from waitlists.series import VintageCells
from waitlists.standards import Basis, Standard, last_day_within, standards_for, target_share
from waitlists.store.read import StoredList

DAYS_A_WEEK = 7
NO_FLOWS = "The published workbooks count who is waiting, not who joined or left; flows are not published."
NOT_SUPPLIED = "Suppressed or not published in this file."
AT_LEAST = "_at_least_weeks"
WAITS = {"median_wait": 0.5, "p92_wait": 0.92}
UNUSABLE = frozenset({"bands_all_zero", "bands_exceed_total"})
"""Findings that say why nothing is worked out from the bands."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A stored list with what is needed to show it: whose it is, and what anybody absent from it last said."""

    stored: StoredList
    about: About
    last_known: missing.LastKnown = field(default_factory=dict[tuple[str, date], VintageCells])


def waiting_list(shown: Shown) -> dict[str, Any]:
    """One list as known on a day, with its reasons for care and links to what belongs with it."""
    stored, about = shown.stored, shown.about
    made_good = missing.adjusted(stored, shown.last_known)
    counts, flows = _counts(stored), _flows(stored.flows)
    notes = {
        **missing.raw_notes(stored, made_good),
        **{name: NO_FLOWS for name, value in flows.items() if value is None},
        **_count_notes(counts, shown),
    }
    return {
        **_identity(shown),
        "adjusted": made_good,
        **_completeness(stored),
        **counts,
        **flows,
        "shares": _shares(shown),
        "findings": [finding(one) for one in stored.findings],
        "notes": notes,
        "sentence": words.list_sentence(stored, about),
        "links": links(stored, about),
    }


def _identity(shown: Shown) -> dict[str, Any]:
    """What the figure is about and where it comes from."""
    about = shown.about
    return {
        "service": about.service.code,
        "service_label": about.service.label,
        "org": about.organisation.code,
        "org_name": about.organisation.name,
        "org_level": about.organisation.level,
        "as_of": about.as_of,
        "period_end": shown.stored.period_end,
        "dataset_version": about.dataset_version,
        "source": shown.stored.source,
        "vintage": vintage(shown.stored),
        "is_proxy": bool(about.service.is_proxy_for),
        "proxy_sentence": words.proxy_sentence(about.service),
        "synthetic": shown.stored.is_synthetic,
    }


def _completeness(stored: StoredList) -> dict[str, Any]:
    """How much of the list is there."""
    return {
        "coverage": stored.coverage.share,
        "missing_providers": missing.missing_providers(stored.coverage),
        "provisional": bool(missing.absent_from(stored)),
        "latest_period_of_source": stored.latest_period_of_source,
    }


def _counts(stored: StoredList) -> dict[str, Any]:
    """How many wait, and how long; no wait of a list of which part is absent."""
    counts = stored.bands
    is_whole = not missing.absent_from(stored)
    waits = {name: _wait(counts, q) if is_whole else (None, None) for name, q in WAITS.items()}
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


def _count_notes(counts: Mapping[str, Any], shown: Shown) -> dict[str, str]:
    """Why a count or a wait is null, and of what part of the list a wait is."""
    nothing = _why_null(shown)
    notes = {name: nothing for name, value in counts.items() if value is None and not name.endswith(AT_LEAST)}
    few = missing.unbanded_note(shown.stored.bands)
    for name in WAITS:
        if counts[name + AT_LEAST] is not None:
            notes[name] = f"At least {counts[name + AT_LEAST]} weeks: it lies in the open top band."
        elif counts[name] is not None and few:
            notes[name] = few
        elif counts[name] is None:
            notes[name] = _why_no_share(shown)
    return notes


def _why_null(shown: Shown) -> str:
    """Why a count is not known: what was found of its bands, else that nobody waits or that nothing is published."""
    if shown.stored.bands.total == 0:
        return "Nobody was waiting."
    if shown.about.is_suppressed:
        return words.SUPPRESSED
    of_bands = [one.sentence for one in shown.stored.findings if one.code in UNUSABLE]
    return of_bands[0] if of_bands else NOT_SUPPLIED


def _why_no_share(shown: Shown) -> str:
    absent = missing.absent_from(shown.stored)
    return missing.of_another_list(absent) if absent else _why_null(shown)


def vintage(stored: StoredList) -> dict[str, Any]:
    """Which file a figure comes from and from which day it counts as known."""
    return {
        "id": stored.vintage.id,
        "delivery_id": stored.vintage.delivery_id,
        "known_from": stored.vintage.known_from,
        "sha256": stored.vintage.sha256,
        "file_name": stored.vintage.file_name,
    }


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


def links(stored: StoredList, about: About) -> dict[str, str]:
    """Addresses of what belongs with a list, as known on the same day and of the same source."""
    place, same = about.place, urlencode({"as_of": about.day, "source": stored.source})
    named = urlencode({"service": about.service.code, "org": about.organisation.code})
    delivery = f"/v1/deliveries/{stored.vintage.delivery_id}"
    return {
        "self": f"/v1/waiting-lists/{place}?{same}",
        "series": f"/v1/series/{place}/list_size?{same}",
        "forecast": f"/v1/forecasts/{place}/list_size?{same}",
        "clearance": f"/v1/clearance/{place}?{same}",
        "findings": f"/v1/findings?{named}&as_of={about.day}",
        "delivery": delivery,
        "cells": f"{delivery}/cells?{named}",
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


def _shares(shown: Shown) -> list[dict[str, Any]]:
    return [
        _share(shown, standard, basis)
        for standard in standards_for(shown.about.service.code)
        for basis in standard.applies_to
    ]


def _share(shown: Shown, standard: Standard, basis: Basis) -> dict[str, Any]:
    """The share within a standard, of those waiting or of those seen; the second needs flows."""
    counts = shown.stored.bands
    is_known = basis == "waiting" and not missing.absent_from(shown.stored)
    share = bands.share_within(counts, last_day_within(standard)) if is_known else None
    why_null = NO_FLOWS if basis == "completed" else _why_no_share(shown)
    return {
        "standard_id": standard.id,
        "basis": basis,
        "share": share.value if share else None,
        "method": share.method if share else None,
        "threshold_days": standard.threshold_days,
        "target_share": target_share(standard, shown.stored.period_end),
        "note": missing.unbanded_note(counts) if share else why_null,
    }
