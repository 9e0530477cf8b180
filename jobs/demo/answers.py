"""Picks the answers that the demonstration shows: each list of Kent and Medway, and where it is going."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from forecasting.store import load_forecast
from waitlists.bands import over_weeks, share_within
from waitlists.domain import Measure, Severity
from waitlists.quality.zeros import hidden_behind_zero
from waitlists.services import SERVICES
from waitlists.sources import freq_of
from waitlists.standards import last_day_within, usual_target
from waitlists.store import read
from waitlists.store.read import StoredList

ORG = "QKS"
FROM_RECORDS = ("ASD", "ADHD", "CAMHS", "SALT", "WHEELCHAIR", "COMM_PAEDS", "CAMHS_ED", "EHC")
SHOWN = (*FROM_RECORDS, "CYP_OCCUPATIONAL_THERAPY", "CYP_PHYSIOTHERAPY", "CYP_AUDIOLOGY")
AHEAD_ON = date(2027, 3, 31)
"""Half a year after the newest published figures, and within half a year of the newest weekly ones."""

_SHORT = {"referral_extract": "records", "weekly_return": "returns", "chs_sitrep": "published"}
_LONGEST_STEP = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Answer:
    """One list of Kent and Medway as the demonstration shows it; None where a figure is not known.

    `missing` is how many waited with providers missing from it when last known; `share` is that of those waiting within
    `standard`; `likely` is a range in words.
    """

    service: str
    label: str
    source: str = ""
    is_synthetic: bool = True
    waiting: int | None = None
    missing: int = 0
    over: tuple[int | None, ...] = (None, None, None)
    median_weeks: float | None = None
    share: float | None = None
    standard: str = ""
    coverage: float | None = None
    likely: str = ""
    facts: tuple[str, ...] = ()


def answers(connection: Connection, *, as_of: date) -> Iterator[Answer]:
    """Every list shown, as known on a day."""
    for service in SHOWN:
        label = SERVICES[service].label
        found = read.stored_list(connection, service=service, org=ORG, as_of=as_of)
        if found is None:
            yield Answer(service, label, facts=("Kent and Medway reports no such line.",))
        else:
            yield _answer(connection, found, label, as_of)


def _answer(connection: Connection, found: StoredList, label: str, as_of: date) -> Answer:
    likely, reason = _ahead(connection, found.service, as_of)
    absent = (*found.coverage.missing, *(who for one in found.findings for who in hidden_behind_zero(one)))
    serious = [item.sentence for item in found.findings if item.severity != Severity.INFO]
    # A share of a list of which part is missing is nobody's.
    share, standard = (None, "") if absent else _share(found, as_of)
    own = found.own
    return Answer(
        found.service,
        label,
        source=_SHORT.get(found.source, found.source),
        is_synthetic=found.is_synthetic,
        waiting=found.bands.total,
        missing=sum(who.last_list_size for who in absent),
        over=tuple(over_weeks(found.bands, weeks) for weeks in (18, 52, 104)),
        median_weeks=own.median_days / 7 if own and own.median_days is not None and not absent else None,
        share=share,
        standard=standard,
        coverage=found.coverage.share,
        likely=likely,
        facts=tuple(dict.fromkeys((*reason, *serious[:2]))),
    )


def _share(found: StoredList, as_of: date) -> tuple[float | None, str]:
    """The share of those waiting within the service's usual standard, from single waits where they are counted."""
    standard = usual_target(found.service, as_of).standard
    if standard is None:
        return None, ""
    if found.own and standard.id in found.own.waiting:
        return found.own.waiting[standard.id].share, standard.id
    banded = share_within(found.bands, last_day_within(standard))
    return (banded.value if banded else None), standard.id


def _ahead(connection: Connection, service: str, as_of: date) -> tuple[str, tuple[str, ...]]:
    """The range that should hold 8 times in 10 on the last step up to AHEAD_ON, and the reason where there is none."""
    found = load_forecast(connection, service=service, org=ORG, measure=Measure.LIST_SIZE, as_of=as_of)
    if found is None:
        return "not forecast", ()
    first = AHEAD_ON if freq_of(found.source) == "M" else AHEAD_ON - _LONGEST_STEP
    points = [item for item in found.points if first <= date.fromisoformat(item["target_end_date"]) <= AHEAD_ON]
    if not points:
        return "not forecast", (found.reason,) if found.reason else ()
    return f"{points[-1]['quantiles']['0.1']:,.0f} to {points[-1]['quantiles']['0.9']:,.0f}", ()
