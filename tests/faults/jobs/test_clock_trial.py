"""Several clocks on one database, killed at each step and stalled past their lease; the long form is `make faults`."""

from datetime import date, timedelta
from multiprocessing import active_children

import pytest

from tests.faults.jobs.clock_trial import BACK, FULL, NONE, PROCESSES, STALL, Trial
from tests.faults.jobs.clock_worker import STEPS

FIRST = date(2026, 10, 24)


def nights(count):
    return [FIRST + timedelta(days=n) for n in range(count)]


@pytest.mark.slow
def test_f01_f03_f04_slots_are_done_once_by_clocks_that_are_killed_and_stalled(database_url, tmp_path):
    """F01, F03, F04, F11, F12: SIGKILL at each step boundary, a stall past the lease, the hour that comes twice."""
    mishaps = [BACK, *STEPS, STALL]
    told = Trial(database_url, tmp_path, clocks=2).run(nights(len(mishaps)), mishaps)
    assert (told.slots, told.killed, told.missed) == (len(mishaps), len(STEPS), 0)
    assert told.stalled == told.refused == 1
    assert told.reads > 10


@pytest.mark.slow
def test_f20_a_full_disk_costs_no_slot(tmp_path):
    """F20: files may not grow any more; with room again the slot is done."""
    from tests.databases import sqlite_template

    file = tmp_path / "waitlists.db"
    file.write_bytes(sqlite_template().read_bytes())
    told = Trial(f"sqlite:///{file}", tmp_path, clocks=1).run(nights(2), [NONE, FULL])
    assert told.slots == 2
    # Other tests of this process may keep workers of their own.
    assert not [one for one in active_children() if isinstance(one, PROCESSES.Process)]
