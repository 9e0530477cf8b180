"""What whoever is missing from a list last said, as known on a day, on both databases."""

from datetime import date

from tests.deliveries import load, parsed
from waitlists.domain import Measure, MissingProvider
from waitlists.store.read import last_known_cells, stored_list
from waitlists.store.session import reading

OCTOBER, NOVEMBER = date(2024, 10, 31), date(2024, 11, 30)
LATER = date(2025, 6, 1)


def nq7(over_104: int) -> dict:
    return {"total": 400, "0-1": 400 - over_104, ">104": over_104}


def test_the_last_figures_of_who_is_missing_are_those_known_on_the_day(database):
    load(
        database,
        parsed(
            OCTOBER,
            {("SALT", "NQ7"): nq7(10), ("SALT", "RYY"): 5, ("SALT", "QKS"): 405},
            published_on=date(2024, 12, 12),
        ),
        parsed(NOVEMBER, {("SALT", "RYY"): 5, ("SALT", "QKS"): 5}, published_on=date(2025, 1, 16)),
        parsed(
            OCTOBER, {("SALT", "NQ7"): nq7(20), ("SALT", "RYY"): 5, ("SALT", "QKS"): 405}, published_on=date(2025, 3, 1)
        ),
    )
    for day, over_104 in ((date(2025, 1, 31), 10), (LATER, 20)):
        with reading(database) as connection:
            kent = stored_list(connection, service="SALT", org="QKS", as_of=day)
            assert kent is not None
            assert kent.coverage.missing == (MissingProvider("NQ7", OCTOBER, 400),)
            found = last_known_cells(connection, [(kent, kent.coverage.missing[0])], as_of=day)
        assert found.keys() == {("chs_sitrep", "SALT")}
        (place,) = found["chs_sitrep", "SALT"]
        assert place == ("NQ7", OCTOBER)
        cell = found["chs_sitrep", "SALT"][place]
        assert cell.value(Measure.LIST_SIZE) == 400
        assert cell.counts[">104"] == over_104


def test_where_nobody_is_missing_nothing_is_asked(database):
    with reading(database) as connection:
        assert last_known_cells(connection, [], as_of=LATER) == {}
