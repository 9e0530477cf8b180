"""What the demonstration loads, in small: five services from records and from returns, which agree and add up."""

import shutil
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from api.app import create_app
from jobs.demo.answers import FROM_RECORDS, ORG, answers
from jobs.demo.stages import AS_OF
from jobs.keys import create
from tests.functional.api.conftest import Client, settings_of
from tests.functional.api.keyed import HOLDERS, PEPPER, bearer
from tests.functional.jobs.conftest import SMALL
from waitlists.bands import CHS_BANDS
from waitlists.counts.sums import REMOVED
from waitlists.record.schema import REASONS
from waitlists.stages import STAGE_KINDS
from waitlists.store import read, tables
from waitlists.store.details import details_of
from waitlists.store.in_force import in_force
from waitlists.store.session import make_engine, reading
from waitlists.synthetic import kent

RECORDS, RETURNS, MONTHLY = "referral_extract", "weekly_return", "referral_extract_monthly"
FIVE = ("ASD", "ADHD", "CAMHS", "SALT", "WHEELCHAIR")
A_WEEK = timedelta(weeks=1)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ASKING = ("commissioner", "provider", "public")
FEW_SPOILED = 15
"""Rows of one list and band that broke a rule and are in no list counted from records."""


@pytest.fixture(scope="module")
def first(demonstration, tmp_path_factory):
    """The database of the demonstration, and its folder."""
    folder = shutil.copytree(demonstration / "demo", tmp_path_factory.mktemp("demo") / "demo")
    engine = make_engine(f"sqlite:///{folder / 'waitlists.db'}")
    yield engine, folder
    engine.dispose()


@pytest.fixture(scope="module")
def said(first):
    """By source, sender and week, the counts in force of each service and kind by band."""
    current = in_force(AS_OF)
    series, figure = tables.series, tables.figure
    query = (
        select(current.c.source, current.c.scope, current.c.period_end, series, figure.c.value)
        .join(figure, figure.c.vintage_id == current.c.id)
        .join(series, series.c.id == figure.c.series_id)
        .where(current.c.source.in_([RECORDS, RETURNS]))
    )
    found = defaultdict(lambda: defaultdict(dict))
    with reading(first[0]) as connection:
        for row in connection.execute(query):
            place = (row[0], row.scope.partition("/")[0] if row.scope else "", row.period_end, row.org)
            found[place][row.service, row.kind][row.band] = row.value
    return found


def wholes(engine, source):
    """Every list counted from records in force, by list and stage, oldest first."""
    current = in_force(AS_OF, source=source)
    with reading(engine) as connection:
        vintages = {row.id: row for row in connection.execute(select(current))}
        query = select(tables.detail.c.vintage_id, tables.detail.c.service, tables.detail.c.org)
        chosen = query.where(tables.detail.c.vintage_id.in_(vintages), tables.detail.c.cut == "").distinct()
        found = details_of(connection, [tuple(row) for row in connection.execute(chosen)])
    lists = defaultdict(dict)
    for (vintage_id, service, org), stages in found.items():
        for one in stages:
            lists[service, org, one.stage][vintages[vintage_id].period_end] = one
    return {key: dict(sorted(by_period.items())) for key, by_period in lists.items()}


def test_five_services_and_three_more_have_lists_bands_flows_and_shares(first):
    with reading(first[0]) as connection:
        for service in FROM_RECORDS:
            for source in (None, RETURNS):
                found = read.stored_list(connection, service=service, org=ORG, as_of=AS_OF, source=source)
                assert (found.source, found.is_synthetic) == (source or RECORDS, True)
                assert found.period_end == date(2026, 11, 15)
                assert sum(count for _, count in found.bands.counts.items()) == found.bands.total
                assert found.flows["referrals"] is not None
                assert found.flows["removals"] is not None
                assert set(found.removals) <= set(REASONS)
            own = read.stored_list(connection, service=service, org=ORG, as_of=AS_OF).own
            assert own.waiting or own.completed or service in {"CAMHS_ED", "EHC"}
        shown = {answer.service: answer for answer in answers(connection, as_of=AS_OF)}
    for service in FIVE:
        answer = shown[service]
        assert (answer.source, answer.is_synthetic, answer.coverage) == ("records", True, 1.0)
        assert answer.waiting > answer.over[0] >= answer.over[1] >= answer.over[2]
        assert answer.median_weeks > 0
        assert 0 < answer.share < 1
    assert {shown[name].source for name in ("CYP_OCCUPATIONAL_THERAPY", "CYP_AUDIOLOGY")} == {"returns", "published"}


def test_every_delivery_says_that_it_is_invented(first):
    with reading(first[0]) as connection:
        found = connection.execute(select(tables.delivery.c.source, tables.delivery.c.is_synthetic).distinct())
        assert {tuple(row) for row in found} == {(RECORDS, True), (RETURNS, True), ("chs_sitrep", True)}


def of_list(counts, service, *, flows=True):
    """What one source says of one service: bands of every stage, referrals, removals by reason; zeros left out."""
    kinds = {*STAGE_KINDS.values(), *(("referrals", REMOVED) if flows else ())}
    return {
        (kind, band): value
        for (of, kind), bands in counts.items()
        if of == service and kind in kinds
        for band, value in bands.items()
        if value
    }


def test_records_and_returns_agree_on_every_provider_service_and_week_that_both_hold(said):
    """But for what was planted: the weeks one return repeats, and the rows of one extract that broke a rule."""
    wrong = kent.population(1, end=date(2026, 11, 15), weeks=SMALL.weeks, scale=0.01).faults
    compared, flowing, spoiled = 0, 0, 0
    for (source, scope, week, org), counts in said.items():
        other = said.get((RECORDS, scope, week, org))
        if source != RETURNS or not scope or other is None or (scope == wrong.frozen[0] and week in wrong.frozen_weeks):
            continue
        for service in {of for of, _ in counts} - set(wrong.copied):
            # In the week in which a provider's records begin nobody knows who came.
            flows = (service, "referrals") in other
            mine, theirs = (of_list(each, service, flows=flows) for each in (counts, other))
            flowing += flows
            compared += 1
            if scope == kent.DIRTY_PROVIDER:
                apart = max(abs(mine.get(key, 0) - theirs.get(key, 0)) for key in mine.keys() | theirs.keys())
                assert apart <= FEW_SPOILED, (service, week)
                spoiled += apart > 0
            else:
                assert mine == theirs, (scope, service, week)
    assert compared > flowing > 900
    assert spoiled


@pytest.mark.parametrize("source", [RECORDS, MONTHLY])
def test_identities_hold_on_every_list_and_period(first, source):
    flowing = 0
    lists = wholes(first[0], source)
    for (_, org, stage), by_period in lists.items():
        # A board's list grows by a whole list on the day from which a further provider's is known.
        flows = stage == "list" and source == RECORDS and org != ORG
        before = None
        for period, one in by_period.items():
            assert sum(one.bands) == sum(one.weeks) == one.list_size
            assert len(one.bands) == len(CHS_BANDS)
            assert one.residual == (None if one.referrals is None else 0)
            assert all(0 <= part.within <= part.of for part in (*one.waiting.values(), *one.completed.values()))
            if flows and before is not None and period - before[0] == A_WEEK:
                assert one.referrals is not None
                assert before[1].list_size + one.referrals - sum(one.removals.values()) == one.list_size
                flowing += 1
            before = period, one
    assert len(lists) > 40
    assert flowing > 1_000 or source == MONTHLY


def test_a_board_is_the_sum_of_its_providers(first):
    lists = wholes(first[0], RECORDS)
    checked = 0
    for (service, org, stage), by_week in lists.items():
        if org != ORG:
            continue
        for week, whole in by_week.items():
            parts = [
                found[week]
                for (of, who, at), found in lists.items()
                if (of, at) == (service, stage) and who != ORG and week in found
            ]
            assert whole.list_size == sum(part.list_size for part in parts)
            # Who is handed from one provider to another is a flow of both and none of their board.
            handed_over = any(part.removals.get("transferred") for part in parts)
            if whole.referrals is not None and not handed_over:
                assert whole.referrals == sum(part.referrals for part in parts)
                checked += 1
    assert checked > 400


def test_what_was_planted_is_found_and_named(first):
    with reading(first[0]) as connection:
        finding = tables.finding
        found = {tuple(row) for row in connection.execute(select(finding.c.code, finding.c.org).distinct())}
    assert {("missing_provider", "NQ7"), ("frozen_value", "RPA"), ("rows_quarantined", "RYY")} <= found


def test_its_mappings_serve_whoever_loads_the_inbox_by_hand(first, waitlists):
    _, folder = first
    shutil.copy(folder / "waitlists.db", waitlists.folder / "w.db")
    replayed = waitlists(
        "load", folder / "inbox", "--json", MAPPINGS=str(folder / "mappings"), DATABASE_URL="sqlite:///w.db"
    )
    assert replayed.code == 0
    assert {file["status"] for file in replayed.json["files"]} == {"already_loaded"}


@pytest.fixture(scope="module")
def asking(first):
    """A client of the demonstration, and a key of each kind of caller."""
    engine, _ = first
    keys = {name: str(create(engine, HOLDERS[name], now=NOON, pepper=PEPPER)[0]) for name in ASKING}
    settings = settings_of(engine, key_pepper=PEPPER, rate_per_second=100_000)
    with Client(create_app(settings, clock=lambda: NOON)) as client:
        yield client, keys


@pytest.mark.no_cover
@pytest.mark.parametrize("role", ASKING)
def test_every_link_of_a_list_is_answered_to_who_was_given_it(asking, role):
    """Forecasts and clearances of lists known too briefly are answered with why there are none."""
    client, keys = asking
    headers = bearer(keys[role])
    asked = [f"/v1/waiting-lists/{service}/{org}" for service in FIVE for org in (ORG, "RYY")]
    sources = [{"source": source} for source in (RECORDS, RETURNS)]
    pages = [client.get(path, params=source, headers=headers) for path in asked for source in sources]
    lists = [page.json() for page in pages if page.status_code == 200]
    assert {one["source"] for one in lists} == {RECORDS, RETURNS}
    for one in lists:
        links = [link for link in one["links"].values() if link]
        links += [f"/v1/deliveries/{number}" for number in one["vintage"]["deliveries"]]
        for link in links:
            answer = client.get(link, headers=headers)
            is_unknown = answer.status_code == 404 and answer.json()["title"] == "Nothing was worked out"
            assert answer.status_code == 200 or is_unknown, (link, answer.text)
