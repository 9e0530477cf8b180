"""How answers travel: forms, caching, headers, methods, and problems that name the field."""

import csv as stdlib_csv
import io

import pytest

from waitlists.cells import plain
from waitlists.store import write
from waitlists.store.read import SOURCE_ORDER
from waitlists.store.session import writing

NOW = "2025-06-02"
PAGES = [
    "/v1/waiting-lists",
    "/v1/services",
    "/v1/organisations",
    "/v1/standards",
    "/v1/deliveries",
    "/v1/deliveries?status=refused",
    "/v1/findings",
    "/v1/runs",
    "/v1/deliveries/4/cells?service=SALT&org=QKS",
]
ROWS = {
    "/v1/waiting-lists/COMM_PAEDS/QKS?as_of=2025-01-31": None,
    "/v1/series/COMM_PAEDS/QKS/list_size": "points",
    "/v1/series/COMM_PAEDS/QKS/share_within_standard?standard=CHS_18W": "points",
    "/v1/forecasts/COMM_PAEDS/QKS/list_size": "points",
    **dict.fromkeys(PAGES, "items"),
}


def as_cell(value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


@pytest.mark.parametrize("path", ROWS)
def test_csv_gives_the_same_rows_as_json(client, path):
    body = client.json(path)
    rows = body[ROWS[path]] if ROWS[path] else [body]
    answer = client.csv(path)
    assert answer.headers["content-type"].startswith("text/csv")
    table = list(stdlib_csv.DictReader(io.StringIO(answer.text, newline="")))
    assert len(table) == len(rows)
    assert table
    for cells, row in zip(table, rows, strict=True):
        shared = [name for name in cells if name in row and not isinstance(row[name], list | dict)]
        assert len(shared) >= 2
        for name in shared:
            text = cells[name] if isinstance(row[name], int | float) else plain(cells[name])
            assert text == as_cell(row[name]).replace("Z", "+00:00" if name.endswith("_at") else "Z"), name


def test_csv_has_every_band_and_quantile(client):
    row = next(stdlib_csv.DictReader(io.StringIO(client.csv("/v1/waiting-lists/COMM_PAEDS/QKS").text, newline="")))
    assert (row["waiting 0-1 weeks"], row["waiting >104 weeks"], row["waiting >52 weeks"]) == ("204", "551", "")
    assert float(row["share_within_CHS_18W"]) == pytest.approx(2666 / 8718)
    assert (row["share_within_RTT_18W"], row["removals_all"]) == ("", "")
    forecast = client.csv("/v1/forecasts/COMM_PAEDS/QKS/list_size").text.splitlines()[0]
    assert forecast.endswith("target_end_date,horizon,past,q0.025,q0.1,q0.25,q0.5,q0.75,q0.9,q0.975,suppressed")


@pytest.mark.parametrize("path", ["/v1/waiting-lists/SALT/NOBODY", "/v1/runs/999", "/v1/waiting-lists/ADHD/QKS"])
def test_who_holds_any_answer_holds_none_of_what_is_not_there(client, path):
    assert client.get(path, headers={"If-None-Match": "*"}).status_code == 404


def test_who_holds_any_answer_holds_the_one_there_is(client):
    answer = client.get("/v1/standards", headers={"If-None-Match": "*"})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"]


def test_no_csv_cell_runs_in_a_spreadsheet(client):
    refused = client.csv("/v1/deliveries?status=refused").text
    assert ",'=HYPERLINK(evil).xlsx," in refused


def test_the_next_page_of_a_csv_stands_in_its_link(client):
    answer = client.csv("/v1/services", params={"limit": 2})
    link = answer.headers["link"]
    assert link.endswith('; rel="next"')
    following = client.csv(link[1 : link.index(">")])
    assert following.text.splitlines()[0] == answer.text.splitlines()[0]
    assert following.text.splitlines()[1] not in answer.text.splitlines()
    assert "link" not in client.csv("/v1/services", params={"limit": 1000}).headers


@pytest.mark.parametrize("path", [path for path in ROWS if "runs" not in path and "refused" not in path])
def test_an_answer_held_already_is_not_sent_again(client, path):
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert first.headers["vary"] == again.headers["vary"] == "Accept, Authorization, Cookie"
    assert first.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize("path", ["/v1/runs", "/v1/runs/1", "/v1/deliveries?status=refused", "/health/live"])
def test_what_changes_within_a_version_is_never_kept(client, path):
    answer = client.get(path)
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


def test_each_form_and_question_has_its_own_tag(client):
    path = "/v1/services"
    tags = {
        client.get(path).headers["etag"],
        client.csv(path).headers["etag"],
        client.get(path, params={"limit": 5}).headers["etag"],
        client.get("/v1/standards").headers["etag"],
    }
    assert len(tags) == 4
    assert client.csv(path, params={}).status_code == 200


def test_the_same_question_in_another_order_has_the_same_tag(client):
    path = "/v1/findings"
    one = client.get(path, params={"org": "QKS", "limit": 5}).headers["etag"]
    assert client.get(path, params={"limit": 5, "org": "QKS"}).headers["etag"] == one


def test_a_new_version_of_the_data_gets_a_new_answer(client_on_file, kent_file):
    path = "/v1/deliveries"
    held = client_on_file.get(path)
    with writing(kent_file) as connection:
        run_id = write.start_run(connection, command="load", as_of=None, now=client_on_file.now)
        write.publish(connection, run_id=run_id, now=client_on_file.now)
    again = client_on_file.get(path, headers={"If-None-Match": held.headers["etag"]})
    assert again.status_code == 200
    assert again.json()["dataset_version"] == held.json()["dataset_version"] + 1


def test_every_answer_says_whose_view_it_is(client):
    for path in ("/v1/services", "/v1/waiting-lists/SALT/QKS", "/v1/runs"):
        assert client.get(path).headers["x-waitlists-view"] == "commissioner (no key exists)"


@pytest.mark.parametrize("path", ["/v1/services", "/v1/nothing", "/health/live", "/docs", "/v1/services?limit=x", "/"])
def test_every_answer_carries_the_security_headers(client, path):
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    # A page's own forms are told from those of others by where they come from.
    assert headers["referrer-policy"] == ("same-origin" if path == "/" else "no-referrer")
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "access-control-allow-origin" not in headers
    assert "strict-transport-security" not in headers
    assert len(headers["x-request-id"]) == 32


@pytest.mark.parametrize("path", ["/v1/services", "/v1/waiting-lists/SALT/QKS", "/health/live", "/docs"])
def test_head_is_get_without_the_body(client, path):
    full, head = client.get(path), client.request("HEAD", path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == full.headers["content-type"]
    assert head.headers.get("etag") == full.headers.get("etag")
    assert head.headers["content-length"] == full.headers["content-length"]


def test_options_lists_the_methods(client):
    answer = client.request("OPTIONS", "/v1/services")
    assert (answer.status_code, answer.headers["allow"], answer.content) == (204, "GET, HEAD, OPTIONS", b"")
    assert "access-control-allow-methods" not in answer.headers


def test_options_lists_the_methods_of_an_address_that_takes_post_alone(client):
    answer = client.request("OPTIONS", "/v1/breaches/warning/acknowledgement")
    assert (answer.status_code, answer.headers["allow"], answer.content) == (204, "POST, OPTIONS", b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "BREW"])
def test_other_methods_are_refused_by_name(client, method):
    answer = client.request(method, "/v1/services")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/v1/waiting-lists?limit=0", "limit"),
        ("/v1/waiting-lists?limit=1000000000", "limit"),
        ("/v1/waiting-lists?limit=1.0", "limit"),
        ("/v1/waiting-lists?limit=", "limit"),
        ("/v1/waiting-lists?cursor=f00000001", "cursor"),
        ("/v1/findings?cursor=xyz", "cursor"),
        ("/v1/waiting-lists?as_of=0001-01-01", "as_of"),
        ("/v1/waiting-lists?as_of=9999-12-31", "as_of"),
        ("/v1/waiting-lists?as_of=2199-12-31", "as_of"),
        ("/v1/series/SALT/QKS/list_size?as_of=2199-12-31", "as_of"),
        ("/v1/waiting-lists?as_of=2025-02-30", "as_of"),
        ("/v1/waiting-lists?as_of=1700000000", "as_of"),
        ("/v1/waiting-lists?as_of=31/03/2025", "as_of"),
        ("/v1/waiting-lists?source=rumour", "source"),
        ("/v1/waiting-lists?level=planet", "level"),
        ("/v1/waiting-lists?as-of=2025-01-31", "as-of"),
        ("/v1/waiting-lists?org=QKS&org=RYY", "org"),
        ("/v1/findings?severity=dreadful", "severity"),
        ("/v1/findings?code=A%27%20OR%201=1", "code"),
        ("/v1/findings?delivery=99999999999", "delivery"),
        ("/v1/deliveries/0", "id"),
        ("/v1/deliveries/2147483648", "id"),
        ("/v1/deliveries/abc", "id"),
        ("/v1/deliveries/1/cells?service=SALT", "org"),
        ("/v1/series/SALT/QKS/happiness", "measure"),
        ("/v1/series/SALT/QKS/share_within_standard", "standard"),
        ("/v1/series/SALT/QKS/share_within_standard?standard=CHS_18W&basis=both", "basis"),
        ("/v1/forecasts/SALT/QKS/list_size?horizon=0", "horizon"),
        ("/v1/forecasts/SALT/QKS/list_size?horizon=1000000", "horizon"),
        ("/v1/clearance/SALT/QKS?confidence=1", "confidence"),
        ("/v1/clearance/SALT/QKS?confidence=nan", "confidence"),
        ("/v1/clearance/SALT/QKS?by=1999-03-31", "by"),
        (f"/v1/waiting-lists/{'S' * 61}/QKS", "service"),
        ("/v1/services?q=" + "x" * 60_000, "query"),
    ],
)
def test_bad_input_is_422_and_names_the_field(client, path, field):
    """A05, A06: pages, days and horizons without bounds, doubled and unknown parameters, types and patterns."""
    answer = client.get(path)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert field in [error["field"] for error in problem["errors"]]
    assert set(problem) == {"type", "title", "status", "detail", "instance", "errors", "near"}
    assert problem["status"] == 422
    assert problem["instance"] == f"urn:request:{answer.headers['x-request-id']}"


@pytest.mark.parametrize(
    ("path", "field", "near"),
    [
        ("/v1/waiting-lists/SALTT/QKS", "service", "SALT"),
        ("/v1/waiting-lists/salt/QKS", "service", "SALT"),
        ("/v1/waiting-lists/SALT/QSK", "org", "QKS"),
        ("/v1/waiting-lists?service=SPEECH", "service", "SALT"),
        ("/v1/waiting-lists?org=QSK", "org", "QKS"),
        ("/v1/findings?org=QSK", "org", "QKS"),
        ("/v1/series/SALT/QKS/share_within_standard?standard=CHS_18", "standard", "CHS_18W"),
        ("/v1/clearance/SALT/QKS?standard=CHS18W", "standard", "CHS_18W"),
    ],
)
def test_an_unknown_name_is_404_with_near_ones(client, path, field, near):
    answer = client.get(path)
    assert answer.status_code == 404
    problem = answer.json()
    assert problem["type"] == "urn:waitlists:problem:unknown-name"
    assert near in problem["near"]
    assert near in problem["detail"]
    assert [error["field"] for error in problem["errors"]] == [field]


@pytest.mark.parametrize("service", ["ADHD", "WHEELCHAIR", "ASD"])
def test_a_known_list_without_a_figure_says_no_published_figure(client, service):
    answer = client.get(f"/v1/waiting-lists/{service}/QKS")
    assert answer.status_code == 404
    assert "no published figure" in answer.json()["detail"].lower()
    assert answer.json()["type"].endswith("no-published-figure")


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/services/", "/v1", "/static/nothing.js", "/static/../app.py"])
def test_an_address_that_is_none_of_ours_is_a_problem_too(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/v1/services", "/v1/deliveries/1", "/v1/clearance/COMM_PAEDS/QKS"])
def test_a_form_that_is_not_given_is_406(client, path):
    answer = client.get(path, headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "application/json" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/v1/findings?cursor=f7fffffff", "/v1/waiting-lists?cursor=w" + "7e" * 400])
def test_the_deepest_page_is_an_empty_one(client, path):
    """A05: a cursor is a position and no offset, so nothing is counted through to get there."""
    assert client.json(path)["items"] == []


ODD = [
    "'; DROP TABLE run; --",
    "\U0001d54a\U0001d538",
    "%00",
    "../../etc/passwd",
    "%F0%28%8C%28",
    "NAME:x",
    " ",
    "SALT ",
]


@pytest.mark.parametrize("name", ODD)
def test_odd_names_are_only_unknown(client, name):
    """A06: metacharacters and odd letters are names like any other."""
    for path in (f"/v1/waiting-lists?org={name}", f"/v1/waiting-lists?service={name}"):
        assert client.get(path).status_code == 404


def test_nothing_that_was_sent_comes_back_in_a_problem(client):
    canary = "9434765919"
    for path in (f"/v1/waiting-lists/{canary}/QKS", f"/v1/findings?code={canary}", f"/v1/services?cursor={canary}"):
        answer = client.get(path)
        assert answer.status_code in {404, 422}
        assert canary not in answer.text


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/v1/findings?cursor=xyz", "expected the `next_cursor` of the page before, as it came"),
        ("/v1/findings?code=A%27", "expected another form; /docs shows examples"),
        ("/v1/waiting-lists/SALT/QKS?source=chs", f"expected one of {', '.join(SOURCE_ORDER)}"),
    ],
)
def test_what_is_wrong_is_said_in_words_and_not_in_patterns(client, path, said):
    (error,) = client.get(path).json()["errors"]
    assert error["message"] == said
