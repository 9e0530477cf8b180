"""A14 for the page at /docs, as a browser shows it: it renders, asks nobody else, and is of use without JavaScript."""

import pytest

from tests.browser.axe import findings

OF_ITS_MAKER = ("nested-interactive", "heading-order", "region")
"""How Swagger UI builds a page, a link within a button among it; docs/accessibility.md says so."""


def outside(page, url: str) -> list[str]:
    return [asked for asked in page.asked if not asked.startswith((f"{url}/", "data:"))]


@pytest.mark.parametrize("width", [1280, 320])
def test_the_page_shows_every_question_and_asks_no_other_host(open_page, url, width):
    page = open_page("/docs", viewport={"width": width, "height": 900})
    page.locator(".opblock").first.wait_for()
    shown = page.locator(".opblock-summary-path").all_inner_texts()
    served = page.request.get(f"{url}/openapi.json").json()["paths"]
    assert {text.replace("\u200b", "") for text in shown} == set(served)
    assert page.title()
    assert page.locator("html").get_attribute("lang") == "en-GB"
    assert any(asked.endswith("swagger-ui-bundle.js") for asked in page.asked)
    assert outside(page, url) == []
    assert page.faults == []


def test_a_question_opens_with_the_keyboard_and_shows_its_example(open_page, url):
    page = open_page("/docs")
    question = page.locator(".opblock-summary-control").first
    question.focus()
    page.keyboard.press("Enter")
    page.locator(".opblock-body").first.wait_for()
    assert page.locator(".opblock-body").first.inner_text().strip()
    assert outside(page, url) == []


def test_without_javascript_the_page_says_where_the_same_stands(open_page, url):
    page = open_page("/docs", java_script_enabled=False)
    link = page.locator("noscript a, p a").first
    assert link.get_attribute("href") == "/openapi.json"
    assert "needs JavaScript" in page.content()
    assert outside(page, url) == []


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_but_what_the_viewer_of_others_is_known_for(open_page, width):
    page = open_page("/docs", viewport={"width": width, "height": 900})
    page.locator(".opblock").first.wait_for()
    assert findings(page, without=OF_ITS_MAKER) == []
