"""Which vintage counts on a day: the database chooses as the pure rule does."""

from datetime import date, timedelta

from sqlalchemy import select

from tests.deliveries import load, parsed
from waitlists.counts import histories
from waitlists.store.in_force import in_force
from waitlists.store.read_history import list_history
from waitlists.store.session import reading

MARCH, APRIL = date(2025, 3, 31), date(2025, 4, 30)
FIRST = date(2025, 5, 15)


def test_the_database_chooses_as_the_pure_rule_does(database):
    """Revised on a later day, anew on one day, for an earlier day after a later one, and by two senders."""
    sent = [(MARCH, 0, ""), (APRIL, 3, ""), (MARCH, 5, ""), (MARCH, 5, ""), (APRIL, 1, ""), (MARCH, 2, "RYY")]
    load(
        database,
        *(
            parsed(period, {("SALT", "RYY"): 100 + place}, published_on=FIRST + timedelta(days=later), scope=scope)
            for place, (period, later, scope) in enumerate(sent)
        ),
    )
    with reading(database) as connection:
        history = list_history(connection, source="chs_sitrep", service="SALT", as_of=FIRST + timedelta(days=9))
        assert len(history.vintages) == len(sent) - 1
        for day in (FIRST + timedelta(days=number) for number in range(-1, 8)):
            expected = {one.id for one in histories.in_force(history.vintages, day).values()}
            for source in ("chs_sitrep", None):
                current = in_force(day, source=source)
                assert set(connection.execute(select(current.c.id)).scalars()) == expected
            assert not connection.execute(select(in_force(day, source="other").c.id)).all()
