"""A14: the pages in a browser: wide, narrow, dark, forced colours, printed, by keyboard, without JavaScript."""

import re
import shutil
from collections.abc import Generator
from datetime import UTC, date, datetime, timedelta

import pytest

from jobs.keys import Wanted, create
from tests.browser.axe import findings
from tests.databases import sqlite_template
from tests.deliveries import load, parsed
from tests.functional.api.kent import fill
from tests.functional.api.server import serving
from waitlists.security.access import Role
from waitlists.store.session import make_engine

WIDE, NARROW = 1280, 320
PAGES = ["/", "/lists/COMM_PAEDS/QKS", "/lists/SALT/RYY", "/?org=nobody"]
SIZES = [100, 104, 99, 103, 101, 98, 105, 100, 102, 99, 104, 101, 100, 103, 99, 150, 155, 152, 158, 160]
"""Weeks of a list that is steady and then larger: every kind of mark a board would see."""


@pytest.fixture(scope="module")
def url(tmp_path_factory) -> Generator[str]:
    """The address of a service with Kent and Medway's lists in it, and a weekly one with a change."""
    file = tmp_path_factory.mktemp("pages") / "waitlists.db"
    shutil.copy(sqlite_template(), file)
    engine = filled(f"sqlite:///{file}")
    engine.dispose()
    with serving(f"sqlite:///{file}") as server:
        yield server.url


def growing(week: int) -> int:
    """A list that grows, up and down by turns: high by itself, and no surprise."""
    return 900 + 6 * week + (9 if week % 2 else -9)


def filled(address):
    engine = make_engine(address)
    fill(engine)
    weeks = [date(2025, 1, 5) + timedelta(weeks=week) for week in range(len(SIZES))]
    for week, size in zip(weeks, SIZES, strict=True):
        lists = {("SALT", "RYY"): size, ("ASD", "RYY"): growing(weeks.index(week))}
        load(engine, parsed(week, lists, source="weekly_return", scope="RYY", published_on=week))
    return engine


def unfold(page):
    """Opens all that is folded."""
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")


def words(page):
    return page.inner_text("body")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("path", [*PAGES, "/sign-in"])
def test_axe_finds_nothing_and_no_other_host_is_asked(open_page, url, path, width, scheme):
    page = open_page(path, viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert findings(page) == []
    unfold(page)
    assert findings(page) == []
    assert [asked for asked in page.asked if not asked.startswith(f"{url}/")] == []
    assert [fault for fault in page.faults if "404" not in fault] == []


@pytest.mark.parametrize("path", [*PAGES, "/sign-in"])
def test_at_320_pixels_which_is_400_percent_nothing_runs_off_the_side(open_page, path):
    page = open_page(path, viewport={"width": NARROW, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW


@pytest.mark.parametrize(("width", "shown"), [(WIDE, "wide"), (NARROW, "narrow")])
def test_each_screen_gets_the_chart_made_for_it(open_page, width, shown):
    page = open_page("/", viewport={"width": width, "height": 900})
    unfold(page)
    charts = page.locator("svg.wl-chart")
    visible = [chart for chart in charts.all() if chart.is_visible()]
    assert len(visible) == charts.count() / 2 > 1
    assert all(f"wl-chart-{shown}" in chart.get_attribute("class") for chart in visible)
    heights = visible[0].locator("text").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert min(heights) >= 9, "letters that can be read"


@pytest.mark.parametrize("path", [path for path in PAGES if "nobody" not in path])
def test_without_javascript_every_fact_is_there(open_page, path):
    with_script = open_page(path)
    without = open_page(path, java_script_enabled=False)
    assert words(without) == words(with_script)
    unfold(without)
    tables = without.locator("table")
    assert all(tables.evaluate_all("all => all.map(one => one.checkVisibility())"))
    cells = set(tables.locator("td, th").all_inner_texts())
    for label in without.locator("svg.wl-chart-wide text").all_text_contents():
        found = re.match(r"(?:Mean|Upper|Lower|Target)(?: limit)? (.*)", label)
        assert not found or found[1] in cells


def test_the_first_page_begins_with_all_its_services_and_the_rest_is_folded(open_page):
    page = open_page("/", viewport={"width": WIDE, "height": 900})
    lines, sections = page.locator(".wl-glance tbody tr"), page.locator("section:has(h2[id$='-list'])")
    assert lines.count() == sections.count() > 1
    assert lines.last.bounding_box()["y"] < 900
    folded = page.locator("section.wl-card details > .nhsuk-details__text")
    assert folded.count() > lines.count()
    assert not any(one.is_visible() for one in folded.all())
    height = page.evaluate("document.documentElement.scrollHeight")
    unfold(page)
    assert page.evaluate("document.documentElement.scrollHeight") > 2 * height


def test_a_line_leads_to_its_page_in_one_press_and_its_section_opens_by_keyboard(open_page):
    page = open_page("/", viewport={"width": WIDE, "height": 900}, java_script_enabled=False)
    name = page.locator(".wl-glance tbody a").first.inner_text()
    page.click(f".wl-glance a:has-text('{name}') >> nth=0")
    assert name in page.locator("h1").inner_text()
    page.go_back()
    section = page.locator(f"section:has(h2:has-text('{name}'))").first
    section.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert section.locator(".wl-numbers").is_visible()
    assert section.locator("svg.wl-chart-wide").first.is_visible()


def test_on_a_narrow_screen_each_line_stands_by_itself_with_the_names_of_its_columns(open_page):
    page = open_page("/", viewport={"width": NARROW, "height": 900})
    line = page.locator(".wl-glance tbody tr").first
    tops = [cell.bounding_box()["y"] for cell in line.locator("th, td").all()]
    assert tops == sorted(set(tops))
    heads = line.locator(".nhsuk-table-responsive__heading")
    assert [head.inner_text() for head in heads.all() if head.is_visible()] == [
        "Waiting", "Over the standard", "Is it moving?", "Likely to cross next",
    ]  # fmt: skip
    wide = open_page("/", viewport={"width": WIDE, "height": 900})
    assert not wide.locator(".nhsuk-table-responsive__heading").first.is_visible()


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (NARROW, "dark")])
def test_the_chart_by_itself_and_the_surprises_stand_beside_the_one_that_leads(open_page, width, scheme):
    page = open_page("/lists/ASD/RYY", viewport={"width": width, "height": 900}, color_scheme=scheme)
    folded = page.locator("details:has(> summary:has-text('and its surprises'))")
    assert folded.count() == 1
    folded.locator("summary").click()
    assert [chart.is_visible() for chart in folded.locator("svg").all()] == [True, True]
    words = folded.locator("svg").nth(1).locator("text").all_text_contents()
    limits = folded.locator("table").nth(1).locator("td").all_inner_texts()
    assert {word.rpartition(" ")[2] for word in words if word.startswith(("Mean", "Upper", "Lower"))} == set(limits)
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_printed_the_tables_are_open_and_the_form_is_gone(open_page):
    page = open_page("/", viewport={"width": WIDE, "height": 900}, color_scheme="dark")
    page.emulate_media(media="print")
    assert not page.locator("form.wl-choice").is_visible()
    assert page.locator("details table").first.evaluate("one => one.getBoundingClientRect().height") > 50
    assert page.locator("body").evaluate("one => getComputedStyle(one).backgroundColor") != "rgb(18, 24, 28)"
    assert page.locator("svg.wl-chart-wide").first.is_visible()


def test_on_paper_each_service_is_a_line_under_the_names_of_the_columns(open_page):
    page = open_page("/", viewport={"width": 718, "height": 1000})
    page.emulate_media(media="print")
    cells = page.locator(".wl-glance tbody tr").first.locator("th, td")
    assert len({cell.bounding_box()["y"] for cell in cells.all()}) == 1
    assert page.locator(".wl-glance thead th").last.bounding_box()["width"] > 50
    assert not page.locator(".wl-glance .nhsuk-table-responsive__heading").first.is_visible()


def test_forced_colours_keep_every_mark_and_line(open_page):
    page = open_page("/lists/SALT/RYY", forced_colors="active")
    text = page.evaluate(
        "() => { const one = document.createElement('p'); one.style.color = 'CanvasText'; document.body.append(one);"
        " return getComputedStyle(one).color }"
    )
    parts = page.locator("svg.wl-chart-wide path.wl-mark, svg.wl-chart-wide .wl-mean")
    strokes = parts.evaluate_all("all => all.map(one => getComputedStyle(one).stroke)")
    assert set(strokes) == {text}


def test_dark_marks_and_words_stand_out(open_page):
    page = open_page("/lists/SALT/RYY", color_scheme="dark")
    chart = page.locator("svg.wl-chart-wide:has(.wl-mean)").first
    for part, name in (("text", "fill"), ("path.wl-mark", "stroke"), (".wl-mean", "stroke")):
        colour = chart.locator(part).first.evaluate(f"one => getComputedStyle(one).{name}")
        assert min(map(int, re.findall(r"\d+", colour)[:3])) > 150, part


def test_by_keyboard_the_way_leads_from_the_skip_link_to_the_tables(open_page):
    page = open_page("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Skip to main content"
    page.keyboard.press("Enter")
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details .wl-numbers").first.is_visible()


def test_another_board_is_chosen_with_the_form(open_page, url):
    page = open_page("/", java_script_enabled=False)
    page.select_option("#org", "RYY")
    page.click("form.wl-choice button")
    assert page.url == f"{url}/?org=RYY"
    assert "Kent Community Health" in page.inner_text("main")


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> Generator[tuple[str, str]]:
    """The address of a service that asks for a key, and a board's."""
    file = tmp_path_factory.mktemp("keys") / "waitlists.db"
    shutil.copy(sqlite_template(), file)
    engine = filled(f"sqlite:///{file}")
    key, _ = create(engine, Wanted(Role.BOARD, ("QKS",)), now=datetime.now(UTC), pepper="")
    engine.dispose()
    with serving(f"sqlite:///{file}") as server:
        yield server.url, str(key)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_person_signs_in_looks_and_signs_out(browser, kept, width):
    url, key = kept
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(f"{url}/?org=QKS")
    assert page.url.startswith(f"{url}/sign-in?next=")
    page.fill("#key", "wl_not_a_key")
    page.click("main button")
    assert "This key opens nothing" in words(page)
    assert findings(page) == []
    page.fill("#key", key)
    page.click("main button")
    assert page.url == f"{url}/?org=QKS"
    assert "You see: board, Kent and Medway" in words(page)
    assert key not in page.content() + page.url
    (cookie,) = context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["expires"]) == (True, "Lax", -1)
    page.click("header button")
    assert page.url == f"{url}/sign-in"
    assert context.cookies() == []
    context.close()
