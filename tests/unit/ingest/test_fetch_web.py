"""A11: a file comes from a publisher's host over https, or not at all, whatever a name or a redirect leads to.

The publishers are played by a server on this machine: their names resolve to a public address of the test's choosing,
and the way to that address leads here.
"""

import hashlib
import http.server
import socket
import ssl
import threading
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from waitlists.errors import FileRefused
from waitlists.ingest.fetch.web import MOST_REDIRECTS, Web, addresses_of, fetch, is_public, name_in

CERTIFICATE = Path(__file__).parents[2] / "certificates/loopback.pem"
ENGLAND, DIGITAL = "www.england.nhs.uk", "files.digital.nhs.uk"
PUBLIC = "8.8.8.8"
BOOK = b"PK\x03\x04 figures of March"
FILE = f"https://{ENGLAND}/wp-content/March%202025.xlsx"


class Publisher(http.server.BaseHTTPRequestHandler):
    """Answers each path as the test says: a status, headers and a body."""

    def do_GET(self):
        self.server.seen.append((self.headers["Host"], self.path))
        status, headers, body = self.server.pages.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in ({"Content-Length": len(body)} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        if "X-Hang" in headers:
            self.wfile.flush()
            self.server.let_go.wait(30)

    def log_message(self, *_):
        """Nothing to standard error."""


@pytest.fixture
def publisher():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.pages, server.seen, server.dialled, server.let_go = {}, [], [], threading.Event()
    server.pages["/wp-content/March%202025.xlsx"] = (200, {}, BOOK)
    thread = threading.Thread(target=partial(server.serve_forever, poll_interval=0.02))
    thread.start()
    yield server
    server.let_go.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def web(publisher):
    def dial(address, timeout):
        publisher.dialled.append(address)
        return socket.create_connection(publisher.server_address, timeout)

    return Web(
        hosts=frozenset({ENGLAND, DIGITAL}),
        resolve=lambda _: [PUBLIC],
        dial=dial,
        trust=ssl.create_default_context(cafile=CERTIFICATE),
        wait_seconds=5,
    )


def refused(url, web, *, max_bytes=1000):
    with pytest.raises(FileRefused) as error:
        fetch(url, web, max_bytes=max_bytes)
    return error.value


def test_a_file_is_taken_under_its_checksum_and_its_last_name(publisher, web):
    taken = fetch(FILE, web, max_bytes=len(BOOK))
    assert (taken.name, taken.content) == ("March 2025.xlsx", BOOK)
    assert taken.sha256 == hashlib.sha256(BOOK).hexdigest()
    assert publisher.seen == [(ENGLAND, "/wp-content/March%202025.xlsx")]
    assert publisher.dialled == [PUBLIC]


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://169.254.169.254/latest/meta-data", "169.254.169.254"),
        ("https://localhost/x.xlsx", "localhost"),
        ("https://127.0.0.1/x.xlsx", "127.0.0.1"),
        ("https://[::1]/x.xlsx", "::1"),
        ("https://0x7f000001/x.xlsx", "0x7f000001"),
        ("file:///etc/passwd", "the address"),
        ("ftp://www.england.nhs.uk/x.xlsx", ENGLAND),
        ("gopher://x", "x"),
        (f"http://{ENGLAND}/x.xlsx", ENGLAND),
        (f"https://{ENGLAND}.evil.example/x.xlsx", f"{ENGLAND}.evil.example"),
        (f"https://evil.example/{ENGLAND}", "evil.example"),
        (f"https://{ENGLAND}@evil.example/x.xlsx", "evil.example"),
        (f"https://name:secret@{ENGLAND}/x.xlsx", ENGLAND),
        (f"https://{ENGLAND}:8443/x.xlsx", ENGLAND),
        (f"https://{ENGLAND}:x/x.xlsx", "address"),
        (f"https://{ENGLAND}./x.xlsx", ENGLAND),
        ("https://[/x.xlsx", "address"),
        ("https:///x.xlsx", "the address"),
        (f"https://{ENGLAND}/x\r\nHost: evil.xlsx", ENGLAND),
        (f"https://{ENGLAND}/März.xlsx", ENGLAND),
    ],
)
def test_an_address_that_may_not_be_asked_is_refused_before_anything_is(publisher, web, url, host):
    asked = []
    error = refused(url, replace(web, resolve=lambda name: asked.append(name) or [PUBLIC]))
    assert error.code == "NOT_ALLOWED"
    assert host in str(error)
    assert "secret" not in str(error)
    assert (asked, publisher.dialled) == ([], [])


INSIDE = [
    "127.0.0.1", "10.0.0.7", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "192.0.2.1", "240.0.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
    "::ffff:10.0.0.1", "::ffff:8.8.8.8", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:a00:1::", "2001:0:a00:1::",
    "2001:db8::1", "no address",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_a_host_that_leads_inside_is_refused_even_among_public_addresses(publisher, web, address):
    assert not is_public(address)
    for addresses in ([address], [PUBLIC, address], [address, PUBLIC]):
        error = refused(FILE, replace(web, resolve=lambda _, found=addresses: found))
        assert (error.code, ENGLAND in str(error)) == ("NOT_ALLOWED", True)
    assert publisher.dialled == []


@pytest.mark.parametrize("address", ["8.8.8.8", "2a00:1450:4009::200e"])
def test_an_address_of_the_open_internet_is_public(address):
    assert is_public(address)


def test_a_name_that_changes_after_the_look_is_connected_as_it_was(publisher, web):
    """DNS rebinding: the name is resolved once, and the connection is made to what was looked at."""
    answers = iter([[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])
    fetch(FILE, replace(web, resolve=lambda _: next(answers)), max_bytes=1000)
    assert publisher.dialled == [PUBLIC]
    assert next(answers) == ["127.0.0.1"]


def test_a_redirect_is_followed_within_the_hosts(publisher, web):
    publisher.pages["/old.xlsx"] = (301, {"Location": f"https://{DIGITAL}/next"}, b"")
    publisher.pages["/next"] = (302, {"Location": "/wp-content/March%202025.xlsx"}, b"")
    taken = fetch(f"https://{ENGLAND}/old.xlsx", web, max_bytes=1000)
    assert (taken.name, taken.content) == ("old.xlsx", BOOK)
    assert [host for host, _ in publisher.seen] == [ENGLAND, DIGITAL, DIGITAL]


@pytest.mark.parametrize(
    "location",
    ["http://169.254.169.254/latest", "https://169.254.169.254/", "https://localhost/", f"http://{ENGLAND}/x",
     "file:///etc/passwd", "//evil.example/x", f"https://{ENGLAND}:22/", "https://["],
)  # fmt: skip
def test_a_redirect_to_elsewhere_is_refused(publisher, web, location):
    publisher.pages["/x.xlsx"] = (302, {"Location": location}, b"")
    assert refused(f"https://{ENGLAND}/x.xlsx", web).code == "NOT_ALLOWED"
    assert len(publisher.dialled) == 1


def test_a_redirect_to_a_host_that_leads_inside_is_refused(publisher, web):
    publisher.pages["/x.xlsx"] = (302, {"Location": f"https://{DIGITAL}/x.xlsx"}, b"")
    resolve = {ENGLAND: [PUBLIC], DIGITAL: ["10.0.0.1"]}.__getitem__
    error = refused(f"https://{ENGLAND}/x.xlsx", replace(web, resolve=resolve))
    assert (error.code, DIGITAL in str(error)) == ("NOT_ALLOWED", True)
    assert publisher.dialled == [PUBLIC]


@pytest.mark.parametrize("location", ["/x.xlsx", None])
def test_redirects_without_end_are_given_up(publisher, web, location):
    publisher.pages["/x.xlsx"] = (302, {"Location": location} if location else {}, b"")
    assert refused(f"https://{ENGLAND}/x.xlsx", web).code == "NOT_REACHED"
    assert len(publisher.seen) == MOST_REDIRECTS + 1


@pytest.mark.parametrize(
    ("page", "code", "words"),
    [
        ((404, {}, b""), "NOT_REACHED", "404"),
        ((500, {}, b"broken"), "NOT_REACHED", "500"),
        ((200, {"Content-Encoding": "gzip"}, b"\x1f\x8b"), "NOT_REACHED", "packed"),
        ((200, {"Content-Length": "900"}, b"part"), "NOT_REACHED", "was not reached"),
        ((200, {}, b""), "EMPTY", "x.xlsx is empty"),
        ((200, {}, b"x" * 1001), "TOO_LARGE", "x.xlsx has more"),
        ((200, {"X-Many": "y" * 70_000}, b"x"), "NOT_REACHED", "LineTooLong"),
    ],
)
def test_what_is_no_whole_file_is_refused(publisher, web, page, code, words):
    publisher.pages["/x.xlsx"] = page
    error = refused(f"https://{ENGLAND}/x.xlsx", web)
    assert (error.code, words in str(error)) == (code, True), str(error)


@pytest.mark.parametrize("limits", [{"wait_seconds": 0.2}, {"total_seconds": 0.2}])
def test_an_answer_that_stops_in_the_middle_is_given_up_in_time(publisher, web, limits):
    publisher.pages["/x.xlsx"] = (200, {"X-Hang": "1", "Content-Length": "900"}, b"part")
    assert refused(f"https://{ENGLAND}/x.xlsx", replace(web, **limits)).code == "NOT_REACHED"


def test_a_certificate_of_another_name_is_not_believed(publisher, web):
    web = replace(web, hosts=frozenset({"digital.nhs.uk"}))
    error = refused("https://digital.nhs.uk/x.xlsx", web)
    assert (error.code, publisher.seen) == ("NOT_REACHED", [])
    assert "CertVerification" in str(error)


def test_a_host_that_nobody_knows_is_not_reached(web):
    def unknown(_):
        raise socket.gaierror

    assert refused(FILE, replace(web, resolve=unknown)).code == "NOT_REACHED"


def test_no_proxy_of_the_environment_is_asked(publisher, web, monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetch(FILE, web, max_bytes=1000).content == BOOK
    assert publisher.dialled == [PUBLIC]


def test_the_ways_out_are_those_of_the_system():
    assert "127.0.0.1" in addresses_of("localhost") or "::1" in addresses_of("localhost")


@pytest.mark.parametrize(
    ("url", "name"), [("https://h/a/b.xlsx?x=1#y", "b.xlsx"), ("https://h/", "unnamed"), ("https://[", "unnamed")]
)
def test_a_file_is_called_after_the_last_part_of_its_path(url, name):
    assert name_in(url) == name
