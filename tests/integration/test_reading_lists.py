"""Lists as known on a day: which figure answers, what is said beside it, and how pages hold together."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event

from tests.databases import sqlite_template
from tests.deliveries import APRIL, FEBRUARY, MARCH, figures, finding, load, parsed
from waitlists.domain import ParsedVintage
from waitlists.store import read
from waitlists.store.session import make_engine, reading

IN_APRIL, IN_MAY, IN_JUNE = date(2025, 4, 10), date(2025, 5, 15), date(2025, 6, 12)
LATE = date(2025, 12, 31)
SALT, PAEDS = ("SALT", "QKS"), ("COMM_PAEDS", "QKS")


def one(engine, service="SALT", org="QKS", **options) -> read.StoredList | None:
    with reading(engine) as connection:
        return read.stored_list(connection, service=service, org=org, **({"as_of": LATE} | options))


def page(engine, **options) -> list[tuple[str, str, int | None]]:
    with reading(engine) as connection:
        lists = read.stored_lists(connection, **({"as_of": LATE, "limit": 100} | options))
    return [(each.service, each.org, each.bands.total) for each in lists]


@pytest.fixture
def two_months(database):
    load(
        database,
        parsed(FEBRUARY, {SALT: 100, PAEDS: 8759}, published_on=IN_APRIL),
        parsed(MARCH, {SALT: {"0-1": 10, ">18-52": None, "total": 120}}, published_on=IN_MAY),
    )
    return database


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (date(2025, 4, 9), None),
        (IN_APRIL, (FEBRUARY, 100)),
        (date(2025, 5, 14), (FEBRUARY, 100)),
        (IN_MAY, (MARCH, 120)),
        (LATE, (MARCH, 120)),
    ],
)
def test_a_list_answers_with_what_was_known_by_the_end_of_the_day(two_months, as_of, expected):
    found = one(two_months, as_of=as_of)
    assert (found and (found.period_end, found.bands.total)) == expected


def test_a_list_brings_its_bands_its_vintage_and_its_file(two_months):
    found = one(two_months)
    assert (found.bands.counts["0-1"], found.bands.counts[">18-52"], found.bands.counts["0-1"]) == (10, None, 10)
    assert (found.vintage.known_from, found.vintage.file_name) == (IN_MAY, "2025-03-31.xlsx")
    assert (found.source, found.is_synthetic, found.flows) == ("chs_sitrep", False, {})
    assert found.coverage.share == 1


def test_a_list_that_is_silent_answers_with_its_last_figure_and_says_how_late_its_source_is(two_months):
    found = one(two_months, service="COMM_PAEDS")
    assert (found.period_end, found.bands.total, found.latest_period_of_source) == (FEBRUARY, 8759, MARCH)


def test_a_list_taken_out_of_a_corrected_file_answers_with_the_month_before(two_months):
    corrected = parsed(MARCH, {PAEDS: 9000}, published_on=IN_JUNE)
    load(two_months, corrected)
    assert one(two_months).period_end == FEBRUARY
    assert one(two_months, as_of=IN_MAY).period_end == MARCH


def test_an_unknown_list_is_none(two_months):
    assert one(two_months, service="ASD") is None
    assert one(two_months, org="ZZZ") is None


def test_bands_above_their_total_are_not_used(database):
    load(database, parsed(MARCH, {SALT: {"0-1": 90, "total": 50}}))
    assert (one(database).bands.total, one(database).bands.counts["0-1"]) == (50, None)


def test_flows_come_with_the_list(database):
    flows = tuple(figure._replace(kind="referrals", row=50) for figure in figures({SALT: 30}))
    load(database, parsed(MARCH, {}, more=(ParsedVintage("weekly_return", MARCH, figures({SALT: 100}) + flows),)))
    assert one(database).flows == {"referrals": 30}


def test_our_own_figures_come_before_published_ones_and_those_before_others(database):
    sources = ("zz_other", "chs_sitrep_t2", "chs_sitrep", "weekly_return", "referral_extract")
    answered = []
    for number, source in enumerate(sources):
        load(database, parsed(MARCH, {SALT: number}, source=source, published_on=IN_MAY))
        answered.append(one(database).source)
    assert answered == list(sources)
    assert one(database, source="chs_sitrep_t2").bands.total == 1
    assert one(database, source="nothing") is None


def test_of_two_senders_the_one_known_last_answers(database):
    load(database, parsed(MARCH, {SALT: 1}, source="weekly_return", scope="RYY", published_on=IN_APRIL))
    load(database, parsed(MARCH, {SALT: 2}, source="weekly_return", scope="NQ7", published_on=IN_MAY))
    assert one(database).bands.total == 2
    assert one(database, as_of=IN_APRIL).bands.total == 1


def test_coverage_says_who_is_missing(database):
    load(
        database,
        parsed(FEBRUARY, {("SALT", "RYY"): 60, ("SALT", "NQ7"): 40, SALT: 100}, published_on=IN_APRIL),
        parsed(MARCH, {("SALT", "RYY"): 60, SALT: 60}, published_on=IN_MAY),
    )
    found = one(database)
    assert found.coverage.share == pytest.approx(0.6)
    assert [(who.org, who.last_period, who.last_list_size) for who in found.coverage.missing] == [("NQ7", FEBRUARY, 40)]
    assert "missing_provider" in {each.code for each in found.findings}
    assert one(database, as_of=IN_APRIL).coverage.share == 1


def test_a_list_brings_what_was_found_about_it_and_its_file_and_no_more(database):
    about = {
        "here": finding("here", MARCH, "SALT", "QKS"),
        "later": finding("later", APRIL, "SALT", "QKS"),
        "whole_file": finding("whole_file", MARCH),
        "whole_service": finding("whole_service", MARCH, "SALT"),
        "whole_org": finding("whole_org", MARCH, None, "QKS"),
        "another_list": finding("another_list", MARCH, "SALT", "RYY"),
        "another_service": finding("another_service", MARCH, "ASD"),
        "service_in_another_month": finding("service_in_another_month", FEBRUARY, "SALT"),
        "before": finding("before", FEBRUARY, "SALT", "QKS"),
    }
    load(database, parsed(MARCH, {SALT: 100}, published_on=IN_MAY, findings=tuple(about.values())))
    found = one(database).findings
    assert [each.code for each in found] == ["here", "whole_file", "whole_org", "whole_service", "later"]
    assert [each.code for each in found if each.is_delivery_wide] == ["whole_file"]


def test_a_list_that_has_fallen_silent_brings_what_was_found_since(two_months):
    load(two_months, parsed(APRIL, {SALT: 7}, published_on=IN_JUNE, findings=(finding("gone", APRIL, *PAEDS),)))
    assert "gone" in {each.code for each in one(two_months, service="COMM_PAEDS").findings}
    assert "gone" not in {each.code for each in one(two_months, service="COMM_PAEDS", as_of=IN_MAY).findings}


def test_a_finding_on_a_superseded_file_is_said_no_more(database):
    load(database, parsed(MARCH, {SALT: 1}, published_on=IN_MAY, findings=(finding("odd", MARCH, *SALT),)))
    load(database, parsed(MARCH, {SALT: 2}, published_on=IN_JUNE))
    assert [each.code for each in one(database, as_of=IN_MAY).findings] == ["odd"]
    assert [each.code for each in one(database).findings] == ["restated"]


def test_a_finding_of_another_sources_file_is_not_said_here(database):
    load(database, parsed(MARCH, {SALT: 1}, published_on=IN_MAY))
    load(database, parsed(MARCH, {SALT: 2}, source="zz_other", findings=(finding("odd", MARCH, *SALT),)))
    assert one(database).findings == ()


def test_a_workbooks_findings_concern_its_earlier_months_of_england_too(database):
    earlier = ParsedVintage("chs_sitrep_t2", FEBRUARY, figures({("SALT", "ENG"): 900}))
    noted = finding("table2_differs", FEBRUARY, "SALT", "ENG")
    load(database, parsed(FEBRUARY, {("SALT", "ENG"): 800}, published_on=IN_APRIL))
    load(database, parsed(MARCH, {SALT: 1}, published_on=IN_MAY, findings=(noted,), more=(earlier,)))
    assert [each.code for each in one(database, org="ENG").findings] == ["table2_differs"]
    assert one(database, org="ENG").bands.total == 800
    assert one(database, org="ENG", source="chs_sitrep_t2").bands.total == 900


@pytest.fixture
def many(database):
    lists = {(service, f"R{number:02}"): number for service in ("ASD", "SALT") for number in range(70)}
    load(database, parsed(FEBRUARY, lists, published_on=IN_APRIL))
    load(database, parsed(MARCH, {("SALT", "QKS"): 1000}, published_on=IN_MAY))
    return database


@pytest.mark.parametrize("limit", [20, 141, 1000])
def test_pages_join_to_the_whole(many, limit):
    whole = page(many, limit=1000)
    assert len(whole) == 141
    pages, after = [], None
    while part := page(many, limit=limit, after=after):
        assert len(part) <= limit
        pages += part
        after = part[-1][:2]
    assert pages == whole == sorted(whole)


def test_a_page_holds_only_what_was_known(many):
    assert page(many, as_of=date(2025, 1, 1)) == []
    assert ("SALT", "QKS", 1000) not in page(many, as_of=IN_APRIL, limit=1000)


def test_a_page_of_one_service_or_organisation(many):
    assert {service for service, _, _ in page(many, service="SALT", limit=1000)} == {"SALT"}
    assert page(many, org="R07") == [("ASD", "R07", 7), ("SALT", "R07", 7)]
    assert page(many, service="SALT", org="R07") == [("SALT", "R07", 7)]
    assert page(many, service="ADHD") == []


def test_a_page_asks_the_same_few_questions_whatever_its_length(many):
    asked = []
    event.listen(many, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))
    page(many, limit=100)
    assert sum(not statement.startswith(("PRAGMA", "BEGIN", "SELECT pg")) for statement in asked) <= 8


def test_a_page_is_the_same_lists_as_asked_one_by_one(many):
    with reading(many) as connection:
        for each in read.stored_lists(connection, as_of=LATE, limit=20):
            assert read.stored_list(connection, service=each.service, org=each.org, as_of=LATE) == each


def test_a_file_loaded_later_with_the_same_date_counts_from_its_loading(database):
    load(database, parsed(MARCH, {SALT: 1}, published_on=IN_MAY))
    load(database, parsed(MARCH, {SALT: 2}, published_on=IN_MAY), now=datetime(2025, 7, 1, tzinfo=UTC))
    load(database, parsed(MARCH, {SALT: 3}, published_on=IN_MAY), now=datetime(2025, 7, 1, tzinfo=UTC))
    sizes = [one(database, as_of=day).bands.total for day in (IN_MAY, date(2025, 6, 30), date(2025, 7, 1))]
    assert sizes == [1, 1, 3]


def test_lists_and_organisations_come_by_code_point_on_every_database(database):
    """A language's rules would put "a" before "B" and an accent beside its letter, and differ from server to server."""
    codes = ["NAME:a trust", "NAME:B trust", "NAME:\u00e9cole", "NAME:zoo", "RYY", "nq7", "QKS", "NAME:A trust"]
    load(database, parsed(MARCH, {(service, org): 7 for service in ("SALT", "salt") for org in codes}))
    wanted = sorted((service, org) for service in ("SALT", "salt") for org in codes)
    with reading(database) as connection:
        assert [place.code for place in read.known_organisations(connection)] == sorted(codes)
    found, after = [], None
    while part := page(database, limit=3, after=after):
        found += [each[:2] for each in part]
        after = found[-1]
    assert found == wanted


def test_lists_of_one_source_are_looked_up_and_not_all_that_it_has(tmp_path):
    file = tmp_path / "plan.db"
    file.write_bytes(sqlite_template().read_bytes())
    engine = make_engine(f"sqlite:///{file}")
    load(engine, parsed(FEBRUARY, {SALT: 100}))
    asked = []

    @event.listens_for(engine, "before_cursor_execute")
    def keep(_connection, _cursor, statement, parameters, *_):
        asked.append((statement, parameters))

    page(engine, source="chs_sitrep")
    (statement, parameters) = next(one for one in asked if "newest" in one[0])
    with reading(engine) as connection:
        plan = [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    looked_up = [step for step in plan if step.startswith("SEARCH series")]
    assert looked_up
    assert [step for step in looked_up if "org=?" not in step] == []
    engine.dispose()
