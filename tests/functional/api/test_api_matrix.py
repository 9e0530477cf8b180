"""The board's matrix judged ahead: its answers are those without it, for every role, and hold for nothing else."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, update

from api.app import create_app
from jobs.ahead import judge_ahead
from jobs.decisions import add
from tests.databases import sqlite_template
from tests.deliveries import load, parsed
from tests.functional.api.conftest import NOW, Client, settings_of
from tests.functional.api.keyed import PEPPER, bearer, give_keys
from tests.functional.api.test_api_trends import SUNDAYS, returns
from waitlists.domain import Measure
from waitlists.periods import london_date
from waitlists.store import tables
from waitlists.store.session import make_engine, reading, writing
from waitlists.store.write import publish
from waitlists.suppression import Rule
from waitlists.trends.decisions import Charted, Decision, Words

SUMMARY = "/v1/trends/summary"
TODAY = london_date(NOW)
MONTHS = (date(2025, 2, 28), date(2025, 3, 31))
ROLES = ("public", "board", "commissioner", "neighbour", "provider", "other_provider", "admin")
QUESTIONS = (
    "",
    "?source=weekly_return",
    "?source=chs_sitrep",
    "?freq=M",
    "?org=QKS",
    "?service=SALT&limit=2",
    "?profile=nhsr",
    f"?as_of={SUNDAYS[-1] - timedelta(days=20)}",
)


@pytest.fixture
def engine(tmp_path):
    file = tmp_path / "matrix.db"
    file.write_bytes(sqlite_template().read_bytes())
    engine = make_engine(f"sqlite:///{file}")
    load(engine, *returns())
    for month, size in zip(MONTHS, (41, 7), strict=True):
        lists = {("CYP_AUDIOLOGY", org): size + more for more, org in enumerate(("QKS", "RYY", "ENGLAND"))}
        load(engine, parsed(month, {**lists, ("SALT", "QKS"): 903}, published_on=month + timedelta(days=40)))
    yield engine
    engine.dispose()


def judge(engine, day=TODAY):
    told = []
    services = judge_ahead(engine, Rule.HES, day=day, on_progress=told.append)
    assert [(one.done, one.total) for one in told] == [(done, services) for done in range(1, services + 1)]
    return services


def asked(engine, keys, *questions, roles=ROLES):
    """Each answer by role and question, from a process that has answered nothing before."""
    with Client(create_app(settings_of(engine, key_pepper=PEPPER), clock=lambda: NOW)) as client:
        return {
            (role, one): client.get(SUMMARY + one, headers=bearer(keys[role])).json()
            for role in roles
            for one in questions
        }


def spoil(engine):
    """Change what is kept: an answer that is made of it can be told from one that is not."""
    with writing(engine) as connection:
        connection.execute(update(tables.judged_list).values(cells=[["spoilt", None, 1, 0]], trends=[]))


def is_kept(answer):
    return any(cell["variation"] == "spoilt" for cell in answer["matrix"])


@pytest.mark.no_cover
def test_what_is_judged_ahead_is_answered_as_without(engine):
    keys = give_keys(engine)
    before = asked(engine, keys, *QUESTIONS)
    assert judge(engine) == 2
    assert asked(engine, keys, *QUESTIONS) == before
    assert judge(engine) == 0
    spoil(engine)
    kept = {question for (_, question), answer in asked(engine, keys, *QUESTIONS).items() if is_kept(answer)}
    assert kept == set(QUESTIONS[:6])


def test_the_cells_count_every_list_on_every_page(engine):
    keys = give_keys(engine)
    judge(engine)
    whole = asked(engine, keys, "", roles=["board"])["board", ""]
    rows, cursor = [], ""
    while cursor is not None:
        question = f"?limit=1{cursor and f'&cursor={cursor}'}"
        page = asked(engine, keys, question, roles=["board"])["board", question]
        assert page["matrix"] == whole["matrix"]
        rows, cursor = [*rows, *page["items"]], page["next_cursor"]
    assert rows == whole["items"]
    assert sum(cell["count"] for cell in whole["matrix"]) == len(rows)
    assert sum(cell["real_change"] for cell in whole["matrix"]) == sum(bool(row["real_change"]) for row in rows)


def test_where_many_are_not_judged_the_cells_are_of_the_pages_lists_and_say_so(engine, monkeypatch):
    keys = give_keys(engine)
    whole = asked(engine, keys, "", roles=["board"])["board", ""]
    every = len({(row["service"], row["org"]) for row in whole["items"]})
    assert whole["cells_over"] == {"lists": every, "of": every}
    monkeypatch.setattr("api.matrix.MOST_MADE", 1)
    rows, cursor, headers = [], "", bearer(keys["board"])
    with Client(create_app(settings_of(engine, key_pepper=PEPPER), clock=lambda: NOW)) as client:
        for page in range(1, every + 1):
            answer = client.get(f"{SUMMARY}?limit=1{cursor and f'&cursor={cursor}'}", headers=headers).json()
            rows, cursor = [*rows, *answer["items"]], answer["next_cursor"]
            assert answer["cells_over"] == {"lists": page, "of": every}
            assert sum(cell["count"] for cell in answer["matrix"]) == len(rows)
    assert (rows, answer["matrix"]) == (whole["items"], whole["matrix"])


def test_an_answer_that_counts_fewer_lists_is_never_taken_for_one_that_counts_all(engine, monkeypatch):
    keys = give_keys(engine)
    monkeypatch.setattr("api.matrix.MOST_MADE", 1)
    with Client(create_app(settings_of(engine, key_pepper=PEPPER), clock=lambda: NOW)) as client:

        def ask(*tags, question="?limit=1"):
            held = {"If-None-Match": ", ".join(tags)} if tags else {}
            return client.get(SUMMARY + question, headers={**bearer(keys["board"]), **held})

        part = ask()
        assert (ask().content, ask(part.headers["etag"]).status_code) == (part.content, 304)
        assert ask("*").status_code == 304
        ask(question="?limit=25")
        whole = ask(part.headers["etag"])
        assert (whole.status_code, whole.json()["items"]) == (200, part.json()["items"])
        assert part.json()["cells_over"]["lists"] < whole.json()["cells_over"]["lists"]
        assert ask(whole.headers["etag"]).status_code == 304
        assert ask().headers["etag"] == whole.headers["etag"] != part.headers["etag"]


def test_days_on_which_the_same_was_known_are_worked_out_once(engine, monkeypatch):
    keys = give_keys(engine)
    monkeypatch.setattr("api.matrix.MOST_MADE", 0)
    with Client(create_app(settings_of(engine, key_pepper=PEPPER), clock=lambda: NOW)) as client:
        found = [
            client.get(f"{SUMMARY}?as_of={day}&limit={limit}", headers=bearer(keys["board"])).json()["cells_over"]
            for day, limit in ((TODAY, 25), (TODAY - timedelta(days=1), 1))
        ]
    assert found[0]["lists"] == found[1]["lists"] == found[1]["of"]


def test_another_version_is_looked_at_anew_unless_it_is_said_to_change_no_trend(engine):
    keys = give_keys(engine)
    judge(engine)
    spoil(engine)
    for keeps_trends in (True, False):
        with writing(engine) as connection:
            publish(connection, run_id=1, now=NOW, keeps_trends=keeps_trends)
        assert is_kept(asked(engine, keys, "", roles=["board"])["board", ""]) == keeps_trends
    assert judge(engine) == 0
    assert is_kept(asked(engine, keys, "", roles=["board"])["board", ""])
    load(engine, parsed(date(2025, 4, 30), {("SALT", "QKS"): 911}))
    assert not is_kept(asked(engine, keys, "", roles=["board"])["board", ""])


def kept(engine):
    """All that is kept, without the days it holds for: what was worked out before may hold for more of them."""
    names = ("service", "org", "source", "view", "dataset_version", "made_by", "made_from", "firsts", "cells", "trends")
    columns = [tables.judged_list.c[name] for name in names]
    with reading(engine) as connection:
        return connection.execute(select(*columns).order_by(*columns[:4])).all()


def sent(service, week, orgs, *, published_on):
    lists = {(service, org): size for org, size in orgs.items()}
    sender = f"{next(iter(orgs))}/{service}"
    return parsed(week, lists, published_on=published_on, source="weekly_return", scope=sender)


@pytest.mark.no_cover
def test_a_load_judges_the_services_it_concerns_alone_and_the_others_are_as_judged_anew(engine):
    weeks, days = SUNDAYS[-6:], iter(date(2025, 6, day) for day in range(2, 30))
    load(engine, *(sent("ASD", week, {"RYY": 40 + week.day}, published_on=week + timedelta(days=1)) for week in weeks))
    assert judge(engine) == 3
    new = weeks[-1] + timedelta(weeks=1)
    coming = [
        (sent("SALT", weeks[-1], {"RYY": 871}, published_on=next(days)), 1),
        (sent("ASD", weeks[-1], {"RYY": 4}, published_on=weeks[-1] + timedelta(days=2)), 1),
        # A week that nobody had sent yet is a gap for the other service, and who sends it comes before or after that.
        (sent("SALT", new, {"RPA": 12}, published_on=next(days)), 2),
        (sent("SALT", new, {"RYY": 880}, published_on=next(days)), 1),
        (sent("SALT", new, {"NQ7": 6}, published_on=next(days)), 2),
        (parsed(date(2025, 4, 30), {("CYP_AUDIOLOGY", "QKS"): 44}, published_on=next(days)), 2),
    ]
    for delivery, services in coming:
        load(engine, delivery)
        assert judge(engine) == services
        carried = kept(engine)
        with writing(engine) as connection:
            connection.execute(delete(tables.judged_list))
        assert judge(engine) == 3
        assert kept(engine) == carried


def test_a_decision_takes_out_its_own_service_alone(engine):
    keys = give_keys(engine)
    judge(engine)
    about = Charted(service="SALT", org="QKS", measure=Measure.LIST_SIZE)
    words = Words("A second clinic opened", "improvement board", date(2025, 5, 30))
    add(engine, Decision(what="target", about=about, since=SUNDAYS[3], value=1.0, words=words), clock=lambda: NOW)
    answer = asked(engine, keys, "?org=QKS", roles=["board"])["board", "?org=QKS"]
    assert {row["target"] for row in answer["items"] if row["measure"] == "list_size"} == {1.0, None}
    assert judge(engine) == 1


def test_of_a_day_before_the_newest_figures_nothing_newer_is_told(engine):
    keys = give_keys(engine)
    judge(engine)
    spoil(engine)
    newest = SUNDAYS[-1] + timedelta(days=1)
    days = {day: f"?as_of={day}" for day in (newest, newest - timedelta(days=1))}
    found = asked(engine, keys, *days.values(), roles=["commissioner"])
    assert [is_kept(found["commissioner", question]) for question in days.values()] == [True, False]


def test_of_an_empty_database_there_is_nothing_to_judge(tmp_path):
    file = tmp_path / "empty.db"
    file.write_bytes(sqlite_template().read_bytes())
    engine = make_engine(f"sqlite:///{file}")
    assert judge(engine) == 0
    engine.dispose()
