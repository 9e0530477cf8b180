"""Signing in and out in a browser: what opens, what does not, and what leaves no trace where it must not."""

import pytest

from api.app import create_app
from api.pages.access import own_address
from jobs.keys import revoke
from tests.functional.api.conftest import NOW, Client, kent_file, settings_of, sqlite_database
from tests.functional.api.keyed import PEPPER, bearer
from waitlists.security.sessions import LASTS

__all__ = ["kent_file", "sqlite_database"]

OWN = {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}
LISTS = "/v1/waiting-lists?service=SALT"


@pytest.fixture
def moment():
    return [NOW]


@pytest.fixture
def app(kent_file, keys, moment):  # noqa: ARG001 - the keys are there before it starts
    app = create_app(settings_of(kent_file, key_pepper=PEPPER), clock=lambda: moment[0])
    app.state.running.caller.keys.keep_seconds = 0
    return app


@pytest.fixture
def browser(app):
    """A client that keeps cookies, as a browser does."""
    with Client(app) as client:
        yield client


def signed_in(browser, key, **fields):
    return browser.request("POST", "/sign-in", data={"key": key, **fields}, headers=OWN)


def test_a_good_key_gives_a_session_that_no_script_and_no_other_site_can_use(browser, keys):
    answer = signed_in(browser, f" {keys['commissioner']} ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert keys["commissioner"] not in str(answer.headers)
    assert "secure" not in cookie.lower(), "loopback has no TLS"


def test_a_session_opens_what_its_key_opens(browser, keys):
    for name in ("commissioner", "public"):
        signed_in(browser, keys[name])
        with_cookie = browser.get(LISTS)
        with_key = browser.get(LISTS, headers=bearer(keys[name]))
        assert with_cookie.status_code == 200
        assert with_cookie.json() == with_key.json()
        assert with_cookie.headers["x-waitlists-view"] == with_key.headers["x-waitlists-view"]


def test_signed_out_nothing_opens(browser, keys):
    signed_in(browser, keys["commissioner"])
    answer = browser.request("POST", "/sign-out", headers=OWN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert browser.get(LISTS).status_code == 401


def test_whoever_was_signed_in_too_long_is_told_so_and_comes_back(browser, keys, moment):
    assert browser.get("/?org=QKS").headers["location"] == "/sign-in?next=%2F%3Forg%3DQKS"
    assert "You have been signed out" not in browser.get("/sign-in?next=%2F%3Forg%3DQKS").text
    signed_in(browser, keys["public"])
    moment[0] = NOW + LASTS
    away = browser.get("/?org=QKS").headers["location"]
    assert away == "/sign-in?next=%2F%3Forg%3DQKS&ended=yes"
    form = browser.get(away).text
    assert "You have been signed out." in form
    assert 'name="next" value="/?org=QKS"' in form


def test_a_session_ends_with_its_day_and_with_its_key(browser, keys, kent_file, moment):
    signed_in(browser, keys["public"])
    assert browser.get(LISTS).status_code == 200
    moment[0] = NOW + LASTS
    assert browser.get(LISTS).status_code == 401
    moment[0] = NOW
    revoke(kent_file, keys["public"].split("_")[1], now=NOW)
    assert browser.get(LISTS).status_code == 401


@pytest.mark.parametrize("key", ["", "wl_00000000_" + "0" * 64, "<script>", "x" * 5000])
def test_another_key_opens_nothing_and_is_said_nowhere(browser, key):
    answer = signed_in(browser, key)
    assert answer.status_code == 401
    assert "This key opens nothing" in answer.text
    assert "set-cookie" not in answer.headers
    assert not key or key not in answer.text


def test_guessing_is_slowed_down_and_kept_in_the_audit(browser, app, kent_file):
    statuses = [signed_in(browser, "wl_nothing").status_code for _ in range(30)]
    assert statuses[0] == 401
    assert 429 in statuses
    app.state.running.trail.flush()
    with kent_file.connect() as connection:
        rows = connection.exec_driver_sql("SELECT actor, action, result FROM audit").all()
    assert ("unknown", "/sign-in", 401) in [tuple(row) for row in rows]


def test_a_good_sign_in_is_kept_in_the_audit(browser, app, keys, kent_file):
    signed_in(browser, keys["board"])
    app.state.running.trail.flush()
    with kent_file.connect() as connection:
        rows = connection.exec_driver_sql("SELECT actor, role, action, result FROM audit").all()
    assert (keys["board"].split("_")[1], "board", "/sign-in", 303) in [tuple(row) for row in rows]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://127.0.0.1:8001"},
    ],
)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out"])
def test_another_site_can_neither_sign_in_nor_out(browser, keys, headers, path):
    answer = browser.request("POST", path, data={"key": keys["public"]}, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_what_is_no_browser_and_says_nothing_of_itself_may_sign_in(browser, keys):
    assert browser.request("POST", "/sign-in", data={"key": keys["public"]}).status_code == 303


@pytest.mark.parametrize(
    ("wanted", "address"),
    [
        ("/", "/"), ("/lists/SALT/QKS?measure=list_size", "/lists/SALT/QKS?measure=list_size"),
        ("//elsewhere.example", "/"), ("/\\elsewhere.example", "/"), ("https://elsewhere.example", "/"), ("", "/"),
        ("/x\r\nSet-Cookie: a=b", "/"), ("javascript:alert(1)", "/"), ("/a//b", "/a//b"),
    ],
)  # fmt: skip
def test_signing_in_leads_on_within_this_service_alone(wanted, address):
    assert own_address(wanted) == address


def test_signing_in_leads_on_to_what_was_asked(browser, keys):
    assert 'value="/v1/services"' in browser.get("/sign-in?next=/v1/services").text
    assert signed_in(browser, keys["public"], next="/v1/services").headers["location"] == "/v1/services"


def test_beyond_this_machine_the_cookie_needs_tls(kent_file, keys):
    app = create_app(settings_of(kent_file, key_pepper=PEPPER, base_url="https://lists.example"), clock=lambda: NOW)
    with Client(app) as browser:
        here = browser.request("POST", "/sign-in", data={"key": keys["public"]})
        passed_on = {"X-Forwarded-For": "192.0.2.7"}
        away = browser.request("POST", "/sign-in", data={"key": keys["public"]}, headers=passed_on)
    for answer in (here, away):
        assert answer.headers["set-cookie"].startswith("__Host-waitlists=")
        assert "Secure" in answer.headers["set-cookie"]


def test_a_cookie_by_the_name_of_this_machine_counts_on_this_machine_alone(browser, keys):
    session = signed_in(browser, keys["public"]).cookies["waitlists"]
    headers = {"Cookie": f"waitlists={session}", "X-Forwarded-For": "192.0.2.7"}
    assert browser.get(LISTS, headers=headers).status_code == 401
    assert browser.get(LISTS, headers=headers | {"Cookie": f"__Host-waitlists={session}"}).status_code == 200


def test_a_page_carries_the_headers_that_hold_it_to_itself(browser):
    answer = browser.get("/sign-in")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "<script" not in answer.text
    assert "style=" not in answer.text


def test_a_form_that_is_wrong_is_told_on_a_page(browser):
    answer = browser.get("/sign-in?next=" + "x" * 501)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "A parameter cannot be used" in answer.text


def test_options_on_a_page_is_answered_as_everywhere(browser):
    answer = browser.request("OPTIONS", "/sign-in")
    assert (answer.status_code, answer.text) == (204, "")


def test_files_are_kept_by_a_browser_and_asked_for_again(browser):
    answer = browser.get("/static/pages.css")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
    again = browser.get("/static/pages.css", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
