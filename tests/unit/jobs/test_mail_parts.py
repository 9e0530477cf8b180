"""The mail as bytes: HTML and text that say the same, parts that belong together, headers that nobody can add to."""

import re
from email import message_from_bytes, policy
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.mail.breach_facts import ChartFacts
from jobs.mail.parts import Attached, Heading, mail_of, text_of
from tests.mailed import calm, email_of, listed, mark, warned, week, words_of

HEADING = Heading("<weekly.1@example.org>", "waitlists@example.org", "team@example.org", 7)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10"/></svg>'
STEPS = (("October", "160"), ("November", "165"))
CHART = ChartFacts(
    "Children over 18 weeks", "165 at the end. No sign.", SVG, (("October", "160"), ("November", "165")), "records"
)
EVIL = 'NAME:<script>alert("x")</script> & Sons\r\nBcc: thief@example.org'


def parsed(content: bytes):
    return message_from_bytes(content, policy=policy.default)


def mail(one=None, *, heading=HEADING, attached=None):
    found = one or week(listed(), listed(calm("EHC_20W"), service="EHC"), chart=CHART, late=("Somebody sent nothing.",))
    return mail_of(email_of(found), heading, attached)


def test_the_same_email_is_the_same_bytes():
    assert mail() == mail()
    assert mail() != mail(heading=Heading("<weekly.2@example.org>", *("a@example.org",) * 2, 8))


def test_a_mail_has_text_html_picture_and_figures_in_the_order_that_clients_expect():
    found = parsed(mail(attached=Attached("figures.csv", "a,b\n")))
    assert [part.get_content_type() for part in found.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
        "text/csv",
    ]  # fmt: skip
    assert [part.get_filename() for part in found.iter_attachments()] == ["figures.csv"]
    assert parsed(mail(week())).get_content_type() == "multipart/alternative"


def test_every_line_is_short_and_seven_bits():
    """Servers may refuse longer lines and lose eighth bits."""
    lines = mail(attached=Attached("figures.csv", "é" * 5000)).split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert b"".join(lines).isascii()
    assert b"\n" not in b"".join(lines)


def test_the_headers_name_a_service_a_team_and_a_way_out():
    found = parsed(mail())
    assert found["From"] == "Children's waiting lists <waitlists@example.org>"
    assert found["Reply-To"] == "team@example.org"
    assert found["List-Unsubscribe"] == "<mailto:team@example.org?subject=stop%207>"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["Message-ID"] == "<weekly.1@example.org>"
    assert (found["To"], found["Date"]) == (None, None)


def test_the_text_and_the_html_say_the_same():
    """Every block of the HTML is in the text, and every line of the text is in the HTML."""
    found = parsed(mail())
    html = words_of(found.get_body(("html",)).get_content())
    text = found.get_body(("plain",)).get_content()
    plain, pages = squeezed(text), squeezed(" ".join(html))
    only_in_html = {squeezed("Children waiting for NHS help: the week's breach email")}
    assert [block for block in html if squeezed(block) not in plain and squeezed(block) not in only_in_html] == []
    lines = [squeezed(line.lstrip("- ")) for line in text.splitlines() if line.strip()]
    assert [line for line in lines if line not in pages and "lookatitandacknowledge" not in line] == []


def squeezed(text: str) -> str:
    """Letters and digits alone, so that tables and headings in capitals compare."""
    return re.sub(r"[^a-z0-9]", "", unescape(text).lower())


def test_the_picture_is_told_in_words_and_comes_with_the_mail():
    found = parsed(mail())
    html = found.get_body(("html",)).get_content()
    (picture,) = [part for part in found.walk() if part.get_content_type() == "image/png"]
    cid = picture["Content-ID"].strip("<>")
    assert f'src="cid:{cid}"' in html
    assert f'alt="{CHART.title}. {CHART.sentence}"' in html
    assert picture.get_content().startswith(b"\x89PNG")
    text = found.get_body(("plain",)).get_content()
    assert all(word in text for word in (CHART.sentence, "October: 160", "November: 165"))


def test_nothing_is_asked_of_any_other_machine_and_styles_are_inline():
    html = parsed(mail()).get_body(("html",)).get_content()
    assert re.findall(r'(?:src|background)="(?!cid:)', html) == []
    assert "url(" not in html
    assert "@import" not in html
    assert "<link" not in html
    assert "<script" not in html
    assert set(re.findall(r'href="([^"]*)', html)) <= {*re.findall(r"https://waits\.example\.org[^\" ]*", html)}
    head, _, body = html.partition("</head>")
    assert "prefers-color-scheme: dark" in head
    assert '<meta name="color-scheme" content="light dark">' in head
    assert body.count('style="') > 20
    # Outlook knows no largest width: it is given a table of that width around the mail.
    assert body.count("<!--[if mso]>") == body.count("<![endif]-->") == 2
    assert "<style" not in body


@pytest.mark.parametrize("length", [*range(1, 30)])
def test_a_subject_begins_on_its_line_and_reads_back_as_it_was(length):
    """Python folds one that fits on a line of its own after an empty first line."""
    org = f"NAME:{'Trust of ' * length}Kent"
    subject = email_of(week(listed(mark(warned(org=org)), org=org))).subject
    content = mail(week(listed(mark(warned(org=org)), org=org)))
    head, _, _ = content.partition(b"\r\n\r\n")
    assert b"Subject:\r\n" not in head
    assert max(map(len, head.split(b"\r\n"))) <= 76
    assert parsed(content)["Subject"] == subject


@pytest.mark.parametrize("length", [60, 70, 80, 200])
def test_a_word_that_is_longer_than_a_line_still_begins_on_it(length):
    org = f"NAME:{'x' * length}"
    content = mail(week(listed(mark(warned(org=org)), org=org)))
    assert b"Subject: " in content
    assert b"Subject:\r\n" not in content


def test_a_name_from_a_file_stays_a_name():
    """F32 and F35: no header is added by a line break, and no tag by a name."""
    evil = listed(mark(warned(org=EVIL)), org=EVIL)
    found = parsed(mail(week(evil, listed())))
    assert found["Bcc"] is None
    assert "\r" not in found["Subject"]
    assert "\n" not in found["Subject"]
    html = found.get_body(("html",)).get_content()
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "<script>" in found.get_body(("plain",)).get_content()


@given(st.text(max_size=80))
def test_no_name_whatever_makes_a_header(name):
    content = mail(week(listed(mark(warned(org=f"NAME:{name}")), org=f"NAME:{name}")))
    head, _, _ = content.partition(b"\r\n\r\n")
    names = re.findall(rb"(?m)^([^\s:]+):", head)
    assert names == [
        b"Message-ID", b"From", b"Reply-To", b"Subject", b"List-Id", b"List-Unsubscribe", b"Auto-Submitted",
        b"MIME-Version", b"Content-Type",
    ]  # fmt: skip


@pytest.mark.parametrize("field", ["message_id", "sender", "reply_to"])
def test_a_heading_with_a_line_break_is_refused(field):
    given_ = {"message_id": "<x@y>", "sender": "a@y.example", "reply_to": "b@y.example", "subscriber": 1}
    with pytest.raises(ValueError, match=r"header|linefeed|newline|carriage|CR|single"):
        mail(heading=Heading(**(given_ | {field: f"{given_[field]}\r\nBcc: c@y.example"})))


def test_the_text_of_a_dry_run_is_the_text_of_the_mail():
    sent = parsed(mail(week())).get_body(("plain",)).get_content()
    assert sent.splitlines() == text_of(email_of(week())).splitlines()
