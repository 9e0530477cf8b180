"""The JSON form of one waiting list: every field of the shape, null with a note where nothing is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from api import words
from api.about import About
from api.views import missing
from api.views.flows import NO_FLOWS, flow_notes, flows
from api.views.stages import stages
from api.views.waits import NOT_SEEN, shares, wait_notes, waits, weeks_of
from waitlists import bands, single_weeks
from waitlists.counts.histories import VintageCells
from waitlists.domain import Finding, Measure
from waitlists.sources import COUNTED_SOURCES, PUBLISHED_SOURCES, freq_of
from waitlists.store.read import StoredList

VERY_LONG: Mapping[Measure, int] = {Measure.OVER_156_WEEKS: 156, Measure.OVER_208_WEEKS: 208}
"""Weeks that lie in the open top band."""

IN_THE_WEEK = (
    "Not known: it was sent by whole weeks, and some are in week {mark}, whose first day is not over {mark} weeks and "
    "whose others are."
)
NOT_ALL_WEEKS = "Not known: not everybody on the list was counted by single weeks."
NOT_SUPPLIED = "Suppressed or not published in this file."
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
    counts, waited, moved = _counts(stored), waits(stored), flows(stored)
    why_null = _why_no_wait(shown)
    notes = {
        **missing.raw_notes(stored, made_good),
        **flow_notes(stored, moved),
        **{name: _why_null(shown) for name, value in counts.items() if value is None},
        **_very_long_notes(stored),
        **wait_notes(stored, waited, why_null=why_null),
    }
    return {
        **_identity(shown),
        "adjusted": made_good,
        **_completeness(stored),
        **counts,
        **waited,
        **moved,
        "shares": shares(stored, why_null=why_null, no_flows=_no_seen(stored)),
        "stages": stages(stored),
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
        "freq": freq_of(shown.stored.source),
        "reconstructed": shown.stored.vintage.is_reconstructed,
        "vintage": vintage(shown.stored),
        "is_proxy": about.service.proxy_note_in(shown.stored.source) is not None,
        "proxy_sentence": words.proxy_sentence(about.service, shown.stored.source),
        "synthetic": shown.stored.is_synthetic,
    }


def _completeness(stored: StoredList) -> dict[str, Any]:
    """How much of the list is there."""
    return {
        "coverage": missing.coverage_of(stored),
        "missing_providers": missing.missing_providers(stored.coverage),
        "provisional": missing.is_provisional(stored),
        "latest_period_of_source": stored.latest_period_of_source,
    }


def _counts(stored: StoredList) -> dict[str, Any]:
    """How many wait, and how many of them long."""
    counts = stored.bands
    return {
        "list_size": counts.total,
        "bands": [_band(row) for row in bands.rows(counts)],
        "unbanded": bands.unbanded(counts),
        **{f"over_{weeks}_weeks": bands.over_weeks(counts, weeks) for weeks in (18, 52, 104)},
        **{measure.value: _very_long(stored, measure) for measure in VERY_LONG},
    }


def _very_long(stored: StoredList, measure: Measure) -> int | None:
    """Who waits beyond the bands' last edge: as counted, else as single weeks tell it."""
    weeks = weeks_of(stored)
    if measure.value in stored.flows or weeks is None:
        return stored.flows.get(measure.value)
    return single_weeks.over_weeks(weeks, VERY_LONG[measure])


def _very_long_notes(stored: StoredList) -> dict[str, str]:
    """Why single weeks do not tell who is over a mark."""
    if not stored.weeks:
        return {}
    weeks, unknown = weeks_of(stored), [one for one in VERY_LONG if _very_long(stored, one) is None]
    return {one.value: IN_THE_WEEK.format(mark=VERY_LONG[one]) if weeks else NOT_ALL_WEEKS for one in unknown}


def _band(row: bands.BandRow) -> dict[str, Any]:
    return dict(zip(("label", "from_days", "to_days", "count"), row, strict=True))


def _why_null(shown: Shown) -> str:
    """Why a count is not known: what was found of its bands, else that nobody waits or that nothing is published."""
    if shown.stored.bands.total == 0:
        return "Nobody was waiting."
    if shown.about.is_suppressed:
        return words.SUPPRESSED
    of_bands = [one.sentence for one in shown.stored.findings if one.code in UNUSABLE]
    return of_bands[0] if of_bands else NOT_SUPPLIED


def _why_no_wait(shown: Shown) -> str:
    absent = missing.absent_from(shown.stored)
    return missing.of_another_list(absent, shown.stored.source) if absent else _why_null(shown)


def _no_seen(stored: StoredList) -> str:
    return NO_FLOWS if stored.source in PUBLISHED_SOURCES else NOT_SEEN


def vintage(stored: StoredList) -> dict[str, Any]:
    """Which file a figure comes from, or what it was made from, and from which day it counts as known."""
    made = _made(stored)
    return {
        "id": stored.vintage.id,
        "delivery_id": stored.vintage.delivery_id,
        "known_from": stored.vintage.known_from,
        "sha256": None if made else stored.vintage.sha256,
        "file_name": made or stored.vintage.file_name,
        "deliveries": _deliveries(stored),
    }


def _deliveries(stored: StoredList) -> list[int]:
    return list(stored.behind or (stored.vintage.delivery_id,))


def _made(stored: StoredList) -> str | None:
    """What a figure was made from that stands in no file; None for one that does."""
    files = len(_deliveries(stored))
    if stored.source in COUNTED_SOURCES:
        return "counted from referral records" + (f" of {files} deliveries" if files > 1 else "")
    if _deliveries(stored) == [stored.vintage.delivery_id]:
        return None
    return f"sum of {files} file{'s' if files > 1 else ''}"


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


def links(stored: StoredList, about: About) -> dict[str, str | None]:
    """Addresses of what belongs with a list, as known on the same day and of the same source."""
    place, same = about.place, urlencode({"as_of": about.day, "source": stored.source})
    named = urlencode({"service": about.service.code, "org": about.organisation.code})
    one, *more = _deliveries(stored)
    delivery = f"/v1/deliveries/{one}"
    stands_in_cell = stored.source in PUBLISHED_SOURCES or (stored.vintage.scope and _made(stored) is None)
    return {
        "self": f"/v1/waiting-lists/{place}?{same}",
        "series": f"/v1/series/{place}/list_size?{same}",
        "forecast": f"/v1/forecasts/{place}/list_size?{same}",
        "clearance": f"/v1/clearance/{place}?{same}",
        "findings": f"/v1/findings?{named}&as_of={about.day}",
        "delivery": None if more else delivery,
        "cells": f"{delivery}/cells?{named}" if stands_in_cell else None,
    }
