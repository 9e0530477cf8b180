"""A board's month counted from records of some is judged beside what others send every week."""

from datetime import date

from jobs.checks import judge_again
from tests.deliveries import NOW, add, figures, parsed
from waitlists.domain import MissingProvider, ParsedVintage
from waitlists.store import write
from waitlists.store.read import stored_list
from waitlists.store.session import reading, writing

MONTH, SUNDAY = date(2025, 5, 31), date(2025, 5, 25)
SOURCE, RETURNS = "referral_extract_monthly", "weekly_return"


def test_who_sends_returns_is_missing_from_a_month_counted_from_records(database):
    board = ParsedVintage(SOURCE, MONTH, figures({("SALT", "QKS"): 300}))
    records = parsed(MONTH, {("SALT", "RYY"): 300}, source=SOURCE, scope="RYY", more=(board,))
    returned = parsed(SUNDAY, {("SALT", "NQ7"): 100}, source=RETURNS, scope="NQ7/SALT")
    with writing(database) as connection:
        run_id = write.start_run(connection, command="load", as_of=None, now=NOW)
        add(connection, records, run_id=run_id)
        add(connection, returned, run_id=run_id)
        judge_again(connection, [RETURNS])
    with reading(database) as connection:
        found = stored_list(connection, service="SALT", org="QKS", as_of=NOW.date(), source=SOURCE)
    assert found is not None
    assert (found.coverage.share, found.coverage.missing) == (0.75, (MissingProvider("NQ7", SUNDAY, 100),))
