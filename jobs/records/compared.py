"""Whether the referrals of a delivery are those that its provider's last one held, looked up for some of its rows.

An identifier that changed, or a wait that begins later than it did, shows in no count of a list: as many wait, and less
long. Nothing of the sort is an improvement before a person has said so.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import reduce
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection

from jobs.records.drift import Beside, beside, stated
from waitlists.deliveries.digest import identities
from waitlists.deliveries.gate import reasons_of_changed_rows, reasons_of_strangers
from waitlists.ingest.referral_delivery import Extract, FileFacts
from waitlists.ingest.referral_kept import ENDS
from waitlists.record.schema import IDENTITY
from waitlists.store.referral_deliveries import Accepted
from waitlists.store.referrals import known_among, versions

ENTRY: Final = timedelta(weeks=4)
"""How long a referral may take from its receipt until it is entered."""

_RECEIVED: Final = "referral_request_received_date"
_ORIGINAL: Final = "original_referral_request_received_date"
_STAGE: Final = "waiting_for"
_DONE: Final = (
    "first_care_contact_date", "plan_or_intervention_date", "assessment_started_date", "equipment_delivered_date"
)  # fmt: skip


def reasons_of_rows(
    connection: Connection, extract: Extract, accepted: Mapping[str, Sequence[Accepted]]
) -> Iterator[str]:
    """Why a delivery has to be looked at, by its provider's rows.

    Those received four weeks before the last delivery had to be in it, of services it had and whose list did not move
    since; those it had are not to begin later, to be another child's, or to have lost what had happened.
    """
    for one in beside(extract.facts, accepted, stated(extract.facts)):
        rows = _rows_of(one, extract)
        numbers = identities(rows)
        known = known_among(connection, numbers)
        places = known.places(numbers)
        is_known = places >= 0
        is_old = pc.less(rows[_RECEIVED], pa.scalar(one.before.day - ENTRY)).to_numpy()
        yield from reasons_of_strangers(one.provider, int(is_old.sum()), int((is_old & ~is_known).sum()))
        found = known.version_id[places[is_known]]
        order = np.argsort(found)
        now, then = rows.filter(pa.array(is_known)).take(order), versions(connection, found)
        yield from reasons_of_changed_rows(one.provider, len(found), _changed(now, then))


def _changed(now: pa.Table, then: pa.Table) -> dict[str, int]:
    """How many referrals changed in each way that a list does not show; row by row the same in both tables."""
    is_undone = reduce(pc.or_, (pc.and_(pc.is_valid(then[name]), pc.is_null(now[name])) for name in _DONE))
    flags = {
        "later": pc.greater(_start(now), _start(then)),
        "renamed": pc.not_equal(now["pseudonym_id"], then["pseudonym_id"]),
        "reopened": reduce(pc.or_, (pc.is_valid(then[name]) for name in ENDS)),
        "undone": is_undone,
        "reviewed": pc.and_(pc.equal(now[_STAGE], "review"), pc.not_equal(then[_STAGE], "review")),
    }
    return {kind: pc.sum(flag).as_py() or 0 for kind, flag in flags.items()}


def _rows_of(one: Beside, extract: Extract) -> pa.Table:
    facts: FileFacts = extract.facts
    had = [
        name
        for name, size in one.before.open_by_service.items()
        if size and not one.before.is_moving(one.provider, name, facts.snapshot_date)
    ]
    rows = extract.sample
    is_on_a_list = pc.is_in(rows["service"], pa.array(had, pa.string()))
    return rows.filter(pc.and_(pc.equal(rows[IDENTITY[0]], one.provider), is_on_a_list))


def _start(rows: pa.Table) -> pa.ChunkedArray:
    return pc.min_element_wise(rows[_RECEIVED], rows[_ORIGINAL], skip_nulls=True)
