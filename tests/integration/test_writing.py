"""Deliveries become vintages: nothing is overwritten, nothing is loaded twice, the order of loading does not show."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import permutations

import pytest
from sqlalchemy import func, select

from tests.deliveries import APRIL, FEBRUARY, MARCH, NOW, add, content_of, finding, load, parsed
from waitlists.domain import Level, NonSubmission, ParsedVintage, PrintedOrganisation
from waitlists.errors import BadArgument
from waitlists.quality import HistoryChecks
from waitlists.store import read, tables, write
from waitlists.store.fingerprint import content_hash
from waitlists.store.session import reading, writing
from waitlists.store.write_findings import replace_history_checks

PUBLISHED = date(2025, 5, 15)
JULY = datetime(2025, 7, 1, 9, tzinfo=UTC)
LISTS = {("SALT", "QKS"): {"0-1": 10, ">104": None, "total": 100}, ("SALT", "RYY"): 60}


def count(engine, table) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def fingerprint(engine) -> str:
    with reading(engine) as connection:
        return content_hash(connection)


def test_a_delivery_is_kept_whole(database):
    delivery = parsed(MARCH, LISTS, published_on=PUBLISHED, notes=("Two did not submit.",), providers_in_scope=9)
    (number,) = load(database, delivery)
    with reading(database) as connection:
        stored = read.delivery(connection, number)
        assert read.delivery_content(connection, number) == content_of(delivery)
        assert read.vintages_of(connection, number)[0].known_from == PUBLISHED
    assert (stored.period_end, stored.published_on, stored.known_from) == (MARCH, PUBLISHED, PUBLISHED)
    assert (stored.counts, stored.notes, stored.providers_in_scope) == (delivery.counts, ["Two did not submit."], 9)
    assert stored.received_at == NOW


def test_the_same_file_again_changes_nothing(database):
    delivery = parsed(MARCH, LISTS, published_on=PUBLISHED)
    load(database, delivery)
    before = fingerprint(database)
    assert load(database, delivery) == [None]
    assert fingerprint(database) == before


def test_a_corrected_file_is_a_new_vintage_and_overwrites_nothing(database):
    load(database, parsed(MARCH, {("SALT", "QKS"): 100}, published_on=PUBLISHED))
    load(
        database, parsed(MARCH, {("SALT", "QKS"): 90}, published_on=PUBLISHED), now=datetime(2025, 7, 1, 9, tzinfo=UTC)
    )
    with reading(database) as connection:
        sizes = [
            read.stored_list(connection, service="SALT", org="QKS", as_of=day).bands.total
            for day in (PUBLISHED, date(2025, 6, 30), date(2025, 7, 1))
        ]
    assert sizes == [100, 100, 90]
    assert count(database, tables.vintage) == 2


def test_the_same_date_is_another_file_only_of_the_same_sender_and_month(database):
    delivery = parsed(MARCH, LISTS, published_on=PUBLISHED)
    load(database, delivery)
    others = {
        "same": parsed(MARCH, LISTS, published_on=PUBLISHED),
        "another date": parsed(MARCH, LISTS, published_on=APRIL),
        "another month": parsed(APRIL, LISTS, published_on=PUBLISHED),
        "another sender": parsed(MARCH, LISTS, published_on=PUBLISHED, scope="RYY"),
        "no date": parsed(MARCH, LISTS),
    }
    with reading(database) as connection:
        seen = {
            name: write.same_date_seen_with_other_bytes(connection, other, sha256="0" * 64)
            for name, other in others.items()
        }
    assert [name for name, is_seen in seen.items() if is_seen] == ["same"]


def test_a_checksum_that_is_not_the_contents_is_refused(database):
    with pytest.raises(BadArgument, match="checksum"), writing(database) as connection:
        write.add_delivery(
            connection,
            parsed(MARCH, LISTS),
            name="x.xlsx",
            sha256="0" * 64,
            content=b"x",
            known_from=MARCH,
            received_at=NOW,
            run_id=1,
            findings=(),
        )


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_loading_does_not_show(database, order):
    files = [
        parsed(FEBRUARY, LISTS, published_on=date(2025, 4, 10), organisations=named("NHS Kent")),
        parsed(MARCH, {("SALT", "QKS"): 40}, published_on=PUBLISHED, organisations=named("NHS Kent and Medway")),
        parsed(APRIL, LISTS, published_on=date(2025, 6, 12), organisations=named("NHS KENT AND MEDWAY", "NHS Kent")),
    ]
    load(database, *files)
    together = fingerprint(database)
    names = names_of(database)
    assert names == {"QKS": "NHS KENT AND MEDWAY"}
    write_nothing_left(database)
    for place in order:
        load(database, files[place])
    assert fingerprint(database) == together
    assert names_of(database) == names


def named(*names: str) -> tuple[PrintedOrganisation, ...]:
    return tuple(PrintedOrganisation("QKS", name, Level.ICB) for name in names)


def names_of(engine) -> dict[str, str]:
    with reading(engine) as connection:
        return {place.code: place.name for place in read.known_organisations(connection)}


def write_nothing_left(engine) -> None:
    with writing(engine) as connection:
        for table in reversed(tables.metadata.sorted_tables):
            # The audit only grows, whoever asks.
            if not table.name.startswith("audit"):
                connection.execute(table.delete())


def test_two_databases_with_other_contents_have_other_checksums(database):
    load(database, parsed(MARCH, {("SALT", "QKS"): 100}, published_on=PUBLISHED))
    one = fingerprint(database)
    write_nothing_left(database)
    assert fingerprint(database) != one


def test_a_finding_stands_with_the_vintage_of_its_period(database):
    earlier = ParsedVintage("chs_sitrep_t2", FEBRUARY, parsed(FEBRUARY, {("SALT", "ENG"): 7}).vintages[0].figures)
    same = ParsedVintage("chs_sitrep_t2", MARCH, earlier.figures)
    findings = tuple(finding("odd", period) for period in (MARCH, FEBRUARY, APRIL))
    load(database, parsed(MARCH, LISTS, published_on=PUBLISHED, findings=findings, more=(same, earlier)))
    with reading(database) as connection:
        vintages = {vintage.id: vintage for vintage in read.vintages_of(connection, 1)}
        found = {each.period_end: each for each in read.findings(connection, limit=9)}
    assert vintages[found[MARCH].vintage_id].source == "chs_sitrep"
    assert vintages[found[FEBRUARY].vintage_id].source == "chs_sitrep_t2"
    assert found[APRIL].vintage_id is None
    assert {each.known_from for each in found.values()} == {PUBLISHED}


def test_what_a_check_found_is_kept_with_its_numbers(database):
    noted = finding("odd", MARCH, "SALT", "QKS", sheet="Table 5", cell="AK12", details={"of": ("a", 1), "on": MARCH})
    with writing(database) as connection:
        run_id = write.start_run(connection, command="load", as_of=None, now=NOW)
        add(connection, parsed(MARCH, LISTS, published_on=PUBLISHED), run_id=run_id, findings=[noted])
    with reading(database) as connection:
        (found,) = read.findings(connection, limit=9)
    assert (found.code, found.service, found.org, found.sheet, found.cell) == ("odd", "SALT", "QKS", "Table 5", "AK12")
    assert found.details == {"of": ["a", 1], "on": "2025-03-31"}


def test_how_many_sent_nothing_is_kept(database):
    load(database, parsed(MARCH, LISTS, non_submissions=(NonSubmission("QKS", MARCH, 2),)))
    with reading(database) as connection:
        assert connection.execute(select(tables.non_submission)).all() == [(1, "QKS", MARCH, 2)]


def numbered(engine):
    with reading(engine) as connection:
        found = read.findings(connection, limit=99)
    return {each.id: (each.delivery_id, each.code, each.org, each.sentence) for each in found}


def test_a_finding_that_stands_keeps_its_number_and_no_number_comes_twice(database):
    """A reader who goes through the findings page by page neither misses nor repeats one."""

    def keep(*found):
        with writing(database) as connection:
            replace_history_checks(connection, "chs_sitrep", HistoryChecks({1: found}, {}))
        return {what[2]: number for number, what in numbered(database).items()}

    load(database, parsed(MARCH, {("SALT", org): 10 for org in ("RYY", "RXC")}))
    a, b, c, d = (finding("odd", MARCH, "SALT", org, details={"x": [1.5, MARCH]}) for org in "ABCD")
    first = keep(a, b, c)
    again = keep(c, b, a)
    assert again == first
    later = keep(a, d, replace(b, details={"x": [2.5, MARCH]}))
    assert later["A"] == first["A"]
    assert min(later["B"], later["D"]) > max(first.values())
    assert "C" not in later
    twice = keep(a, a)
    assert list(twice) == ["A"]
    assert len(numbered(database)) == 2


def test_a_load_of_another_month_leaves_the_numbers_of_other_findings_alone(database):
    lists = {("SALT", "RYY"): 60, ("SALT", "QKS"): 60}
    load(database, parsed(FEBRUARY, lists), parsed(MARCH, {("SALT", "QKS"): 7}))
    before = numbered(database)
    assert before
    load(database, parsed(APRIL, {("SALT", "QKS"): 7}))
    assert before.items() <= numbered(database).items()


def test_checks_across_months_are_replaced_as_a_whole(database):
    months = [(date(2024, 10, 31), {"RYY": 60, "NQ7": 40}), (date(2024, 11, 30), {"RYY": 60})]
    files = [
        parsed(month, {("SALT", org): size for org, size in lists.items()} | {("SALT", "QKS"): sum(lists.values())})
        for month, lists in months
    ]
    load(database, *files)
    first = count(database, tables.finding), count(database, tables.coverage)
    load(database)
    load(database, *files)
    assert (count(database, tables.finding), count(database, tables.coverage)) == first
    assert first[1] > 0


def test_a_refused_file_is_remembered_without_its_content(database):
    with writing(database) as connection:
        run_id = write.start_run(connection, command="load", as_of=None, now=NOW)
        for name in ("odd\udce4\0name.xlsx", "n" * 300):
            write.add_refusal(
                connection, name=name, sha256=None, code="EMPTY", reason="It is empty.", received_at=NOW, run_id=run_id
            )
    with reading(database) as connection:
        names = [refused.file_name for refused in read.refusals(connection, limit=9)]
    assert names == ["odd??name.xlsx", "n" * 255]


def test_a_run_is_finished_once_it_is_there(database):
    with writing(database) as connection:
        run_id = write.start_run(connection, command="load", as_of=None, now=NOW)
        write.finish_run(connection, run_id, status="partial", summary={"refused": 1}, now=NOW)
    with reading(database) as connection:
        (run,) = read.runs(connection, status="partial", limit=9)
    assert (run.summary, run.finished_at) == ({"refused": 1}, NOW)
    with pytest.raises(BadArgument, match="no run 99"), writing(database) as connection:
        write.finish_run(connection, 99, status="done", summary={}, now=NOW)


def test_an_empty_delivery_is_a_delivery(database):
    assert load(database, parsed(MARCH, {})) == [1]
