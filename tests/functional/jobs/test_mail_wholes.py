"""The email says of a board's list that others may be missing from it, beside its number and among who is late."""

from datetime import UTC, datetime

from jobs.warning_week import told_of
from tests.functional.jobs.kit import load_files
from tests.returns import as_csv, waiting
from waitlists.mail.subscribers import Subscription
from waitlists.security.access import Role
from waitlists.settings import Settings
from waitlists.store.session import writing
from waitlists.store.subscribers import add_subscriber

NOW = datetime(2026, 11, 16, 6, tzinfo=UTC)


def test_the_first_return_of_one_provider_is_not_mailed_as_its_boards_list(sqlite_database, tmp_path):
    with writing(sqlite_database) as connection:
        add_subscriber(connection, "b@example.org", Subscription(Role.BOARD, ("SALT",), ("QKS",)), now=NOW)
    path = tmp_path / "RYY.csv"
    path.write_bytes(as_csv(waiting(counts=[60] * 8)))
    load_files(sqlite_database, [path], now=NOW)
    told = told_of(sqlite_database, Settings(), as_of=NOW.date(), clock=lambda: NOW, on_progress=lambda _: None)
    ((_, mail),) = told
    assert any("Medway Community Healthcare is registered as keeping a part" in line for line in mail.late)
    (section,) = mail.sections
    assert any("Nobody can know whether all of this list is here" in line for line in section.caveats)
