"""The pages: the numbers of the API and no others, what must be said beside them, by role, and nothing from outside."""

import html
import re
from csv import DictReader
from datetime import date, timedelta
from html.parser import HTMLParser
from io import StringIO
from xml.etree import ElementTree as ET

import pytest
from fastapi.routing import APIRoute

from api.app import create_app
from api.drawn import as_drawn
from api.pages.first import SERVICES_SHOWN
from api.pages.kept import takes_packed
from jobs.warn import keep, worked_out
from tests.chart_reading import SVG
from tests.databases import sqlite_template
from tests.deliveries import load, parsed
from tests.functional.api.conftest import NOW, Client, kent_file, settings_of, sqlite_database
from tests.functional.api.keyed import PEPPER, bearer, give_keys
from tests.functional.api.test_api_unpublished import MAY_SEE, OWN, ROUNDED, SUNDAY
from tests.functional.api.weekly import SUNDAYS, fill_weekly, world
from waitlists.store import write
from waitlists.store.session import make_engine, writing

__all__ = ["kent_file", "sqlite_database"]

IN_JANUARY = "as_of=2025-01-31"
LIST = f"/lists/COMM_PAEDS/QKS?{IN_JANUARY}"
FIRST = f"/?{IN_JANUARY}"


class Read(HTMLParser):
    """A page's text, ids, links and the words of its tables, as a program that reads it aloud finds them."""

    def __init__(self, text):
        super().__init__()
        self.words, self.ids, self.links, self.cells, self.names = [], [], [], set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.names |= {(tag, name) for name in named}
        if "id" in named:
            self.ids.append(named["id"])
        self.links += [named[name] for name in ("href", "src", "action") if name in named]
        self.inside = tag

    def handle_data(self, data):
        if data.strip():
            self.words.append(data.strip())
            if self.inside in {"td", "th"}:
                self.cells.add(data.strip())


def page(client, path, **options):
    answer = client.get(path, **options)
    assert answer.status_code == 200, answer.text
    return answer.text


def pictures(text):
    return [ET.fromstring(found) for found in re.findall(r"<svg.*?</svg>", text, re.DOTALL)]


def numbers_of(text):
    """The numbers at the head of each list, by name."""
    return re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", text)


# What it says


def test_the_first_page_says_how_many_wait_how_long_with_the_numbers_of_the_api(client):
    text = page(client, "/")
    for service in ("SALT", "COMM_PAEDS"):
        body = client.json(f"/v1/waiting-lists/{service}/QKS")
        assert body["sentence"] in text
        for name in ("list_size", "over_18_weeks", "over_52_weeks", "over_104_weeks"):
            assert f"{body[name]:,}" in {number for _, number in numbers_of(text)}
        assert {f"{band['count']:,}" for band in body["bands"]} <= Read(text).cells
        assert body["links"]["self"].replace("&", "&amp;") in text


def test_it_begins_with_a_line_for_each_service_that_leads_to_its_page(client):
    text = page(client, "/")
    (table,) = re.findall(r'<table[^>]*wl-glance">.*?</table>', text, re.DOTALL)
    rows = re.findall(r'<th role="rowheader".*?</tr>', table, re.DOTALL)
    pages = re.findall(r'href="(/lists/[^"]*)">More about', text)
    assert [re.findall(r'href="([^"]*)"', row)[0] for row in rows] == pages
    assert all(client.get(html.unescape(path)).status_code == 200 for path in pages)
    body = client.json("/v1/waiting-lists/COMM_PAEDS/QKS")
    (line,) = (" ".join(Read(row).words) for row in rows if "Community paediatrics" in row)
    assert f"{body['list_size']:,}" in line
    assert f"{body['over_18_weeks']:,} over 18 weeks" in line
    assert text.index(table) < text.index("<section")


def test_what_rounding_does_is_said_once_of_a_page(asked):
    client, keys = asked
    for path in ("/?org=RYY", "/lists/SALT/RYY"):
        rounded, exact = (page(client, path, headers=bearer(keys[name])) for name in ("public", "provider"))
        assert rounded.count("rounded to the nearest 5") == rounded.count('id="rounding"') == 1
        assert "rounded to the nearest 5" not in exact


def test_it_says_whether_that_moves_with_the_sentence_of_the_api(client):
    text = page(client, "/")
    trend = client.json("/v1/trends/COMM_PAEDS/QKS/over_18_weeks?source=chs_sitrep")
    assert trend["sentence"] in text
    assert trend["links"]["self"].replace("&", "&amp;") in text


def test_where_no_band_may_be_shown_there_are_no_bars(asked):
    client, keys = asked
    text = page(client, "/lists/SALT/RYY?source=weekly_return", headers=bearer(keys["public"]))
    assert "How long they have waited so far" not in text


def test_where_waits_are_not_known_the_size_of_the_list_is_charted(client):
    text = page(client, FIRST)
    assert client.json(f"/v1/trends/COMM_PAEDS/QKS/list_size?{IN_JANUARY}")["sentence"] in text
    assert ("Over 18 weeks", "not known") in numbers_of(text)


def test_a_missing_provider_a_proxy_and_a_copied_list_are_said_in_words(client):
    text = " ".join(Read(page(client, FIRST)).words)
    assert "Medway Community Healthcare" in text
    assert "so this is no sign that fewer wait" in text
    assert "proxy for autism" in text
    assert "printed under several therapy lines" in page(client, "/")
    assert "Figures of 30 November 2024, 62 days before 31 January 2025." in text


def test_a_service_without_a_figure_is_said_and_not_left_out(client):
    text = " ".join(Read(page(client, FIRST)).words)
    assert "ADHD assessment : Published for England only" in text
    assert text.count("No published figure") == 1


def test_before_anything_was_known_the_page_says_so(client):
    text = page(client, "/?as_of=2001-01-01")
    assert "<svg" not in text
    assert text.count("<strong>") == 8


@pytest.mark.parametrize("path", ["/", "/lists/COMM_PAEDS/QKS"])
def test_every_number_in_a_chart_stands_in_a_table(client, path):
    text = page(client, path)
    cells = Read(text).cells
    drawn = pictures(text)
    assert len(drawn) > 3
    for picture in drawn:
        assert picture.get("role") == "img"
        for word in picture.iter(f"{SVG}text"):
            label = re.match(r"(?:Mean|Upper|Lower|Target)(?: limit)? (.*)", word.text)
            assert not label or label[1] in cells
            if "wl-chart" in picture.get("class") and "bands" in picture.get("aria-labelledby"):
                assert word.text in cells


def test_one_list_has_a_chart_for_every_measure_its_source_gives(client):
    text = page(client, "/lists/COMM_PAEDS/QKS")
    for title in (
        "waiting over 18 weeks",
        "waiting over 104 weeks",
        "Median weeks",
        "Share of children waiting within 18 weeks",
        "Medium Term Planning Framework",
    ):
        assert title in text
    assert "referred in the period" not in text, "the workbooks do not count referrals"
    assert "How long they have waited so far" in text


# One list, one headline

HEADLINE = re.compile(r'<h([23]) class="nhsuk-heading-s">([^<]*)</h\1>.*?<p class="wl-verdict">(.*?)</p>', re.DOTALL)


def headlines(text):
    """What each chart of a page is called, and its verdict in words."""
    return {title: re.sub("<.*?>", "", verdict).strip() for _, title, verdict in HEADLINE.findall(text)}


MONTHS = [date.fromordinal(date(2024 + at // 12, at % 12 + 1, 1).toordinal() - 1) for at in range(4, 18)]


@pytest.fixture
def weeks_and_months(kent_file):
    """A client of lists that grow by the week and fall by the month."""
    for step in range(14):
        for source, day, size in (
            ("referral_extract", date(2025, 2, 23) + timedelta(weeks=step), 900 + 50 * step),
            ("referral_extract_monthly", MONTHS[step], 9000 - 50 * step),
        ):
            delivery = parsed(day, {("ASD", "RYY"): size}, published_on=day, source=source, scope="RYY")
            load(kent_file, delivery)
    with Client(create_app(settings_of(kent_file), clock=lambda: NOW)) as client:
        yield client


@pytest.mark.parametrize("org", ["RYY", "QKS"])
def test_the_first_page_and_the_page_of_a_list_tell_one_headline(weeks_and_months, org):
    """Judged by the month on one and by the week on the other, one list was higher and lower at once."""
    first = page(weeks_and_months, f"/?org={org}")
    _, *sections = first.split('<section class="wl-card"')
    cards = [card for card in sections if "wl-verdict" in card]
    assert cards
    for card in cards:
        (link,) = re.findall(r'<a href="(/lists/[^"]*)">More about', card)
        (told,) = headlines(card).items()
        assert told in headlines(page(weeks_and_months, link.replace("&amp;", "&"))).items()


def test_each_chart_says_whether_its_figures_are_weekly_or_monthly(weeks_and_months):
    title = "Children waiting: {} figures"
    assert title.format("weekly") in headlines(page(weeks_and_months, "/?org=RYY"))
    monthly = page(weeks_and_months, "/lists/ASD/RYY?source=referral_extract_monthly")
    assert title.format("monthly") in headlines(monthly)


def test_ids_are_there_once(client):
    for path in (FIRST, LIST):
        ids = Read(page(client, path)).ids
        assert len(ids) == len(set(ids))


# Choosing


def test_any_board_region_england_or_provider_can_be_chosen(client):
    text = page(client, FIRST)
    assert '<option value="QKS" selected>Kent and Medway</option>' in text
    assert '<option value="ENG">England</option>' in text
    assert len(re.findall("<option", text)) > 45
    assert '<option value="RYY" selected>' in page(client, f"/?org=RYY&{IN_JANUARY}")


@pytest.mark.parametrize("path", ["/?org=nobody", "/lists/SALT/nobody", "/lists/nothing/QKS"])
def test_an_unknown_name_is_told_on_a_page_without_being_repeated(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "<h1" in answer.text
    assert "nobody" not in answer.text
    assert "urn:request:" in answer.text


def test_a_misspelt_filter_is_told_on_a_page_and_once(client):
    answer = client.get("/?orgg=QKS")
    assert answer.status_code == 422
    assert answer.text.count("This parameter is not known here.") == 1


def test_an_address_that_is_none_of_ours_is_told_a_browser_on_a_page(client):
    answer = client.get("/lists", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "There is nothing at this address." in answer.text
    assert client.get("/lists").headers["content-type"] == "application/problem+json"


def test_an_unforeseen_error_of_a_page_is_a_page_that_tells_nothing(kent_file):
    app = create_app(settings_of(kent_file), clock=lambda: NOW)

    def broken():
        raise RuntimeError("secret 943 476 5919")

    app.router.routes.insert(0, APIRoute("/sign-in", broken))
    with Client(app) as client:
        answer = client.get("/sign-in")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "text/html; charset=utf-8")
    assert "secret" not in answer.text
    assert f"urn:request:{answer.headers['x-request-id']}" in answer.text


def test_links_lead_somewhere(client):
    for path in (FIRST, LIST):
        for link in sorted(set(Read(page(client, path)).links)):
            if link.startswith("#"):
                assert link[1:] in Read(page(client, path)).ids
            elif "/v1/" not in link and link != "/sign-out":
                assert client.get(link).status_code == 200, link


# Files


@pytest.mark.parametrize(
    ("path", "same"),
    [
        ("/lists/SALT/QKS/list.csv", "/v1/waiting-lists/SALT/QKS"),
        ("/lists/SALT/QKS/over_52_weeks.csv", "/v1/trends/SALT/QKS/over_52_weeks"),
        (
            "/lists/SALT/QKS/share_within_standard.csv?standard=CHS_18W",
            "/v1/trends/SALT/QKS/share_within_standard?standard=CHS_18W",
        ),
    ],
)
def test_a_csv_is_that_of_the_api(client, path, same):
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert re.fullmatch(r'attachment; filename="SALT-QKS[A-Za-z0-9_-]*\.csv"', answer.headers["content-disposition"])
    assert answer.content == client.csv(same).content


def test_the_csv_of_a_chart_holds_every_number_drawn(client):
    place = "COMM_PAEDS/QKS"
    trend = client.json(f"/v1/trends/{place}/over_18_weeks")
    rows = list(DictReader(StringIO(client.get(f"/lists/{place}/over_18_weeks.csv").text.lstrip("\ufeff"))))
    drawn = as_drawn(trend)["points"]
    assert [row["date"] for row in rows] == [point["date"] for point in drawn]
    for row, point in zip(rows, drawn, strict=True):
        assert row["drawn_special_cause"] == point["special_cause"]
        for name, column in (("value", "value"), ("lower", "drawn_lower"), ("upper", "drawn_upper")):
            assert (float(row[column]) if row[column] else None) == point[name]


# What may happen next


def test_a_list_says_what_may_happen_next_with_the_numbers_of_the_api(client):
    text = " ".join(Read(page(client, "/lists/COMM_PAEDS/QKS")).words)
    ahead = [one for one in client.json("/v1/forecasts/COMM_PAEDS/QKS/list_size")["points"] if not one["past"]]
    low, high = (f"{ahead[-1]['quantiles'][level]:,.0f}" for level in ("0.1", "0.9"))
    assert f"the list is likely to be between {low} and {high}" in text
    assert "how well such ranges hold (8)" in text
    assert "When may the list clear? Flows are not published for this list." in text
    speech = " ".join(Read(page(client, "/lists/SALT/QKS")).words)
    assert "short enough to keep to the standard? Likely between 30 June 2025 and 31 May 2026, at the recent" in speech


def test_a_list_that_was_not_forecast_says_so(client):
    text = " ".join(Read(page(client, "/lists/CYP_PHYSIOTHERAPY/QKS")).words)
    assert "No forecast has been worked out" in text


def test_every_list_is_on_the_first_page_or_linked_from_it(client):
    read = Read(page(client, "/"))
    listed = client.json("/v1/waiting-lists?org=QKS")["items"]
    others = [one for one in listed if one["service"] not in SERVICES_SHOWN]
    assert len(others) > 2
    for one in listed:
        assert any(link.startswith(f"/lists/{one['service']}/QKS?") for link in read.links), one["service"]
    assert f"{len(others)} other lists" in read.words
    assert "one number printed under several services" in read.words
    assert {"Figures of", "Mind this", "31 March 2025"} <= set(read.words)


# Who sees what


@pytest.fixture
def asked(kent_file):
    load(kent_file, parsed(SUNDAY, OWN, published_on=SUNDAY, source="weekly_return", scope="RYY"))
    keys = give_keys(kent_file)
    with Client(create_app(settings_of(kent_file, key_pepper=PEPPER), clock=lambda: NOW)) as client:
        yield client, keys


@pytest.mark.parametrize("name", MAY_SEE)
def test_each_sees_its_own_exactly_and_all_else_rounded(asked, name):
    client, keys = asked
    for org in ("RYY", "NQ7", "QKS"):
        expected = OWN["SALT", org] if org in MAY_SEE[name] else ROUNDED["SALT", org]
        for path in (f"/?org={org}", f"/lists/SALT/{org}", f"/?org={org}"):
            text = page(client, path, headers=bearer(keys[name]))
            assert ("Waiting", f"{expected:,}") in numbers_of(text)
            others = {f"{count:,}" for (_, who), count in OWN.items() if who not in MAY_SEE[name]}
            assert not others & set(Read(text).words)


def test_a_page_kept_for_one_is_not_given_to_another(asked):
    client, keys = asked
    labels = [
        client.get("/", headers=bearer(keys[name])).headers["x-waitlists-view"] for name in ("commissioner", "public")
    ]
    assert labels == ["commissioner QKS", "public"]
    assert "You see: public" in client.get("/", headers=bearer(keys["public"])).text
    assert "You see: commissioner, Kent and Medway" in client.get("/", headers=bearer(keys["commissioner"])).text


def test_a_provider_begins_with_its_own_lists(asked):
    client, keys = asked
    assert '<option value="RYY" selected>' in client.get("/", headers=bearer(keys["provider"])).text
    assert '<option value="QKS" selected>' in client.get("/", headers=bearer(keys["public"])).text


def test_without_a_key_a_page_leads_to_signing_in_and_back(asked):
    client, keys = asked
    answer = client.get("/?org=QKS")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2F%3Forg%3DQKS")
    form = {"key": keys["board"], "next": "/?org=QKS"}
    assert client.request("POST", "/sign-in", data=form).headers["location"] == "/?org=QKS"
    assert "Sign out" in page(client, "/?org=QKS")


def test_looks_at_pages_are_in_the_audit(asked, kent_file):
    client, keys = asked
    client.get("/lists/SALT/QKS", headers=bearer(keys["board"]))
    client.app.state.running.trail.flush()
    with kent_file.connect() as connection:
        rows = {tuple(row) for row in connection.exec_driver_sql("SELECT action, service, org, result FROM audit")}
    assert ("/lists/{service}/{org}", "SALT", "QKS", 200) in rows


# Breach warnings


@pytest.fixture(scope="module")
def warned(tmp_path_factory):
    """A client of a service whose weekly lists were warned of."""
    file = tmp_path_factory.mktemp("warned") / "warned.db"
    file.write_bytes(sqlite_template().read_bytes())
    engine, day = make_engine(f"sqlite:///{file}"), SUNDAYS[-1] + timedelta(days=1)
    fill_weekly(engine, world(2))
    with writing(engine) as connection:
        run_id = write.start_run(connection, command="warn", as_of=day, now=NOW)
        keep(connection, worked_out(connection, as_of=day), as_of=day, run_id=run_id)
        write.publish(connection, run_id=run_id, now=NOW)
        write.finish_run(connection, run_id, status="done", summary={}, now=NOW)
    with Client(create_app(settings_of(engine), clock=lambda: NOW)) as client:
        yield client
    engine.dispose()


def test_a_list_shows_its_breach_warnings_with_the_way_to_take_them(warned):
    (one, *_) = warned.json("/v1/breaches?service=SALT&org=RYY")["items"]
    text = page(warned, "/lists/SALT/RYY")
    assert f'<a href="/breaches/{one["id"]}">Breach warning: waits over 18 weeks</a>' in text
    said = one["sentence"].split(". ")[0].replace(" (CHS_18W)", "")
    assert said.partition(": ")[2] in text
    # The heading above it says whose it is.
    assert said not in text
    assert f'<a href="/breaches/{one["id"]}">waits over 18 weeks<' in page(warned, "/?org=RYY")
    assert f"/breaches/{one['id']}" not in page(warned, "/?org=NQ7")


def test_no_heading_and_no_link_to_a_warning_is_a_code(warned):
    (one, *_) = warned.json("/v1/breaches?service=SALT&org=RYY")["items"]
    for path in ("/?org=RYY", "/lists/SALT/RYY", f"/breaches/{one['id']}"):
        text = page(warned, path)
        named = re.findall(r"<(?:title|h[1-3])[^>]*>(.*?)</(?:title|h[1-3])>", text, re.DOTALL)
        named += re.findall(r'<a href="/breaches/[^>]*>(.*?)</a>', text, re.DOTALL)
        assert len(named) > 2
        assert not [words for words in named if "_" in words or one["standard_id"] in words]


def test_before_a_warning_was_worked_out_there_is_none(client):
    assert "Breach warning" not in page(client, "/") + page(client, LIST)


# Nothing from outside, nothing that runs, nothing that stays


@pytest.mark.parametrize("path", [FIRST, LIST, "/?org=nobody"])
def test_a_page_holds_no_script_no_style_and_nothing_from_outside(client, path):
    answer = client.get(path)
    read = Read(answer.text)
    assert not any(name == "style" or name.startswith("on") for _, name in read.names)
    assert "<script" not in answer.text
    assert all(link.startswith(("/", "#")) and not link.startswith("//") for link in read.links)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "Cookie" in answer.headers.get("vary", "Cookie")


@pytest.mark.parametrize("path", [FIRST, LIST, "/static/nhsuk-frontend/nhsuk-frontend.min.css"])
def test_what_is_heavy_goes_out_packed_to_whoever_unpacks_it(client, path):
    plain, packed = (client.get(path, headers={"Accept-Encoding": form}) for form in ("identity", "br, gzip"))
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert all("Accept-Encoding" in answer.headers["vary"] for answer in (plain, packed))
    assert int(plain.headers["content-length"]) == len(plain.content)
    if path in {FIRST, LIST}:
        assert int(packed.headers["content-length"]) < len(plain.content) / 4


@pytest.mark.parametrize(
    ("accept", "is_taken"),
    [("gzip", True), ("br;q=1.0, GZIP ; q=0.5", True), ("gzip;q=0", False), ("gzip; q=0.00", False), ("x-gzip", False)],
)
def test_only_who_unpacks_is_sent_a_packed_page(accept, is_taken):
    assert takes_packed(accept) is is_taken


def test_a_page_is_made_once_for_each_state_of_the_data(client):
    first = client.get(FIRST)
    cached = client.app.state.running.cache
    kept = len(cached._kept)
    again = client.get(FIRST)
    assert again.content == first.content
    assert len(cached._kept) == kept
