"""What a delivery of records is compared with: the list the last one left, and the columns of the last of its kind."""

from datetime import date, timedelta

import pytest

from jobs.records.drift import beside, reasons_of_drift, stated
from waitlists.ingest.referral_delivery import FileFacts
from waitlists.store.referral_deliveries import Accepted

HANDOVER, WEEK = date(2026, 4, 1), timedelta(weeks=1)
COLUMNS = ("pseudonym_id", "clock_stop_date")
LISTS = {"RXY": 2, "RAT": 900}
"""Open referrals of children's mental health before it passed from the one to the other."""


def sent(provider: str, kind: str, day: date, count: int, *, stopped: int = 0) -> Accepted:
    filled = {"pseudonym_id": 1_000, "clock_stop_date": stopped}
    return Accepted(provider, kind, day, day, {"CAMHS": count, "ADHD": 50}, (), fields=COLUMNS, filled=filled)


def whole(provider: str, day: date, count: int) -> FileFacts:
    return FileFacts(
        *("csv", "snapshot", "utf-8", ",", day, (provider,), 1_000, 1_000, 0, 0, 0, {}),
        open_by_list={(provider, "CAMHS"): count, (provider, "ADHD"): 50},
        unknown_columns=(),
        remarks=(),
        fields=COLUMNS,
        filled={provider: {"pseudonym_id": 1_000}},
    )


@pytest.mark.parametrize(("provider", "now"), [("RXY", 900), ("RAT", 0)])
def test_changes_between_a_handover_and_the_next_whole_list_do_not_hold_it(provider: str, now: int):
    changes = sent(provider, "delta", HANDOVER + WEEK, LISTS[provider])
    before = sent(provider, "snapshot", HANDOVER - WEEK, LISTS[provider], stopped=400)
    next_list = whole(provider, HANDOVER + 2 * WEEK, now)
    accepted = {provider: [before, changes]}
    assert reasons_of_drift(next_list, accepted, stated(next_list)) == ()
    ((_, found, _),) = beside(next_list, accepted, stated(next_list))
    assert (found.day, found.alike_on) == (changes.snapshot_date, before.snapshot_date)
    since = sent(provider, "snapshot", HANDOVER, LISTS[provider], stopped=400)
    said = " ".join(reasons_of_drift(next_list, {provider: [since, changes]}, stated(next_list)))
    assert "open referrals" in said
    assert "empty now: clock_stop_date (filled in 400 rows before, in 0 now)" in said
