"""What is sent from the imagined Kent and Medway: extracts as of a day, deltas, returns that balance, dirt, a transfer.

Most tests use lists of a twentieth; how long the lists are is tested elsewhere.
"""

import io
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waitlists import clock, snapshot
from waitlists.bands import CHS_BANDS
from waitlists.errors import BadArgument
from waitlists.ingest import delimited
from waitlists.ingest import weekly_return as return_loader
from waitlists.ingest.mapping_check import check_mapping
from waitlists.ingest.referral_extract import read_extract
from waitlists.record.columns import MISSING
from waitlists.record.schema import REASONS, SCHEMA
from waitlists.stages import stage_of
from waitlists.synthetic import kent
from waitlists.synthetic.kent.calendar import day_number
from waitlists.synthetic.kent.counting import BAND_ENDS, came, is_holding, left, waiting, waits

SEED, END = 20261116, date(2026, 11, 15)
MOVED_ON = date(2026, 4, 1)
REFERRAL = "service_request_identifier"


@cache
def small() -> kent.Population:
    return kent.population(SEED, end=END, scale=0.05)


@cache
def other() -> kent.Population:
    return kent.population(1, end=END, weeks=100, scale=0.03)


@cache
def returns_of(provider: str) -> dict[date, tuple[kent.ReturnRow, ...]]:
    weeks = small().weeks
    return dict(zip(weeks, kent.weekly_returns(small(), provider, weeks=weeks), strict=True))


@cache
def extracted(provider: str, on: date) -> pa.Table:
    return kent.extract(small(), provider, on=on)


def counted(rows: tuple[kent.ReturnRow, ...], service: str, measure: str, stage: str = "list") -> int:
    is_pooled = service in small().faults.copied
    return sum(
        row.children
        for row in rows
        if (row.service, row.measure) == (service, measure)
        and (not row.waiting_for or stage_of("SALT" if is_pooled else service, row.waiting_for) == stage)
    )


def lists_sent() -> Iterator[tuple[str, str, list[tuple[date, tuple[kent.ReturnRow, ...]]]]]:
    for provider, service in kent.HELD:
        sent = [(week, rows) for week, rows in returns_of(provider).items() if any(r.service == service for r in rows)]
        yield provider, service, sent


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    provider, on = "RPA", date(2025, 6, 1)
    first = kent.to_csv(extracted(provider, on))
    assert kent.to_csv(kent.extract(kent.population(SEED, end=END, scale=0.05), provider, on=on)) == first
    assert kent.to_csv(kent.extract(other(), provider, on=on)) != first


def test_any_end_and_length_is_covered_up_to_its_last_sunday():
    early = kent.population(3, end=date(2024, 2, 29), weeks=30, scale=0.01)
    assert (len(early.weeks), early.weeks[-1]) == (30, date(2024, 2, 25))
    assert kent.extract(early, "RXY", on=early.weeks[-1]).num_rows == 0
    assert kent.extract(early, "RAT", on=early.weeks[-1]).num_rows > 200


@pytest.mark.parametrize("wrong", [{"weeks": 3}, {"scale": 0.0}, {"scale": -1.0}, {"scale": float("nan")}])
def test_a_population_without_children_is_refused(wrong):
    with pytest.raises(BadArgument):
        kent.population(1, end=END, **wrong)


@pytest.mark.parametrize("provider", kent.PROVIDERS)
def test_the_loader_takes_every_row_without_a_remark_on_ages(provider):
    table = extracted(provider, END)
    facts = read_extract(io.BytesIO(kent.to_csv(table)), on=END).facts
    assert (facts.read, facts.accepted) == (table.num_rows, table.num_rows)
    assert facts.snapshot_date == END
    assert {remark.code for remark in facts.remarks} <= {"W_SUCCEEDED_PROVIDER"}


def test_an_extract_is_a_records_table_that_knows_nothing_of_later_days():
    on = date(2025, 2, 9)
    table = extracted("RAT", on)
    assert table.schema == SCHEMA
    for field in SCHEMA:
        if field.type == pa.date32() and field.name != "next_appointment_date":
            latest = pc.max(table[field.name]).as_py()
            assert latest is None or latest <= on, field.name
    assert pc.min(table["next_appointment_date"]).as_py() > on


@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_whole_list_is_the_one_before_with_the_changes_put_in(data: st.DataObject):
    provider = data.draw(st.sampled_from(("NQ7", "RYY", "RAT", "RXY", "LOCAL:WHEELCHAIR_KM")))
    since, on = sorted(data.draw(st.lists(st.sampled_from(small().weeks), min_size=2, max_size=2, unique=True)))
    before, after = extracted(provider, since), extracted(provider, on)
    changes = kent.extract(small(), provider, on=on, since=since)
    kept = before.filter(pc.invert(pc.is_in(before[REFERRAL], value_set=changes[REFERRAL].combine_chunks())))
    rebuilt = pa.concat_tables([kept, changes]).drop_columns(["snapshot_date"]).sort_by(REFERRAL)
    assert rebuilt.equals(after.drop_columns(["snapshot_date"]).sort_by(REFERRAL))


def test_a_week_changes_few_referrals():
    on = date(2025, 3, 30)
    changed = kent.extract(small(), "RYY", on=on, since=on - timedelta(weeks=1)).num_rows
    assert 0 < changed < 0.1 * extracted("RYY", on).num_rows


@pytest.mark.parametrize(
    ("provider", "days"),
    [("R1C", {"on": END}), ("RYY", {"on": date(2026, 11, 16)}), ("RYY", {"on": END, "since": END})],
)
def test_an_extract_that_cannot_be_made_is_refused(provider, days):
    with pytest.raises(BadArgument):
        kent.extract(small(), provider, **days)


def test_identifiers_look_like_nobodys_number():
    table = pa.concat_tables([extracted(provider, END) for provider in kent.PROVIDERS])
    referrals, children = (table[name].combine_chunks() for name in (REFERRAL, "pseudonym_id"))
    assert len(referrals.unique()) == table.num_rows
    for texts, length in ((referrals, 16), (children, 32)):
        assert pc.all(pc.match_substring_regex(texts, f"^[a-p]{{{length}}}$")).as_py()
    elsewhere = kent.extract(other(), "RPA", on=END)
    assert not set(elsewhere["pseudonym_id"].to_pylist()) & set(children.to_pylist())


def test_some_children_are_on_two_lists_and_the_same_child_on_both():
    table = pa.concat_tables([extracted(provider, END) for provider in ("RYY", "RAT")])
    services: dict[str, set[str]] = {}
    sexes: dict[str, set[str]] = {}
    for row in table.select(["pseudonym_id", "service", "person_stated_gender_code"]).to_pylist():
        services.setdefault(row["pseudonym_id"], set()).add(row["service"])
        sexes.setdefault(row["pseudonym_id"], set()).add(row["person_stated_gender_code"])
    shared = [child for child, found in services.items() if len(found) > 1]
    assert len(shared) > 100
    assert all(len(sexes[child]) == 1 for child in shared)


def test_ages_change_provider_at_11():
    ages = {provider: Counter(extracted(provider, END)["age_band"].to_pylist()) for provider in ("RYY", "RAT", "RXY")}
    assert set(ages["RYY"]) == {"0-4", "5-10"}
    assert ages["RXY"]["11-15"] > ages["RXY"]["16-17"] > 0
    assert ages["RAT"]["0-4"] + ages["RAT"]["5-10"] < 0.02 * sum(ages["RAT"].values())


def test_every_return_balances_week_by_week_and_list_by_list():
    wrong = small().faults
    unfrozen = max(wrong.frozen_weeks) + timedelta(weeks=1)
    checked = 0
    for provider, service, sent in lists_sent():
        for (before, opening), (week, rows) in pairwise(sent):
            is_frozen = provider == wrong.frozen[0] and (week in wrong.frozen_weeks or week == unfrozen)
            if week - before > timedelta(weeks=1) or is_frozen:
                continue
            net = counted(rows, service, "referrals") - counted(rows, service, "removed")
            assert counted(opening, service, "waiting") + net == counted(rows, service, "waiting"), (service, week)
            checked += 1
    assert checked > 2_000


def test_returns_add_up_to_the_truth():
    truth, week = small().truth, date(2025, 9, 28)
    at = small().weeks.index(week)
    for service in kent.SERVICES:
        lists = [n for n, item in enumerate(kent.LISTS) if item.service == service and not item.is_review]
        rows = [row for provider in kent.PROVIDERS for row in returns_of(provider)[week]]
        assert counted(tuple(rows), service, "waiting") == truth.waiting[lists, at].sum()
        assert counted(tuple(rows), service, "referrals") == truth.referrals[lists, at].sum()
        assert counted(tuple(rows), service, "removed") == (truth.seen + truth.unseen)[lists, at].sum()


@pytest.mark.parametrize(("provider", "service"), kent.HELD)
def test_clocks_worked_out_from_the_records_count_the_same(provider, service):
    """The counts of this package use nothing of the clock, nor the clock anything of them."""
    table = extracted(provider, END)
    table = table.filter(pc.equal(table["service"], service))
    found, mine = clock.clocks(table, on=END), waits(small(), provider, service)
    is_one = found.is_counted & ~found.is_review
    for week in small().weeks[3::19]:
        day = day_number(week)
        if not is_holding(provider, service, week):
            continue
        here = is_one & (found.entered <= day) & ((found.stop == MISSING) | (found.stop > day))
        bands = np.bincount(np.searchsorted(BAND_ENDS, (day - found.start)[here], side="right"), minlength=8)
        days = waiting(mine, "list", on=day).days
        assert np.bincount(np.searchsorted(BAND_ENDS, days, side="right"), minlength=8).tolist() == bands.tolist()
        is_next = is_one & (found.next_start != MISSING) & (found.next_start <= day)
        is_next &= (found.next_stop == MISSING) | (found.next_stop > day)
        assert len(waiting(mine, "next", on=day).days) == is_next.sum()
        assert (
            came(mine, after=day - 7, until=day) == (is_one & (day - 7 < found.entered) & (found.entered <= day)).sum()
        )
        gone = is_one & (found.stop != MISSING) & (day - 7 < found.stop) & (found.stop <= day)
        reasons = np.bincount(found.reason[gone], minlength=len(REASONS)).tolist()
        assert left(mine, after=day - 7, until=day) == dict(zip(REASONS, reasons, strict=True))
    assert clock.differences(table, found) == ()


def in_a_return(rows: tuple[kent.ReturnRow, ...]) -> dict[tuple[str, str], Counter[str]]:
    """What a return says of each list and stage: bands, referrals and removals by reason."""
    said: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        if row.service not in small().faults.copied:
            stage = stage_of(row.service, row.waiting_for) if row.waiting_for else "list"
            said.setdefault((row.service, stage), Counter())[row.band or row.reason or row.measure] += row.children
    return said


def in_a_snapshot(found: snapshot.Snapshot) -> Counter[str]:
    """The same of a snapshot; flows are compared for the list itself."""
    said = Counter(dict(zip((band.label for band in CHS_BANDS), found.bands, strict=True)))
    return said + Counter({**found.removals, "referrals": found.referrals} if found.stage == "list" else {})


def test_returns_and_snapshots_of_the_records_agree_on_every_list_and_week():
    table = pa.concat_tables([extracted(provider, END) for provider in kent.PROVIDERS])
    found = snapshot.snapshots(table, clock.clocks(table, on=END), ends=small().weeks, freq="W")
    taken = {(one.org, one.period_end, one.service, one.stage): one for one in found}
    frozen, compared = small().faults.frozen_weeks, 0
    for provider in kent.PROVIDERS:
        for week, rows in returns_of(provider).items():
            if provider == "RPA" and week in frozen:
                continue
            for (service, stage), said in in_a_return(rows).items():
                one = taken.get((provider, week, service, stage))
                assert +said == (in_a_snapshot(one) if one else Counter()), (provider, week, service, stage)
                compared += 1
    assert compared > 5_000
    assert not any(one.residual for one in found)


@pytest.mark.parametrize("provider", kent.PROVIDERS)
def test_the_loader_takes_every_return(provider):
    rows = [row for week in small().weeks[-36:] for row in returns_of(provider)[week]]
    parsed = return_loader.parse(delimited.read(kent.return_csv(rows)))
    assert parsed.is_synthetic
    assert parsed.counts["numbers"] == len(rows)
    assert {finding.code for finding in parsed.findings} <= {"succeeded_provider"}


def test_single_weeks_add_up_to_the_bands():
    week = date(2026, 2, 22)
    rows = kent.weekly_return(small(), "RYY", week_ending=week, single_weeks=True)
    singles = [row for row in rows if row.band.isdigit() and row.service == "ASD"]
    assert {row.waiting_for for row in singles} == {"assessment"}
    assert sum(row.children for row in singles) == counted(returns_of("RYY")[week], "ASD", "waiting")


@pytest.mark.parametrize(("provider", "week"), [("R1C", END), ("RYY", date(2026, 11, 14))])
def test_a_return_that_cannot_be_made_is_refused(provider, week):
    with pytest.raises(BadArgument):
        kent.weekly_return(small(), provider, week_ending=week)


def test_a_provider_is_missing_for_three_months_and_the_others_are_not():
    wrong = small().faults
    missing = [week for week, rows in returns_of("NQ7").items() if not rows]
    assert missing == sorted(wrong.missing_weeks)
    assert (missing[0], missing[-1]) == (date(2025, 11, 2), date(2026, 1, 25))
    assert all(returns_of("RYY").values())
    sent = {(item.provider, item.week_ending) for item in kent.deliveries(small())}
    assert not sent & {("NQ7", week) for week in missing}
    assert ("NQ7", missing[-1] + timedelta(weeks=1)) in sent


def test_a_provider_that_starts_to_send_is_a_step_in_coverage():
    first = small().faults.starts_on
    assert next(week for week, rows in returns_of("RVV").items() if rows) == first > small().weeks[0]
    assert counted(returns_of("RVV")[first], "COMM_PAEDS", "waiting") > 20


def test_one_pooled_number_is_printed_under_three_services():
    rows = returns_of("RYY")[date(2025, 5, 4)]
    printed = [
        [row[3:] for row in rows if row.service == service]
        for service in ("SALT", "CYP_OCCUPATIONAL_THERAPY", "CYP_PHYSIOTHERAPY")
    ]
    assert printed[0] == printed[1] == printed[2] != []
    assert not any(row.service.startswith("CYP_") for row in returns_of("NQ7")[date(2025, 5, 4)])


def test_a_frozen_return_says_the_same_again():
    weeks = sorted(small().faults.frozen_weeks)
    sent = [[row[1:] for row in returns_of("RPA")[week]] for week in (weeks[0] - timedelta(weeks=1), *weeks)]
    assert all(rows == sent[0] for rows in sent)
    assert [row[1:] for row in returns_of("RPA")[weeks[-1] + timedelta(weeks=1)]] != sent[0]
    assert {row.week_ending for row in returns_of("RPA")[weeks[0]]} == {weeks[0]}


def test_a_file_comes_two_weeks_late_and_all_others_on_mondays():
    late = [item for item in kent.deliveries(small()) if item.delivered_on != item.week_ending + timedelta(days=1)]
    assert [(item.provider, item.week_ending) for item in late] == [("RPA", small().faults.late_week)]
    assert (late[0].delivered_on - late[0].week_ending).days == 15


def test_a_validation_takes_its_share_of_400_off_the_list_in_one_week():
    week = small().faults.cleaned_week
    assert week == date(2026, 5, 17)
    referrals, last = waits(small(), "RYY", "COMM_PAEDS"), day_number(week)
    usual, cleaned = (left(referrals, after=day - 7, until=day) for day in (last - 7, last))
    unusual = [cleaned[word] - usual[word] for word in ("data_correction", "discharged_unseen")]
    assert min(unusual) > 0
    assert 15 <= sum(unusual) <= 25


def test_the_transfer_keeps_every_wait():
    old, new = (waits(small(), provider, "CAMHS") for provider in ("RAT", "RXY"))
    day = day_number(MOVED_ON)
    before, after = (waiting(referrals, "list", on=on) for referrals, on in ((old, day - 1), (new, day)))
    assert len(waiting(old, "list", on=day).days) == 0
    longest = 30
    assert np.sort(after.days)[-longest:] == pytest.approx(np.sort(before.days)[-longest:] + 1, abs=20)
    assert len(after.days) == pytest.approx(len(before.days), rel=0.03)


def test_a_transferred_referral_names_its_successor_and_keeps_its_first_date():
    closed, opened = extracted("RAT", END).to_pylist(), extracted("RXY", END).to_pylist()
    moved = [row for row in closed if row["clock_stop_reason"] == "transferred"]
    assert {(row["successor_provider"], row["clock_stop_date"]) for row in moved} == {("RXY", MOVED_ON)}
    assert {row["service"] for row in moved} == {"CAMHS", "CAMHS_ED"}
    first = {row["pseudonym_id"]: row["referral_request_received_date"] for row in moved}
    arrived = [row for row in opened if row["original_referral_request_received_date"] is not None]
    assert len(arrived) == len(moved) > 1_000
    assert all(row["referral_request_received_date"] == MOVED_ON for row in arrived)
    assert all(row["original_referral_request_received_date"] <= first[row["pseudonym_id"]] for row in arrived)


def test_the_board_loses_nobody_on_the_day_of_the_transfer():
    census = {(row.period_end, row.org): sum(row.bands) for row in kent.band_census(small()) if row.service == "CAMHS"}
    march, april = (census[day, "QKS"] for day in (date(2026, 3, 31), date(2026, 4, 30)))
    assert april == pytest.approx(march, rel=0.05)
    assert ((date(2026, 3, 31), "RXY") in census, (date(2026, 4, 30), "RAT") in census) == (False, False)


def test_a_census_adds_up_to_the_board_and_to_the_truth():
    rows = list(kent.band_census(small()))
    whole = {(row.period_end, row.service): row.bands for row in rows if row.org == "QKS"}
    for key, bands in whole.items():
        parts = [row.bands for row in rows if (row.period_end, row.service) == key and row.org != "QKS"]
        assert tuple(map(sum, zip(*parts, strict=True))) == bands
    sunday = date(2025, 8, 31)
    lists = [n for n, item in enumerate(kent.LISTS) if item.service == "ASD" and not item.is_review]
    assert sum(whole[sunday, "ASD"]) == small().truth.waiting[lists, small().weeks.index(sunday)].sum()


def test_spells_of_two_referrals_are_a_few_days_apart():
    found = kent.extract(small(), "RAT", on=date(2026, 3, 29)).to_pylist()
    spells: dict[str, list[dict[str, object]]] = {}
    for row in found:
        if row["referral_spell_id"]:
            spells.setdefault(row["referral_spell_id"], []).append(row)
    pairs = [sorted(rows, key=lambda row: row["referral_request_received_date"]) for rows in spells.values()]
    gaps = [
        (two["referral_request_received_date"] - one["service_discharge_date"]).days
        for one, two in (pair for pair in pairs if len(pair) == 2)
    ]
    assert len(gaps) > 50
    assert (min(gaps), max(gaps)) == (0, 5)
    children = Counter(
        row["pseudonym_id"] for row in found if row["service"] == "CAMHS" and not row["referral_spell_id"]
    )
    assert sum(count == 2 for count in children.values()) > 50


def test_dirt_is_found_again_to_the_row():
    table, each = extracted("RAT", END), 4
    dirty = kent.spoiled(table, seed=5, each=each)
    facts = read_extract(io.BytesIO(kent.to_csv(dirty.texts)), on=END).facts
    assert set(dirty.rows.values()) == {each}
    assert facts.read == table.num_rows + 2 * each
    assert facts.by_rule == {
        "R_DATE_INVALID": 2 * each, "R_DATE_RANGE": 2 * each, "R_ID_MISSING": 2 * each, "R_UNKNOWN_SERVICE": each,
        "R_UNKNOWN_ORG": 2 * each, "R_UNKNOWN_CODE": 3 * each, "R_NUMBER": each, "R_DISCHARGE_BEFORE_REFERRAL": each,
        "R_CONTACT_BEFORE_REFERRAL": each, "R_DUPLICATE_IDENTITY": 2 * each, "X_ADULT": each,
    }  # fmt: skip
    assert (facts.duplicates, facts.excluded) == (dirty.rows["copied_row"], dirty.rows["adult"])
    assert Counter(dirty.texts["age_band"].to_pylist())["18-25"] == each


def test_an_extract_too_short_for_its_dirt_is_refused():
    with pytest.raises(BadArgument):
        kent.spoiled(extracted("RVV", END).slice(0, 20), seed=1)


@pytest.mark.parametrize("kind", ["snapshot", "delta"])
def test_the_foreign_layout_is_translated_back_by_its_mapping(kind):
    since = END - timedelta(weeks=1) if kind == "delta" else None
    table = kent.extract(small(), kent.FOREIGN_PROVIDER, on=END, since=since)
    written = kent.to_csv(table, kent.FOREIGN)
    header = written.decode("cp1252").splitlines()[0].split(";")
    assert "ServiceLine" in header
    assert "service" not in header
    mapping = check_mapping(kent.foreign_mapping(kind), header=header)
    assert not isinstance(mapping, tuple), mapping
    extract = read_extract(io.BytesIO(written), mapping=mapping, on=END)
    assert (extract.facts.kind, extract.facts.accepted) == (kind, table.num_rows)
    assert pa.concat_tables([batch.records for batch in extract.batches()]).cast(SCHEMA).equals(table)


def test_returns_come_as_files_in_order_of_the_day():
    files = kent.sent_returns(small(), newest=10)
    assert [file.delivered_on for file in files] == sorted(file.delivered_on for file in files)
    assert len({file.name for file in files}) == len(files)
    weeks = Counter(file.provider for file in files)
    assert weeks["RYY"] == 11
    assert weeks["LOCAL:THERAPEUTIC_ALLIANCE"] == 1
    rows = sum(file.content.count(b"\r\n") - 2 for file in files if file.provider == "NQ7")
    assert rows == sum(map(len, returns_of("NQ7").values()))
    late = next(file for file in files if file.provider == "RPA" and str(small().faults.late_week) in file.name)
    assert late.delivered_on == small().faults.late_week + timedelta(days=15)


def test_extracts_come_as_a_whole_list_and_its_changes():
    files = kent.sent_extracts(small(), deltas=3)
    assert [file.delivered_on for file in files] == sorted(file.delivered_on for file in files)
    kinds = Counter(file.kind for file in files)
    assert kinds["snapshot"] == 11
    assert 25 < kinds["delta"] <= 30
    assert {file.provider for file in files} == set(kent.PROVIDERS)
    ended = [file for file in files if file.provider == "LOCAL:THERAPEUTIC_ALLIANCE"]
    assert [(file.kind, file.delivered_on) for file in ended] == [("snapshot", date(2026, 4, 6))]
    for file in files:
        mapping = check_mapping(file.mapping)
        assert not isinstance(mapping, tuple), mapping
        assert file.name.startswith(file.mapping_name)
        facts = read_extract(io.BytesIO(file.content), mapping=mapping, on=file.delivered_on).facts
        assert (facts.kind, facts.providers) == (file.kind, (file.provider,))
        assert facts.is_synthetic
        is_dirty = (file.provider, file.kind) == (kent.DIRTY_PROVIDER, "snapshot")
        assert (facts.quarantined > 0) == is_dirty


def test_what_was_built_in_is_said_where_it_happens():
    said = kent.planted(small())
    assert len(said) == len(set(said)) == 9
    assert "NQ7 sends nothing for the weeks ending 2025-11-02 to 2026-01-25" in said
    assert "RAT hands CAMHS and CAMHS_ED to RXY on 2026-04-01, waits kept" in said
    assert len(kent.planted(kent.population(3, end=date(2024, 2, 29), weeks=30, scale=0.01))) == 5


def test_a_week_without_changes_has_no_file():
    tiny = kent.population(3, end=date(2024, 2, 29), weeks=30, scale=0.01)
    files = kent.sent_extracts(tiny, deltas=3)
    assert {file.kind for file in files if file.provider == "E06000035"} >= {"snapshot"}
    assert len(files) < 4 * len({file.provider for file in files})
    assert all(file.content.count(b"\r\n") > 1 for file in files)


@pytest.mark.parametrize("newest", [0, 157])
def test_more_files_than_weeks_are_refused(newest):
    with pytest.raises(BadArgument):
        kent.sent_returns(small(), newest=newest)
    with pytest.raises(BadArgument):
        kent.sent_extracts(small(), deltas=newest - 1)
