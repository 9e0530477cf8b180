"""What is said of a board's list whose providers come one by one, fall silent and come back: never that fewer wait."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from api.app import create_app
from api.views.missing import OTHERS
from tests.databases import shared_database
from tests.deliveries import load, parsed
from tests.functional.api.conftest import Client, settings_of
from tests.functional.api.keyed import PEPPER, bearer, give_keys
from tests.functional.jobs.kit import load_files
from tests.returns import as_csv, waiting

FIRST = date(2025, 2, 16)
"""The Sunday of the first return of all."""

BACK = 15
"""Weeks after it in which one of two providers comes back."""

SENT = (
    (0, (("SALT", "RYY", 40),)),
    (1, (("SALT", "RYY", 41), ("SALT", "NQ7", 10), ("COMM_PAEDS", "RYY", 30), ("WHEELCHAIR", "RYY", 20))),
    (BACK, (("SALT", "RYY", 42),)),
)
AWAITED = "Medway Community Healthcare is registered as keeping a part of this list and never sent a figure"
NOBODY_KNOWS = "Nobody can know whether all of this list is here"


def known_on(week: int) -> date:
    """The Monday on which the returns of a week came."""
    return FIRST + timedelta(weeks=week, days=1)


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """A client over the returns of two providers and a workbook of long before, with a key of each role."""
    folder = tmp_path_factory.mktemp("first")
    with shared_database("sqlite", folder) as engine:
        published = {("COMM_PAEDS", org): size for org, size in (("RYY", 3000), ("NQ7", 4000), ("QKS", 7000))}
        load(engine, parsed(date(2024, 3, 31), published, published_on=date(2024, 5, 15)))
        for week, lists in SENT:
            end, paths = FIRST + timedelta(weeks=week), []
            for service, org, each in lists:
                paths.append(folder / f"{service}-{org}-{week}.csv")
                paths[-1].write_bytes(as_csv(waiting(service, counts=[each] * 8, provider=org, week=end)))
            load_files(engine, paths, now=datetime.combine(known_on(week), time(9), UTC))
        keys, now = give_keys(engine), datetime.combine(known_on(BACK), time(12), UTC)
        chosen = settings_of(engine, key_pepper=PEPPER, rate_per_second=100_000)
        with Client(create_app(chosen, clock=lambda: now)) as client:
            yield client, keys


def answer(asked, path: str, *, week: int, role: str = "commissioner"):
    client, keys = asked
    return client.json(path, params={"as_of": known_on(week), "source": "weekly_return"}, headers=bearer(keys[role]))


def codes(body) -> set[str]:
    return {one["code"] for one in body["findings"]}


def test_a_board_of_which_one_provider_told_is_not_known_to_be_whole(asked):
    body = answer(asked, "/v1/waiting-lists/SALT/QKS", week=0)
    assert (body["list_size"], body["coverage"], body["provisional"]) == (320, None, True)
    assert (body["missing_providers"], body["adjusted"]) == ([], None)
    assert AWAITED in body["sentence"]
    assert body["notes"]["coverage"] == body["notes"]["adjusted"] == OTHERS
    own = answer(asked, "/v1/waiting-lists/SALT/RYY", week=0)
    assert (own["coverage"], own["provisional"]) == (1.0, False)
    assert "whole_unknown" not in codes(own)


def test_those_who_see_figures_rounded_are_told_so_too(asked):
    body = answer(asked, "/v1/waiting-lists/SALT/QKS", week=0, role="board")
    assert (body["coverage"], body["provisional"]) == (None, True)
    assert NOBODY_KNOWS in body["sentence"]
    assert body["notes"]["coverage"] == OTHERS
    assert "whole_unknown" in codes(body)


def test_its_series_and_trend_say_so_and_call_nothing_a_change(asked):
    series = answer(asked, "/v1/series/SALT/QKS/list_size", week=0)
    assert (series["coverage"], series["provisional"]) == (None, True)
    assert AWAITED in series["sentence"]
    trend = answer(asked, "/v1/trends/SALT/QKS/list_size", week=0)
    assert trend["real_change"] is None
    assert AWAITED in trend["sentence"]


def test_once_the_other_comes_the_list_is_whole_and_did_not_rise(asked):
    body = answer(asked, "/v1/waiting-lists/SALT/QKS", week=1)
    assert (body["list_size"], body["coverage"], body["provisional"]) == (408, 1.0, False)
    assert "whole_unknown" not in codes(body)


def test_who_comes_back_alone_after_all_were_silent_is_part_of_a_list(asked):
    body = answer(asked, "/v1/waiting-lists/SALT/QKS", week=BACK)
    assert (body["list_size"], body["provisional"], body["adjusted"]["list_size"]) == (336, True, 416)
    assert body["coverage"] == pytest.approx(336 / 416)
    assert [one["org"] for one in body["missing_providers"]] == ["NQ7"]
    assert "so this is no sign that fewer wait" in body["sentence"]
    trend = answer(asked, "/v1/trends/SALT/QKS/list_size", week=BACK)
    assert trend["real_change"] is None
    assert "improve" not in trend["sentence"]


def test_of_a_list_that_was_published_long_ago_its_others_are_missing(asked):
    body = answer(asked, "/v1/waiting-lists/COMM_PAEDS/QKS", week=1)
    assert (body["list_size"], body["adjusted"]["list_size"]) == (240, 4240)
    assert body["coverage"] == pytest.approx(240 / 4240)
    assert [one["org"] for one in body["missing_providers"]] == ["NQ7"]


def test_of_a_list_in_no_register_nobody_can_know_who_sends(asked):
    body = answer(asked, "/v1/waiting-lists/WHEELCHAIR/QKS", week=1)
    assert (body["coverage"], body["provisional"]) == (None, True)
    assert "Nobody can know yet whether all of this list is here" in body["sentence"]


def test_the_page_says_it_beside_the_number(asked):
    client, keys = asked
    answered = client.get(f"/lists/SALT/QKS?as_of={known_on(0)}&source=weekly_return", headers=bearer(keys["board"]))
    assert answered.status_code == 200
    assert NOBODY_KNOWS in answered.text
