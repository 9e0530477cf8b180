"""Whether figures are newer than an answer: by the day they were known, and within a day by the version."""

from datetime import timedelta

import pytest

from tests import deliveries
from tests.deliveries import APRIL, MARCH, NOW
from waitlists.store import write
from waitlists.store.latest import weekly_leads
from waitlists.store.newer import SEEN, Shown, Worked, is_newer, shown_beside, worked
from waitlists.store.read import stored_list
from waitlists.store.session import reading, writing
from waitlists.store.warnings import Assessed, KeptWarning

KNOWN = MARCH + timedelta(days=20)


def publish(engine, *found):
    """The run that loaded some deliveries, each known on the same day."""
    with writing(engine) as connection:
        run_id = write.start_run(connection, command="load", as_of=KNOWN, now=NOW)
        for place, one in enumerate(found):
            deliveries.add(connection, one, run_id=run_id, as_of=KNOWN, salt=f"{run_id}-{place}")
        write.publish(connection, run_id=run_id, now=NOW)
    return run_id


def lists(salt, ehc=None, period=MARCH):
    given = {("SALT", "RYY"): salt} | ({("ADHD", "RYY"): ehc} if ehc else {})
    return deliveries.parsed(period, given, published_on=None)


def warned(service):
    return KeptWarning(f"{service:0<16}", "chs_sitrep", service, "RYY", "CHS_18W", "raised", "low", {})


WARNED = [warned("SALT"), warned("ADHD")]


def behind(engine, run_id, day=KNOWN):
    with reading(engine) as connection:
        return shown_beside(connection, Assessed(1, KNOWN, run_id), WARNED, as_of=day)


def newest(connection, day=KNOWN):
    return stored_list(connection, service="SALT", org="RYY", as_of=day).vintage


@pytest.fixture
def answered(database):
    """Figures loaded, and the run that worked out an answer from them on the same day."""
    publish(database, lists(10, 20))
    return publish(database)


def test_what_was_there_when_an_answer_was_published_is_not_newer(database, answered):
    with reading(database) as connection:
        than = worked(connection, run_id=answered, as_of=KNOWN)
        assert than == Worked(KNOWN, 2)
        assert not is_newer(connection, newest(connection), than)
    assert behind(database, answered) == {}


def test_what_came_later_on_the_same_day_is_newer(database, answered):
    publish(database, lists(11))
    with reading(database) as connection:
        assert is_newer(connection, newest(connection), worked(connection, run_id=answered, as_of=KNOWN))
        # Of an answer that is about to be published nothing that is there is newer.
        assert not is_newer(connection, newest(connection), worked(connection, run_id=None, as_of=KNOWN))
    assert behind(database, answered) == {WARNED[0].warning: Shown("chs_sitrep", MARCH, is_newer=True)}
    assert behind(database, publish(database)) == {}


@pytest.mark.usefixtures("answered")
def test_what_was_known_on_a_later_day_is_newer_whenever_the_answer_was_worked_out(database):
    publish(database, lists(12, period=APRIL))
    day = KNOWN - timedelta(days=1)
    again = publish(database)
    with reading(database) as connection:
        assert is_newer(connection, newest(connection), worked(connection, run_id=again, as_of=day))
        found = shown_beside(connection, Assessed(1, day, again), WARNED, as_of=KNOWN)
        assert found.keys() == {one.warning for one in WARNED}
        assert shown_beside(connection, Assessed(1, day, again), WARNED, as_of=day) == {}


def test_an_answer_that_nobody_published_has_seen_what_there_is(database):
    publish(database, lists(10))
    with writing(database) as connection:
        run_id = write.start_run(connection, command="warn", as_of=KNOWN, now=NOW)
    assert behind(database, run_id) == {}


def test_what_was_loaded_while_a_week_was_worked_out_is_newer_than_its_answers_and_its_own_files_are_not(database):
    publish(database, lists(10, 20))
    with writing(database) as connection:
        run_id = write.start_run(connection, command="weekly", as_of=KNOWN, now=NOW)
    publish(database, lists(11))
    with writing(database) as connection:
        deliveries.add(
            connection,
            deliveries.parsed(MARCH, {("ADHD", "RYY"): 21}, scope="RYY"),
            run_id=run_id,
            as_of=KNOWN,
            salt="its own",
        )
        write.finish_run(connection, run_id, status="done", summary={SEEN: 1}, now=NOW)
        write.publish(connection, run_id=run_id, now=NOW)
    with reading(database) as connection:
        assert worked(connection, run_id=run_id, as_of=KNOWN) == Worked(KNOWN, 1, run_id)
    assert behind(database, run_id).keys() == {WARNED[0].warning}


def test_a_list_that_is_shown_from_another_source_is_told_with_it(database):
    week = MARCH - timedelta(days=1)
    own = {("SALT", "RYY"): 10}
    publish(database, deliveries.parsed(week - timedelta(weeks=1), own, source="referral_extract", scope="RYY"))
    run_id = publish(database)
    publish(database, deliveries.parsed(week, own, source="weekly_return", scope="RYY"))
    warned_of = [warned("SALT")._replace(source="referral_extract")]
    with reading(database) as connection:
        found = shown_beside(connection, Assessed(1, KNOWN, run_id), warned_of, as_of=KNOWN)
        assert found == {warned_of[0].warning: Shown("weekly_return", week, is_newer=True)}
        assert weekly_leads(connection, KNOWN) == {("SALT", "RYY"): "weekly_return"}


def test_a_warning_of_a_list_that_nobody_has_is_beside_nothing(database, answered):
    publish(database, lists(11))
    nobody = [warned("CAMHS")]
    with reading(database) as connection:
        assert shown_beside(connection, Assessed(1, KNOWN, answered), nobody, as_of=KNOWN) == {}
