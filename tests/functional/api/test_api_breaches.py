"""Breach warnings as they are asked for and taken: by key, by day, by page and by the form of the page."""

import csv
import io
import re
from datetime import date, timedelta
from itertools import count

import pytest
from sqlalchemy import select

from api.app import create_app
from jobs.warn import keep, worked_out
from tests.databases import sqlite_template
from tests.deliveries import add, parsed
from tests.functional.api.conftest import NOW, Client, settings_of
from tests.functional.api.keyed import PEPPER, bearer, give_keys
from tests.functional.api.weekly import BOARD, ORGS, SUNDAYS, fill_weekly, world
from tests.warned import life, warning
from waitlists.store import tables, write
from waitlists.store.session import make_engine, reading, writing
from waitlists.suppression.rules import Rule, words

DAY = SUNDAYS[-1] + timedelta(days=1)
TODAY = NOW.date()
UNTIL = (TODAY + timedelta(days=14)).isoformat()
READERS = ("public", "board", "commissioner", "neighbour", "provider", "other_provider", "admin")
MULTIPLES = ("waiting", "over_now", "over_standard", "newly_over_now", "change_since_last_week")


def warned(engine, day, *, more=()):
    with writing(engine) as connection:
        run_id = write.start_run(connection, command="warn", as_of=day, now=NOW)
        keep(connection, [*worked_out(connection, as_of=day), *more], as_of=day, run_id=run_id)
        write.publish(connection, run_id=run_id, now=NOW)
        write.finish_run(connection, run_id, status="done", summary={}, now=NOW)


GONE = warning(source="weekly_return", service="WHEELCHAIR", org="NQ7", standard_id="CHS_52W", as_of=DAY)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """Four weeks of small lists that nobody has published, warned of in the last two; one warning is cleared."""
    file = tmp_path_factory.mktemp("breaches") / "breaches.db"
    file.write_bytes(sqlite_template().read_bytes())
    engine = make_engine(f"sqlite:///{file}")
    fill_weekly(engine, world(2))
    warned(engine, DAY - timedelta(weeks=1))
    cleared = type(GONE)(
        GONE.figures, life(state="cleared", since=DAY, raised_on=DAY - timedelta(weeks=9)), GONE.sentence
    )
    warned(engine, DAY, more=[cleared])
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def asked(filled):
    keys, ticks = give_keys(filled), count()
    settings = settings_of(filled, key_pepper=PEPPER, base_url="http://testserver")
    app = create_app(settings, clock=lambda: NOW + timedelta(milliseconds=next(ticks)))
    with Client(app) as client:
        yield client, keys


@pytest.fixture(scope="module")
def one(asked):
    """The warning of a provider's own list."""
    client, keys = asked
    found = client.json("/v1/breaches?service=SALT&org=RYY", headers=bearer(keys["provider"]))["items"]
    return found[0]["id"]


def post(asked, name, warning_id, body, *, key="k"):
    client, keys = asked
    headers = bearer(keys[name]) | {"Idempotency-Key": key}
    return client.request("POST", f"/v1/breaches/{warning_id}/acknowledgement", headers=headers, json=body)


def items(asked, name, query=""):
    client, keys = asked
    return client.json(f"/v1/breaches{query}", headers=bearer(keys[name]))["items"]


def test_warnings_are_found_by_service_organisation_and_standard(asked):
    every = items(asked, "commissioner")
    assert every == sorted(every, key=lambda one: (one["service"], one["org"], one["standard_id"]))
    assert {one["org"] for one in every} >= set(ORGS)
    some = items(asked, "commissioner", "?service=ADHD&org=QKS&standard=ADHD_LOCAL_52W")
    assert [(one["service"], one["org"], one["standard_id"]) for one in some] == [("ADHD", "QKS", "ADHD_LOCAL_52W")]


def test_pages_join_to_the_whole(asked):
    client, keys = asked
    headers = bearer(keys["commissioner"])
    found, path = [], "/v1/breaches?limit=3"
    while path:
        answer = client.get(path, headers=headers)
        found += answer.json()["items"]
        cursor = answer.json()["next_cursor"]
        path = f"/v1/breaches?limit=3&cursor={cursor}" if cursor else None
    assert [one["id"] for one in found] == [one["id"] for one in items(asked, "commissioner", "?limit=1000")]


def test_csv_has_the_same_rows(asked):
    client, keys = asked
    text = client.get("/v1/breaches", headers=bearer(keys["commissioner"]) | {"Accept": "text/csv"}).text
    rows, found = list(csv.DictReader(io.StringIO(text))), items(asked, "commissioner")
    assert "in_12_weeks_p90" in rows[0]
    for name in ("id", "about", "over_now"):
        assert [row[name] for row in rows] == ["" if one[name] is None else str(one[name]) for one in found]
    assert {row["left_out"] for row in rows} == {""}


def test_a_tag_is_good_until_something_is_said_otherwise(asked):
    client, keys = asked
    headers = bearer(keys["commissioner"])
    first = client.get("/v1/breaches", headers=headers)
    assert client.get("/v1/breaches", headers=headers | {"If-None-Match": first.headers["etag"]}).status_code == 304
    other = client.get("/v1/breaches", headers=bearer(keys["public"]) | {"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


def test_a_day_before_any_warning_has_none(asked):
    client, keys = asked
    body = client.json("/v1/breaches?as_of=2025-01-01", headers=bearer(keys["public"]))
    assert (body["items"], body["warned_as_of"]) == ([], None)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/breaches?standard=CHS_19W", 404),
        ("/v1/breaches?org=nobody", 404),
        ("/v1/breaches?cursor=x", 422),
        ("/v1/breaches/0000000000000000", 404),
        ("/v1/breaches/xyz", 422),
    ],
)
def test_what_is_not_there_is_said(asked, path, status):
    client, keys = asked
    assert client.get(path, headers=bearer(keys["board"])).status_code == status


def test_owners_see_their_own_exactly_and_others_what_their_lists_show(asked):
    """Every number is that of the list's own answer, a difference of two such, or a rounded one."""
    client, keys = asked
    own = {"commissioner": set(ORGS), "provider": {"RYY"}, "other_provider": {"NQ7"}}
    for name in READERS:
        headers = bearer(keys[name])
        for one in items(asked, name, "?service=SALT&limit=1000"):
            path = f"/v1/waiting-lists/SALT/{one['org']}?as_of={DAY}&source=weekly_return"
            listed = client.json(path, headers=headers)
            assert one["waiting"] == listed["list_size"]
            if one["over_days"] in {126, 364}:
                assert one["over_now"] == listed[f"over_{one['over_days'] // 7}_weeks"], (name, one["org"])
            if one["org"] in own.get(name, set()):
                assert one["suppressed"] == []
                continue
            shown = [one[field] for field in MULTIPLES] + [
                due[field] for due in one["newly_over"] for field in ("p10", "p50", "p90")
            ]
            assert all(value is None or value % 5 == 0 for value in shown), (name, one["org"])
            if one["over_now"] is None:
                assert all(due["p90"] is None for due in one["newly_over"])
                assert one["change_since_last_week"] is None
                assert one["real_change"] is None
                assert (one["severity"], "/severity" in one["suppressed"]) == (None, True)
                assert one["state"] not in {"worse", "cleared"}


def test_no_exact_number_is_in_the_words_of_others(asked, filled):
    with reading(filled) as connection:
        rows = connection.execute(select(tables.breach_warning.c.content, tables.breach_warning.c.warning)).all()
    exact = {row.warning: row.content for row in rows}
    for one in items(asked, "public", "?limit=1000"):
        figures = exact[one["id"]]["figures"]
        sentence = one["sentence"].replace(words(Rule.HES), "few")
        numbers = {int(text) for text in re.findall(r"(?<![\w,.])\d+(?= of | of \d| fewer| more| to )", sentence)}
        assert all(number % 5 == 0 for number in numbers), one["sentence"]
        assert one["acknowledged_reason"] is None
        assert figures["org"] == one["org"]


def test_taking_a_warning_is_for_who_it_is_about(asked, one):
    said = {"reason": "Two more clinics.", "until": UNTIL}
    for name in ("public", "board", "neighbour", "other_provider"):
        assert post(asked, name, one, said, key=f"not-{name}").status_code == 403
    first = post(asked, "provider", one, said, key="p1")
    assert (first.status_code, first.json()["state"]) == (201, "acknowledged")
    again = post(asked, "provider", one, said, key="p1")
    assert (again.content, again.headers["idempotent-replayed"]) == (first.content, "true")
    assert post(asked, "provider", one, said | {"until": TODAY.isoformat()}, key="p1").status_code == 422
    assert post(asked, "commissioner", one, said, key="c1").status_code == 201
    assert post(asked, "admin", one, said | {"reason": "Noted."}, key="a1").status_code == 201
    client, keys = asked
    mine = client.json(f"/v1/breaches/{one}", headers=bearer(keys["provider"]))
    theirs = client.json(f"/v1/breaches/{one}", headers=bearer(keys["public"]))
    for body in (mine, theirs):
        assert (body["state"], body["acknowledged_by"], body["acknowledged_until"]) == ("acknowledged", "admin", UNTIL)
    assert (mine["acknowledged_reason"], theirs["acknowledged_reason"]) == ("Noted.", None)
    earlier = client.json(f"/v1/breaches/{one}?as_of={DAY}", headers=bearer(keys["provider"]))
    assert earlier["acknowledged_by"] is None


def test_two_words_in_one_moment_are_one_and_a_refusal(asked, filled, one):
    app = create_app(settings_of(filled, key_pepper=PEPPER), clock=lambda: NOW - timedelta(hours=1))
    said = {"reason": "Two more clinics.", "until": UNTIL}
    with Client(app) as client:
        answers = [post((client, asked[1]), "commissioner", one, said, key=f"same-{n}") for n in range(2)]
    assert [answer.status_code for answer in answers] == [201, 409]


@pytest.mark.parametrize(
    "body",
    [
        {"reason": "", "until": UNTIL},
        {"reason": "  ", "until": UNTIL},
        {"reason": "x" * 501, "until": UNTIL},
        {"reason": "x", "until": (TODAY - timedelta(days=1)).isoformat()},
        {"reason": "x", "until": (TODAY + timedelta(weeks=14)).isoformat()},
        {"reason": "x"},
        {"reason": "x", "until": UNTIL, "child": "1"},
        [],
        None,
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_field(asked, one, body):
    answer = post(asked, "provider", one, body, key="bad")
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_what_is_cleared_or_unknown_cannot_be_taken(asked):
    said = {"reason": "x", "until": UNTIL}
    assert post(asked, "admin", "0" * 16, said).status_code == 404
    assert post(asked, "admin", GONE.id, said).status_code == 422


def test_looking_changes_nothing_and_a_get_of_the_post_says_so(asked, one, filled):
    client, keys = asked
    with reading(filled) as connection:
        before = connection.execute(select(tables.breach_acknowledgement)).all()
    for path in (f"/breaches/{one}", f"/v1/breaches/{one}", f"/v1/breaches/{one}/acknowledgement"):
        client.get(path, headers=bearer(keys["provider"]))
    answer = client.get(f"/v1/breaches/{one}/acknowledgement", headers=bearer(keys["provider"]))
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST, OPTIONS")
    with reading(filled) as connection:
        assert connection.execute(select(tables.breach_acknowledgement)).all() == before


def form_of(page):
    return re.search(r'name="once" value="([0-9a-f]{32})"', page.text)


def send(asked, name, path, fields):
    client, keys = asked
    return client.request("POST", path, headers=bearer(keys[name]), data=fields, follow_redirects=False)


def test_the_page_has_a_form_that_acts_once(asked, filled):
    client, keys = asked
    board = items(asked, "commissioner", f"?service=SALT&org={BOARD}")[0]["id"]
    page = client.get(f"/breaches/{board}", headers=bearer(keys["commissioner"]))
    assert page.headers["content-type"].startswith("text/html")
    fields = {"once": form_of(page)[1], "reason": "Ä plan of ours.", "until": UNTIL}
    for _ in range(2):
        answer = send(asked, "commissioner", f"/breaches/{board}", fields)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/breaches/{board}?taken=yes")
    with reading(filled) as connection:
        table = tables.breach_acknowledgement
        rows = connection.execute(select(table).where(table.c.warning == board)).all()
    assert [row.reason for row in rows] == ["Ä plan of ours."]
    done = client.get(answer.headers["location"], headers=bearer(keys["commissioner"]))
    assert "You have taken this warning. Taken by the commissioner on " in done.text
    assert "Ä plan of ours." in done.text
    assert not form_of(done)


def test_an_address_alone_confirms_nothing(asked):
    client, keys = asked
    one = items(asked, "provider", "?service=ADHD&org=RYY")[0]["id"]
    address = f"/breaches/{one}?taken=yes"
    assert "You have taken" not in client.get(address, headers=bearer(keys["provider"])).text
    assert post(asked, "provider", one, {"reason": "x", "until": UNTIL}, key="by-api").status_code == 201
    assert "You have taken" in client.get(address, headers=bearer(keys["provider"])).text
    assert "You have taken" not in client.get(f"/breaches/{one}", headers=bearer(keys["provider"])).text
    for other in ("commissioner", "board", "public"):
        page = client.get(address, headers=bearer(keys[other]))
        assert "You have taken" not in page.text
        assert "Taken by the provider" in page.text
    assert client.get(f"/breaches/{one}?taken=no", headers=bearer(keys["provider"])).status_code == 422


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reason": ""}, "Say why in up to 500 letters"),
        ({"until": "soon"}, "Give a day from today to 13 weeks ahead"),
        ({"until": "2024-01-01"}, "Give a day from today to 13 weeks ahead"),
    ],
)
def test_a_form_that_is_not_filled_in_comes_back_with_what_is_wrong(asked, one, changes, said):
    client, keys = asked
    once = form_of(client.get(f"/breaches/{one}", headers=bearer(keys["provider"])))[1]
    answer = send(asked, "provider", f"/breaches/{one}", {"once": once, "reason": "x", "until": UNTIL} | changes)
    assert answer.status_code == 422
    assert said in answer.text
    assert form_of(answer)


NAMING = "Call mum of John Smith 943 476 5919"


def test_a_reason_that_may_name_somebody_is_refused_and_can_be_written_anew(asked, one, filled):
    client, keys = asked
    refused = post(asked, "provider", one, {"reason": NAMING, "until": UNTIL}, key="naming")
    assert (refused.status_code, [error["field"] for error in refused.json()["errors"]]) == (422, ["reason"])
    once = form_of(client.get(f"/breaches/{one}", headers=bearer(keys["provider"])))[1]
    again = send(asked, "provider", f"/breaches/{one}", {"once": once, "reason": NAMING, "until": UNTIL})
    assert again.status_code == 422
    assert "leave out what looks like an NHS number" in again.text
    for text in (refused.text, again.text):
        assert not [word for word in ("Smith", "5919", "mum") if word in text]
    once = form_of(again)[1]
    assert (
        send(asked, "provider", f"/breaches/{one}", {"once": once, "reason": "More.", "until": UNTIL}).status_code
        == 303
    )
    once = form_of(client.get(f"/breaches/{one}", headers=bearer(keys["provider"])))[1]
    corrected = {"once": once, "reason": "More clinics.", "until": UNTIL}
    assert send(asked, "provider", f"/breaches/{one}", corrected).status_code == 303
    assert "“More clinics.”" in client.get(f"/breaches/{one}", headers=bearer(keys["provider"])).text
    with reading(filled) as connection:
        table = tables.breach_acknowledgement
        rows = connection.execute(select(table.c.reason).where(table.c.warning == one)).scalars().all()
    assert not [row for row in rows if "Smith" in row]


def test_a_form_used_for_something_else_says_so(asked, one):
    client, keys = asked
    once = form_of(client.get(f"/breaches/{one}", headers=bearer(keys["provider"])))[1]
    fields = {"once": once, "reason": "First.", "until": UNTIL}
    assert send(asked, "provider", f"/breaches/{one}", fields).status_code == 303
    assert send(asked, "provider", f"/breaches/{one}", fields | {"reason": "Second."}).status_code == 422


def test_a_form_without_its_number_is_no_form_of_ours(asked, one):
    assert send(asked, "provider", f"/breaches/{one}", {"reason": "x", "until": UNTIL}).status_code == 400


def test_nobody_breaches_a_local_mark_and_what_is_hidden_is_not_none(asked):
    client, keys = asked
    for one in items(asked, "public", "?service=ADHD&standard=ADHD_LOCAL_18W"):
        text = client.get(f"/breaches/{one['id']}", headers=bearer(keys["public"])).text
        assert re.search(r"<title>\s*Warning: ", text)
        assert "Breach warning" not in text
        shown = [due for due in one["newly_over"] if due["p90"] is not None]
        assert text.count(">a number not shown</span>") == len(one["newly_over"]) - len(shown)
        assert text.count(">up to ") == sum(not due["p10"] and due["p90"] > 0 for due in shown)


def test_who_may_not_take_it_gets_no_form(asked, one):
    client, keys = asked
    for name in ("public", "board", "neighbour", "other_provider"):
        assert not form_of(client.get(f"/breaches/{one}", headers=bearer(keys[name])))
        assert send(asked, name, f"/breaches/{one}", {"once": "a", "reason": "x", "until": UNTIL}).status_code == 403
    assert form_of(client.get(f"/breaches/{one}", headers=bearer(keys["admin"])))
    assert not form_of(client.get(f"/breaches/{GONE.id}", headers=bearer(keys["other_provider"])))


def test_published_warnings_beside_our_own_are_rounded_for_others(tmp_path):
    """Of one page nobody can tell by exact neighbours which numbers are small."""
    file = tmp_path / "mixed.db"
    file.write_bytes(sqlite_template().read_bytes())
    engine = make_engine(f"sqlite:///{file}")
    fill_weekly(engine, world(2))
    public = warning(source="chs_sitrep", service="COMM_PAEDS", org="RVV", freq="M", as_of=DAY, is_proxy=True)
    warned(engine, DAY, more=[public])
    keys = give_keys(engine)
    app = create_app(settings_of(engine, key_pepper=PEPPER, suppression=Rule.HES.value), clock=lambda: NOW)
    with Client(app) as client:
        found = {}
        for name in ("public", "commissioner"):
            every = client.json("/v1/breaches?limit=1000", headers=bearer(keys[name]))["items"]
            found[name] = next(one for one in every if one["org"] == "RVV")
        alone = client.json(f"/v1/breaches/{public.id}", headers=bearer(keys["public"]))
        path = "/v1/breaches?service=COMM_PAEDS&org=RVV"
        (of_its_list,) = client.json(path, headers=bearer(keys["public"]))["items"]
    assert found["public"]["over_now"] == 165
    assert alone["over_now"] == of_its_list["over_now"] == 163
    assert alone["sentence"] == of_its_list["sentence"]
    engine.dispose()


@pytest.fixture
def corrected(tmp_path):
    """A return that is corrected on the day of the answers, before they are worked out anew."""
    file = tmp_path / "corrected.db"
    file.write_bytes(sqlite_template().read_bytes())
    engine, later = make_engine(f"sqlite:///{file}"), DAY + timedelta(days=1)
    fill_weekly(engine, world(2))
    warned(engine, later)
    keys = give_keys(engine)

    def correct():
        with writing(engine) as connection:
            run_id = write.start_run(connection, command="load", as_of=later, now=NOW)
            one = parsed(SUNDAYS[-1], {("SALT", "RYY"): 33}, source="weekly_return", scope="RYY")
            add(connection, one, run_id=run_id, as_of=later)
            write.publish(connection, run_id=run_id, now=NOW)

    with Client(create_app(settings_of(engine, key_pepper=PEPPER), clock=lambda: NOW)) as client:
        yield client, keys, correct, f"as_of={later}"
    engine.dispose()


def test_answers_that_have_not_seen_the_newest_figures_of_the_same_day_say_so(corrected):
    client, keys, correct, query = corrected
    places = [f"/v1/clearance/SALT/RYY?{query}", f"/v1/forecasts/SALT/RYY/list_size?{query}"]

    def behind(name):
        every = client.json(f"/v1/breaches?{query}", headers=bearer(keys[name]))["items"]
        said = {(one["service"], one["org"]) for one in every if "without the newest figures" in one["sentence"]}
        assert said == {(one["service"], one["org"]) for one in every if one["newer_figures"]}
        return every, said

    every, said = behind("provider")
    assert ("SALT", "RYY") in {(one["service"], one["org"]) for one in every}
    assert said == set()
    assert [client.json(at, headers=bearer(keys["provider"]))["newer_figures"] for at in places] == [False, False]
    correct()
    assert [behind(name)[1] for name in ("provider", "board")] == [{("SALT", "RYY")}] * 2
    for at in places:
        body = client.json(at, headers=bearer(keys["provider"]))
        assert (body["newer_figures"], body["vintage"]) == (True, None)
        assert "without the newest figures for the week to 18 May 2025" in body["sentence"]
    one = next(one["id"] for one in every if (one["service"], one["org"]) == ("SALT", "RYY"))
    alone = client.json(f"/v1/breaches/{one}?{query}", headers=bearer(keys["board"]))
    assert alone["newer_figures"]
    assert "Worked out without the newest figures of this list." in alone["sentence"]
    page = client.get(f"/breaches/{one}", headers=bearer(keys["provider"])).text
    assert "Worked out without the newest figures of this list." in page


def test_a_warning_says_which_day_it_is_of(asked, one):
    client, keys = asked
    body = client.json(f"/v1/breaches/{one}", headers=bearer(keys["provider"]))
    assert (body["warned_as_of"], body["as_of"]) == (DAY.isoformat(), TODAY.isoformat())
    assert date.fromisoformat(body["raised_at"]) <= DAY
    listed = client.get(body["links"]["list"], headers=bearer(keys["provider"]))
    assert listed.status_code == 200
