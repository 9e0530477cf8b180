"""Knowledge dates: what was known on a day never changes by what is loaded afterwards, in whatever order."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from tests.databases import sqlite_template
from tests.deliveries import load, parsed
from waitlists.domain import ParsedDelivery
from waitlists.periods import add_months
from waitlists.store import read
from waitlists.store.fingerprint import content_hash
from waitlists.store.session import make_engine, reading

FIRST = date(2024, 10, 31)
ORGS = ("QKS", "RYY", "NQ7")


@st.composite
def files(draw) -> ParsedDelivery:
    """A month's file with any of three lists, published some weeks after the month's end."""
    month = add_months(FIRST, draw(st.integers(0, 3)))
    lists = draw(st.dictionaries(st.sampled_from([("SALT", org) for org in ORGS]), st.none() | st.integers(0, 500)))
    return parsed(month, lists, published_on=month + timedelta(days=draw(st.integers(30, 150))))


DELIVERIES = st.lists(files(), min_size=1, max_size=5, unique_by=lambda file: (file.period_end, file.published_on))


@contextmanager
def new_database() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "waitlists.db"
        shutil.copy(sqlite_template(), file)
        engine = make_engine(f"sqlite:///{file}")
        yield engine
        engine.dispose()


def answers(engine: Engine, as_of: date) -> list:
    """Everything a reader could learn as of a day, without the numbers the database gives."""
    with reading(engine) as connection:
        lists = read.stored_lists(connection, as_of=as_of, limit=100)
    return [
        (
            *(one.service, one.org, one.period_end, one.bands, one.coverage, one.latest_period_of_source),
            *(one.vintage.sha256, one.vintage.known_from),
            *((each.code, each.sentence) for each in one.findings),
        )
        for one in lists
    ]


@settings(max_examples=15)
@given(deliveries=DELIVERIES, day=st.integers(30, 250))
def test_what_is_loaded_later_never_changes_what_was_known(deliveries, day):
    as_of = FIRST + timedelta(days=day)
    known = [file for file in deliveries if file.published_on <= as_of]
    with new_database() as engine:
        load(engine, *known)
        before = answers(engine, as_of)
        for file in deliveries:
            load(engine, file)
        assert answers(engine, as_of) == before


@settings(max_examples=15)
@given(deliveries=DELIVERIES, data=st.data())
def test_files_in_any_order_make_the_same_database(deliveries, data):
    order = data.draw(st.permutations(deliveries))
    hashes = []
    for files_in_order in (deliveries, order):
        with new_database() as engine:
            for file in files_in_order:
                load(engine, file)
            with reading(engine) as connection:
                hashes.append(content_hash(connection))
    assert hashes[0] == hashes[1]


@settings(max_examples=15)
@given(deliveries=DELIVERIES)
def test_the_same_files_again_change_nothing(deliveries):
    with new_database() as engine:
        load(engine, *deliveries)
        with reading(engine) as connection:
            before = content_hash(connection)
        assert set(load(engine, *deliveries)) == {None}
        with reading(engine) as connection:
            assert content_hash(connection) == before


@settings(max_examples=15)
@given(deliveries=DELIVERIES)
def test_an_answer_is_the_latest_file_known_by_then(deliveries):
    """The plain way: look through all files, newest knowledge first, for the latest month with a figure."""
    with new_database() as engine:
        load(engine, *deliveries)
        for as_of in sorted({file.published_on for file in deliveries}):
            found = {(one.org, one.period_end, one.bands.total) for one in stored(engine, as_of)}
            assert found == expected(deliveries, as_of)


def stored(engine: Engine, as_of: date) -> list[read.StoredList]:
    with reading(engine) as connection:
        return read.stored_lists(connection, as_of=as_of, limit=100)


def expected(deliveries: list[ParsedDelivery], as_of: date) -> set[tuple[str, date, int | None]]:
    known = sorted((f for f in deliveries if f.published_on <= as_of), key=lambda f: f.published_on)
    by_month = {file.period_end: file for file in known}
    found = {}
    for month in sorted(by_month):
        for figure in by_month[month].vintages[0].figures:
            found[figure.org] = (figure.org, month, figure.value)
    return set(found.values())
