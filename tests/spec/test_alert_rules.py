"""What needs a person: one small state a rule, just before its threshold and just after."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from waitlists.alerts import (
    KINDS,
    HeldFile,
    LastRun,
    Mail,
    MissingGrants,
    PartFile,
    RefusedFile,
    SlotRun,
    Space,
    State,
    Urgency,
    alerts,
    backup_told,
    slots_late,
)
from waitlists.running.ledger import State as SlotState
from waitlists.running.timetable import SLOTS

MONDAY = date(2026, 11, 16)
SIX = datetime(2026, 11, 16, 6, tzinfo=UTC)
NINE = SIX + timedelta(hours=3)
GIGABYTE = 2**30
CALM = State(
    now=NINE,
    sources={"chs_sitrep": date(2026, 9, 30)},
    late_returns=(),
    runs=(LastRun(4, "weekly", "done", SIX, None),),
    refused=(),
    held=(),
    quarantined=(0, 0),
    slots={},
    clock_since=None,
    mail=Mail(0, None, 0),
    backup_at=NINE - timedelta(days=1),
    began_at=NINE - timedelta(days=400),
    space=Space(10 * GIGABYTE, GIGABYTE),
)


def codes(**changes: object) -> list[str]:
    return [alert.code for alert in alerts(replace(CALM, **changes))]


def test_a_calm_service_needs_nobody():
    assert alerts(CALM) == ()


def last(status: str, *, minutes: int = 0, reason: str | None = None, command: str = "load") -> LastRun:
    return LastRun(7, command, status, NINE - timedelta(minutes=minutes), reason)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"sources": {}}, ["nothing_loaded"]),
        ({"sources": {"chs_sitrep": date(2026, 8, 31)}}, []),
        ({"sources": {"chs_sitrep": date(2026, 7, 31)}}, ["late"]),
        ({"late_returns": ("One is late.", "Another is.")}, ["late_return", "late_return"]),
        ({"runs": (last("running", minutes=60),)}, []),
        ({"runs": (last("running", minutes=61),)}, ["stuck"]),
        ({"runs": (last("failed", reason="ValueError"),)}, ["failed"]),
        ({"runs": (last("failed", reason="DiskFull"),)}, ["disk_full"]),
        ({"runs": (last("partial", command="forecast"),)}, ["partial"]),
        ({"runs": (last("failed", command="forecast"),)}, ["failed"]),
        ({"runs": (last("partial"),)}, []),
        ({"runs": (last("failed"),)}, []),
        ({"runs": (last("failed"), last("failed", command="forecast"))}, ["failed"]),
        ({"refused": (RefusedFile(1, "x.pdf", SIX, "NOT_XLSX", "no workbook"),)}, ["refused"]),
        ({"held": (HeldFile("x.csv", MONDAY, ("half the rows",)),)}, ["held"]),
        ({"in_part": (PartFile("x.csv", "RYY", 3),)}, ["in_part"]),
        ({"mail": Mail(0, None, 0, unmade=2)}, ["mail_unmade"]),
        ({"quarantined": (3, 1)}, ["quarantined"]),
        ({"mail": Mail(2, NINE - timedelta(minutes=60), 0)}, []),
        ({"mail": Mail(2, NINE - timedelta(minutes=61), 0)}, ["mail_late"]),
        ({"mail": Mail(0, None, 1)}, ["mail_dead"]),
        ({"mail": Mail(0, None, 0, held=1)}, ["mail_held"]),
        ({"backup_at": NINE - timedelta(days=8)}, []),
        ({"backup_at": NINE - timedelta(days=8, minutes=1)}, ["backup_old"]),
        ({"backup_at": None}, ["backup_old"]),
        ({"backup_at": None, "began_at": NINE - timedelta(days=8)}, []),
        ({"backup_at": None, "began_at": None}, []),
        ({"space": None}, []),
        ({"space": Space(GIGABYTE + 256 * 2**20, GIGABYTE)}, []),
        ({"space": Space(GIGABYTE + 256 * 2**20 - 1, GIGABYTE)}, ["disk_low"]),
    ],
)
def test_each_rule_has_its_threshold(changes: dict[str, object], wanted: list[str]):
    assert codes(**changes) == wanted


@pytest.mark.parametrize(
    ("now", "since", "state", "is_late"),
    [
        (NINE - timedelta(seconds=1), date(2026, 11, 1), None, False),
        (NINE, date(2026, 11, 1), None, True),
        (NINE, None, None, False),
        (NINE, date(2026, 11, 17), None, False),
        (NINE, date(2026, 11, 1), SlotState.RUNNING, True),
        (NINE, date(2026, 11, 1), SlotState.FAILED, True),
        (NINE, date(2026, 11, 1), SlotState.PARTIAL, False),
        (NINE, date(2026, 11, 1), SlotState.DONE, False),
        (NINE + timedelta(days=6), date(2026, 11, 1), SlotState.DONE, False),
    ],
)
def test_a_week_is_late_when_it_has_not_ended_by_nine(now, since, state, is_late):
    """Only where a clock was at work by then: who runs the week by hand is told of late files, not of late slots."""
    began = datetime.combine(since, datetime.min.time(), UTC) if since else None
    last_week = SlotRun(MONDAY - timedelta(weeks=1), SlotState.DONE, None, ())
    slots = (SlotRun(MONDAY, state, None, ()), last_week) if state else (last_week,)
    found = slots_late(replace(CALM, now=now, clock_since=began, slots={"weekly": slots}))
    assert ("weekly" in found) is is_late
    if is_late:
        assert found["weekly"] == (MONDAY, timedelta(0))


def test_a_late_week_says_why():
    failed = SlotRun(MONDAY, SlotState.FAILED, "OperationalError", ())
    state = replace(CALM, clock_since=SIX - timedelta(minutes=1), slots={"weekly": (failed,)})
    (alert,) = alerts(state)
    assert "The weekly job of 16 November 2026 is late: it stands as failed (OperationalError)." in alert.sentence
    running = SlotRun(MONDAY, SlotState.RUNNING, None, ())
    (alert,) = alerts(replace(state, slots={"weekly": (running,)}))
    assert "it stands as running." in alert.sentence
    (alert,) = alerts(replace(state, slots={}))
    assert "nobody began it" in alert.sentence


def test_problems_of_the_night_are_told_of_the_newest_night_alone():
    nights = tuple(
        SlotRun(MONDAY - timedelta(days=days), SlotState.PARTIAL, None, (f"damage {days}",)) for days in range(2)
    )
    (alert,) = alerts(replace(CALM, slots={"nightly": nights}))
    assert (alert.code, alert.sentence) == ("slot_problem", "The nightly check of 16 November 2026: damage 0")


def test_a_job_without_any_slot_yet_is_not_late():
    """The back-test is monthly: before its first second of a month there is nothing it could have missed."""
    assert set(slots_late(replace(CALM, clock_since=SIX - timedelta(hours=1)))) == {"weekly"}


def test_a_slot_from_before_the_first_clock_excuses_no_later_one():
    tuesday = datetime(2026, 11, 17, tzinfo=UTC)
    found = slots_late(replace(CALM, now=tuesday + timedelta(hours=12), clock_since=tuesday))
    assert found == {"nightly": (date(2026, 11, 17), timedelta(hours=4))}


def test_the_most_urgent_comes_first_and_a_note_last():
    refused = (RefusedFile(1, "x", SIX, "EMPTY", "empty"),)
    found = alerts(replace(CALM, quarantined=(3, 2), refused=refused, mail=Mail(0, None, 1)))
    assert [alert.code for alert in found] == ["mail_dead", "refused", "quarantined"]
    assert [alert.kind.urgency for alert in found] == [Urgency.NOW, Urgency.SOON, Urgency.NOTE]


def test_sentences_say_what_to_do():
    state = replace(
        CALM,
        runs=(last("failed", reason="DiskFull"),),
        quarantined=(1, 1),
        in_part=(PartFile("x.csv", "RYY", 41),),
        mail=Mail(2, NINE - timedelta(hours=2), 3, held=4),
        backup_at=None,
        space=Space(2**20, 2**20),
    )
    said = {alert.code: alert.sentence for alert in alerts(state)}
    assert said == {
        "disk_full": "The last `waitlists load` (run 7) found no space left: free some and run it again.",
        "quarantined": "1 row of 1 recent delivery was put aside: `waitlists quarantine list` says by which rule.",
        "in_part": "x.csv of RYY, rows put aside: 41. `waitlists quarantine list` says what to correct; its sender "
        "mends it and sends it again.",
        "mail_late": "Mail is not getting out: 2 waiting, the oldest for over 2 h.",
        "mail_dead": "Mail was given up, 3 in a week: `waitlists outbox list` says for whom and why.",
        "mail_held": "Mail is held, 4: this was restored, and whether it was sent before is not known here. Ask those "
        "it is for; `waitlists outbox release` sends it, `waitlists outbox withdraw` takes it back.",
        "backup_old": "There is no backup yet: run `waitlists backup`.",
        "disk_low": "The database's disk has 1 MB left: free some.",
    }


def test_titles_and_codes_name_nobody():
    assert all(kind.title.endswith(".") and "{" not in kind.title for kind in KINDS.values())


def test_the_clock_keeps_these_very_rules():
    from jobs.schedule import SlotJob
    from jobs.timetable import timetable
    from waitlists.settings import Settings

    jobs = timetable(Settings(backups=Path("/there")), settle=lambda: None)
    kept = {job.name: job.rule for job in jobs if isinstance(job, SlotJob)}
    assert kept == {job: expected.rule for job, expected in SLOTS.items()}


def test_slots_are_late_by_the_zone_that_the_clock_goes_by():
    """Nine in London is six in the evening in Tokyo, where Monday at six was twelve hours ago, and Tuesday's comes."""
    sunday = datetime(2026, 11, 16, 0, 1, tzinfo=UTC)
    done = SlotRun(MONDAY - timedelta(weeks=1), SlotState.DONE, None, ())
    begun = {"now": sunday, "clock_since": SIX - timedelta(weeks=3), "slots": {"weekly": (done,)}}
    assert "weekly" not in slots_late(replace(CALM, **begun))
    assert slots_late(replace(CALM, **begun, zone=ZoneInfo("Asia/Tokyo")))["weekly"][0] == MONDAY


@pytest.mark.parametrize(
    ("days", "is_late"),
    [(None, False), (0, False), (1, True), (8, True), (9, False)],
)
def test_a_backup_is_late_where_the_clock_makes_them_and_old_where_it_does_no_more(days, is_late):
    newest = () if days is None else (SlotRun(MONDAY - timedelta(days=days), SlotState.DONE, None, ()),)
    found = slots_late(replace(CALM, clock_since=SIX - timedelta(weeks=9), slots={"backup": newest}))
    assert ("backup" in found) is is_late
    assert {"weekly", "nightly", "backtest"} <= set(found)


def test_it_is_the_newest_backup_that_tells_whether_a_clock_makes_them():
    slots = tuple(SlotRun(MONDAY - timedelta(days=days), SlotState.DONE, None, ()) for days in (1, 20))
    begun = replace(CALM, clock_since=SIX - timedelta(weeks=9), slots={"backup": slots})
    assert "backup" in slots_late(begun)
    told = [one.sentence for one in alerts(begun) if one.code == "slot_late"]
    assert "The backup job of 16 November 2026 is late: nobody began it. Is `waitlists schedule` running?" in told


@pytest.mark.parametrize(
    ("backup", "restored", "said"),
    [
        (None, None, "There is no backup yet."),
        (10, None, "The last backup is of 6 November 2026."),
        (10, 12, "The last backup is of 6 November 2026."),
        (10, 10, "The last backup is of 6 November 2026."),
        (12, 10, "This was restored from the backup of 6 November 2026, and none was made since."),
        (None, 10, "This was restored from the backup of 6 November 2026, and none was made since."),
    ],
)
def test_what_is_known_of_backups_is_told_after_a_restore_too(backup, restored, said):
    moments = {
        name: None if days is None else NINE - timedelta(days=days)
        for name, days in (("backup_at", backup), ("restored_of", restored))
    }
    assert backup_told(**moments) == said
    (need,) = (one for one in alerts(replace(CALM, **moments)) if one.code == "backup_old")
    assert need.sentence == f"{said[:-1]}: run `waitlists backup`."
    assert codes(**moments | {"restored_of": NINE - timedelta(days=8)}) == []


def test_rights_that_are_missing_are_named_with_the_command_that_mends_them():
    lacks = (
        ("api_key", "UPDATE (last_used_at)"),
        ("outbox", "SELECT (slot, state)"),
        ("run", "SELECT"),
        ("series", "SELECT"),
    )
    (alert,) = alerts(replace(CALM, ungranted=(MissingGrants("waits", lacks),)))
    assert (alert.code, alert.kind.urgency) == ("ungranted", Urgency.NOW)
    assert alert.sentence == (
        "The database user waits lacks UPDATE (last_used_at) on api_key; SELECT (slot, state) on outbox; SELECT on "
        "run, series, so answers may fail: as the owner run `waitlists migrate --grant waits`."
    )
