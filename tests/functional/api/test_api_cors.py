"""A08: pages of other sites may ask only where the setting names their origin exactly, and only read."""

import pytest

from api.app import create_app
from tests.functional.api.conftest import NOW, Client, kent_file, settings_of, sqlite_database

__all__ = ["kent_file", "sqlite_database"]

BOARD = "https://board.example.org"
OTHERS = [
    "https://evil.example.org", "http://board.example.org", f"{BOARD}:8443", f"{BOARD}.evil.example", "null",
    "https://BOARD.example.org",
]  # fmt: skip
ASKING = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "Authorization"}


@pytest.fixture
def allowing(kent_file):
    settings = settings_of(kent_file, cors_origins=f"{BOARD},https://two.example.org")
    with Client(create_app(settings, clock=lambda: NOW)) as client:
        yield client


def granted(answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name.startswith("access-control-")}


@pytest.mark.parametrize("origin", [BOARD, *OTHERS])
def test_without_the_setting_no_origin_is_let_in(client_on_file, origin):
    assert granted(client_on_file.get("/v1/services", headers={"Origin": origin})) == {}
    assert granted(client_on_file.request("OPTIONS", "/v1/services", headers={"Origin": origin, **ASKING})) == {}


def test_an_origin_named_exactly_is_let_in_to_read(allowing):
    for _ in range(2):  # the long way and the short one
        answer = allowing.get("/v1/services", headers={"Origin": BOARD})
        assert granted(answer)["access-control-allow-origin"] == BOARD
        assert "access-control-allow-credentials" not in answer.headers
        assert "Origin" in answer.headers["vary"]
    before = granted(allowing.request("OPTIONS", "/v1/services", headers={"Origin": BOARD, **ASKING}))
    assert before["access-control-allow-origin"] == BOARD
    assert before["access-control-allow-methods"] == "GET"


@pytest.mark.parametrize("origin", OTHERS)
def test_any_other_origin_is_not(allowing, origin):
    assert "access-control-allow-origin" not in allowing.get("/v1/services", headers={"Origin": origin}).headers
    before = allowing.request("OPTIONS", "/v1/services", headers={"Origin": origin, **ASKING})
    assert "access-control-allow-origin" not in before.headers


def test_a_named_origin_may_not_write(allowing):
    asking = ASKING | {"Access-Control-Request-Method": "DELETE"}
    assert allowing.request("OPTIONS", "/v1/services", headers={"Origin": BOARD, **asking}).status_code == 400
