"""Addresses that mail servers take, and none that could carry more than an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waitlists.errors import BadArgument, NotFound
from waitlists.mail.addresses import mail_address, shown_address
from waitlists.mail.subscribers import Subscriber, Subscription
from waitlists.security.access import Role

GOOD = ["desk@example.org", "a.b+c@nhs.net", "o'neil@x-y.example", "root@localhost", "1@1.example"]
BAD = [
    "", "@", "desk", "desk@", "@example.org", "two@at@example.org", "a b@example.org", "a..b@example.org",
    ".a@b.example", "a.@b.example", "a@-b.example", "a@b-.example", "a@b..example", "<a@example.org>",
    "A <a@example.org>", "a@b.example,c@d.example", "a@b.example\r\nBcc: c@d.example", "a@b.example\n",
    "\u0430@example.org", "a@ex\u00e4mple.org", '"a b"@example.org', "a@[127.0.0.1]", f"{'a' * 65}@example.org",
    f"a@{'b' * 64}.example", f"a@{'.'.join(['b' * 60] * 5)}", "a@b.example\x00",
]  # fmt: skip


@pytest.mark.parametrize("text", GOOD)
def test_an_ordinary_address_is_taken(text):
    assert mail_address(text) == text


def test_a_host_is_written_small_and_a_name_as_it_is():
    assert mail_address("Desk@NHS.net") == "Desk@nhs.net"


@pytest.mark.parametrize("text", BAD)
def test_anything_else_is_refused_and_not_repeated(text):
    with pytest.raises(BadArgument) as caught:
        mail_address(text)
    assert str(caught.value) == "this is not one plain mail address such as service.desk@example.org"


@given(st.text())
def test_no_address_holds_what_ends_a_header(text):
    try:
        found = mail_address(f"a{text}@example.org")
    except BadArgument:
        return
    assert found.isascii()
    assert not set(found) & set('\r\n\0 ,;<>"()')


def test_a_shown_address_names_nobody():
    assert shown_address("service.desk@example.org") == "s***@example.org"
    assert "desk" not in repr(Subscriber(1, "desk@example.org", Subscription(Role.BOARD, ("ASD",), ("QKS",))))


@pytest.mark.parametrize(
    ("services", "orgs", "standards"),
    [(("ASDX",), ("QKS",), ()), (("ASD",), ("QKSX",), ()), (("ASD",), ("QKS",), ("CHS_17W",))],
)
def test_a_subscription_names_what_is_in_the_registers(services, orgs, standards):
    with pytest.raises(NotFound):
        Subscription(Role.BOARD, services, orgs, standards)


@pytest.mark.parametrize(("services", "orgs"), [((), ("QKS",)), (("ASD",), ())])
def test_a_subscription_is_about_something(services, orgs):
    with pytest.raises(BadArgument, match="at least one"):
        Subscription(Role.BOARD, services, orgs)
