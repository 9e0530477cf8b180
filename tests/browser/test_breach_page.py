"""The page that the weekly email links to, in a browser: read, and taken by its form."""

import shutil
from collections.abc import Generator
from datetime import UTC, date, datetime, timedelta

import pytest

from jobs.warn import keep
from tests.browser.axe import findings
from tests.databases import sqlite_template
from tests.functional.api.server import serving
from tests.warned import due, warning
from waitlists.store import write
from waitlists.store.session import make_engine, writing

ONE = warning(as_of=date(2025, 6, 2), newly_over=(due(4, 0, 3, 9), due(8, 1, 5, 12, not_yet_referred=8.0)))
NOW = datetime(2025, 6, 2, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def url(tmp_path_factory) -> Generator[str]:
    """The address of a service with one warning in it."""
    file = tmp_path_factory.mktemp("breach") / "waitlists.db"
    shutil.copy(sqlite_template(), file)
    engine = make_engine(f"sqlite:///{file}")
    with writing(engine) as connection:
        run_id = write.start_run(connection, command="warn", as_of=NOW.date(), now=NOW)
        keep(connection, [ONE], as_of=NOW.date(), run_id=run_id)
        write.publish(connection, run_id=run_id, now=NOW)
        write.finish_run(connection, run_id, status="done", summary={}, now=NOW)
    engine.dispose()
    with serving(f"sqlite:///{file}") as server:
        yield server.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_and_nothing_runs_off_the_side(open_page, url, width, scheme):
    page = open_page(f"/breaches/{ONE.id}", viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert findings(page) == []
    assert page.faults == []
    assert [asked for asked in page.asked if not asked.startswith(f"{url}/")] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_form_takes_the_warning_without_javascript_and_says_so(open_page, url):
    page = open_page(f"/breaches/{ONE.id}", java_script_enabled=False)
    assert "is asked to take it" in page.inner_text("main") or "Passed on to" in page.inner_text("main")
    until = (datetime.now(UTC).date() + timedelta(days=7)).isoformat()
    page.fill("#reason", "More clinics from Monday.")
    page.fill("#until", until)
    page.click("button[type=submit]:has-text('Take this warning')")
    page.wait_for_load_state("networkidle")
    text = page.inner_text("main")
    assert "You have taken this warning. Taken by the commissioner" in text
    assert "More clinics from Monday." in text
    assert page.locator("form:has(textarea)").count() == 0
    assert findings(open_page(page.url.removeprefix(url))) == []
