"""The weekly email as a mail program with a browser in it shows it: narrow and wide, light and dark, asking nobody."""

from email import message_from_bytes, policy

import pytest

from jobs.mail.breach_facts import ChartFacts
from jobs.mail.parts import Heading, mail_of
from tests.browser.axe import findings
from tests.mailed import calm, email_of, listed, mark, warned, week

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200"><rect width="320" height="200"/></svg>'
CHART = ChartFacts("Children over 18 weeks", "165 at the end. No sign.", SVG, (("October", "160"), ("November", "165")))
NOT_IN_A_MAIL = ("region", "landmark-one-main")
"""A mail is read within a page of the mail program, which has the landmarks."""


@pytest.fixture(scope="module")
def html(tmp_path_factory) -> str:
    """The address of the HTML part, its picture beside it."""
    facts = week(
        listed(mark(warned(org="QKS", over_now=12_345, waiting=54_321), parts=[warned(org="RYY")])),
        listed(calm(), service="CAMHS_ED"),
        chart=CHART,
        late=("Medway Community Healthcare sent no figures for the week to 15 November 2026 (Speech therapy).",),
    )
    mail = message_from_bytes(
        mail_of(email_of(facts), Heading("<1@example.org>", "a@example.org", "b@example.org", 1)), policy=policy.default
    )
    folder = tmp_path_factory.mktemp("mail")
    (picture,) = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    (folder / "chart.png").write_bytes(picture.get_content())
    text = mail.get_body(("html",)).get_content().replace(f"cid:{picture['Content-ID'].strip('<>')}", "chart.png")
    (folder / "mail.html").write_text(text, encoding="utf-8")
    return (folder / "mail.html").as_uri()


@pytest.fixture
def shown(browser, html):
    contexts = []

    def opened(width: int, scheme: str, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
        contexts.append(context)
        page = context.new_page()
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(html)
        return page

    yield opened
    for context in contexts:
        context.close()


def light_of(page, selector: str) -> float:
    """How light the ground behind something is, 0 to 255."""
    ground = page.locator(selector).first.evaluate("one => getComputedStyle(one).backgroundColor")
    return sum(int(part) for part in ground[ground.index("(") + 1 : -1].split(",")[:3]) / 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 640])
def test_it_fits_is_legible_and_asks_nobody(shown, width, scheme):
    page = shown(width, scheme, bypass_csp=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [asked for asked in page.asked if not asked.startswith("file:")] == []
    assert findings(page, without=NOT_IN_A_MAIL) == []
    assert (light_of(page, ".card") < 64) == (scheme == "dark")


def test_without_pictures_and_head_everything_is_still_there(shown):
    """Some mail programs drop pictures and all that stands in the head."""
    page = shown(640, "light")
    page.evaluate("document.head.remove(); document.querySelectorAll('img').forEach(one => one.removeAttribute('src'))")
    assert page.locator("h1").inner_text().startswith("Kent and Medway, 2 services, 16 November 2026")
    assert page.locator(".figures td", has_text="12,345 of 54,320").count() == 1
    assert page.locator("img").get_attribute("alt").startswith("Children over 18 weeks. 165")
    size = page.locator("h1").evaluate("one => getComputedStyle(one).fontSize")
    assert size == "22px"
