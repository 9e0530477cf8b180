"""The system's own Chromium with a fresh profile, and a server to look at; where there is none, a skip that says so."""

import shutil
from collections.abc import Generator
from importlib.util import find_spec

import pytest

from tests.databases import sqlite_template
from tests.functional.api.server import serving

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Generator:
    """Chromium, started once for the pages of a module: the driver's event loop runs as long, and clients need one."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None or find_spec("playwright") is None:
        pytest.skip("no Chromium, or no playwright, on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def url(tmp_path_factory) -> Generator[str]:
    """The address of a running service with nothing loaded."""
    file = tmp_path_factory.mktemp("browser") / "waitlists.db"
    shutil.copy(sqlite_template(), file)
    with serving(f"sqlite:///{file}") as server:
        yield server.url


@pytest.fixture
def open_page(browser, url):
    """Opens an address of the service; the page tells what it asked for and what went wrong in it."""
    contexts = []

    def opened(path: str, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.asked, page.faults = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda line: page.faults.append(line.text) if line.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.goto(url + path, wait_until="networkidle")
        return page

    yield opened
    for context in contexts:
        context.close()
