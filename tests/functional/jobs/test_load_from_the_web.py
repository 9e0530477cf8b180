"""A11: `waitlists load https://...` takes a publisher's workbook like a file, and refuses every other address."""

import hashlib

import pytest

from jobs.demo.files import content_of
from jobs.load import Moment, load
from tests.functional.jobs.kit import NOW, book
from waitlists.ingest.fetch import TakenFile


@pytest.mark.parametrize(
    "url",
    ["https://169.254.169.254/latest/meta-data", "http://www.england.nhs.uk/x.xlsx", "file:///etc/passwd",
     "https://localhost/x.xlsx", "https://example.org/x.xlsx?token=9434765919"],
)  # fmt: skip
def test_an_address_that_is_no_publishers_is_refused_and_noted(waitlists, url):
    ended = waitlists("load", url, "--json")
    assert ended.code == 10
    (file,) = ended.json["files"]
    assert (file["status"], file["refusal"]["code"], file["sha256"]) == ("refused", "NOT_ALLOWED", None)
    assert "9434765919" not in ended.out + ended.err


def test_the_hosts_are_those_of_the_setting(waitlists):
    ended = waitlists("load", "https://www.england.nhs.uk/x.xlsx", "--json", FETCH_HOSTS="one.example.org")
    assert ended.json["files"][0]["refusal"]["code"] == "NOT_ALLOWED"


def test_what_was_fetched_is_loaded_like_a_file(database):
    content = content_of(book(2025, 1))
    file = TakenFile("January.xlsx", hashlib.sha256(content).hexdigest(), content)
    common = {"moment": Moment(lambda: NOW), "source": None, "on_progress": lambda _: None}
    first = load(database, [], fetched=[file], **common)
    again = load(database, [], fetched=[file], **common)
    assert [(one.status, one.name) for one in first.files] == [("loaded", "January.xlsx")]
    assert [one.status for one in again.files] == ["already_loaded"]
