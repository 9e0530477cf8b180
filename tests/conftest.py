"""What every test stands on: one Hypothesis profile, no settings from outside, no network beyond this machine."""

import gc
import os
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from waitlists.settings import PREFIX, TEST_PREFIX

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
FUNCTIONAL = ROOT / "tests/functional"

settings.register_profile("house", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("gate", parent=settings.get_profile("house"), derandomize=True, database=None)
settings.register_profile("long", parent=settings.get_profile("house"), max_examples=2000)
settings.register_profile(
    "mutants", parent=settings.get_profile("house"), max_examples=25, derandomize=True, database=None
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))

_HERE = {"127.0.0.1", "::1", "localhost", "0.0.0.0", ""}


def _only_here(connect: Callable[[socket.socket, Any], Any]) -> Callable[[socket.socket, Any], Any]:
    @wraps(connect)
    def connect_here(this: socket.socket, address: Any) -> Any:
        if isinstance(address, tuple) and address[0] not in _HERE:
            raise ConnectionRefusedError(f"tests stay on this machine; something asked for {address[0]}")
        return connect(this, address)

    return connect_here


# No audit hook: other threads get on while Python is in one, also where one thread begins or ends to be measured, and
# Python refuses that to two at once.
socket.socket.connect = _only_here(socket.socket.connect)
socket.socket.connect_ex = _only_here(socket.socket.connect_ex)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays to the end: a search for what nobody needs any more would pass over 10,000 tests."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What counts for nothing: what luck reaches, and what shows nothing new, since measuring takes as long again.

    What random examples happen to reach may not decide whether the gate opens. A test of both databases is measured on
    one of them, and a functional test that is asked in many ways is measured in the first.
    """
    first = dict[str, tuple[int, ...]]()
    for item in items:
        name, way = _way_of(item)
        first[name] = min(first.get(name, way), way)
    for item in items:
        name, way = _way_of(item)
        is_again = item.path.is_relative_to(FUNCTIONAL) and way != first[name]
        if is_again or _is_second_database(item) or item.get_closest_marker("hypothesis"):
            item.add_marker("no_cover")


def _way_of(item: pytest.Item) -> tuple[str, tuple[int, ...]]:
    """A test, and which of its parameters it is asked with; the order of tests is another each time."""
    call = getattr(item, "callspec", None)
    return item.nodeid.partition("[")[0], () if call is None else tuple(call.indices.values())


def _is_second_database(item: pytest.Item) -> bool:
    call = getattr(item, "callspec", None)
    return call is not None and "postgresql" in call.params.values()


def _measuring(config: pytest.Config) -> Any:
    return getattr(config.pluginmanager.getplugin("_cov"), "cov_controller", None)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(request: pytest.FixtureRequest) -> Generator[None, object, object]:
    """What only tests that count for nothing share is not measured either; what others share always is."""
    if getattr(request, "param", None) == "postgresql" or request.node.get_closest_marker("no_cover"):
        with unmeasured(request.config):
            return (yield)
    return (yield)


@contextmanager
def unmeasured(config: pytest.Config) -> Generator[None]:
    """Counts nothing that is reached as covered."""
    measuring = _measuring(config)
    if measuring is None or not measuring.started:
        yield
        return
    measuring.pause()
    try:
        yield
    finally:
        measuring.resume()


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own settings never change what a test sees."""
    for name in list(os.environ):
        if name.startswith(PREFIX) and not name.startswith(TEST_PREFIX):
            monkeypatch.delenv(name)


def shared(path: str) -> Path:
    """A file or folder of the shared data, or a skip that says what is missing."""
    if not (SHARED / path).exists():
        pytest.skip(f"the shared {path} is not on this machine")
    return SHARED / path


@pytest.fixture(scope="session")
def chs_workbooks() -> list[Path]:
    """The 14 published community health services workbooks."""
    return sorted(shared("data/chs-sitrep/original").glob("*.xlsx"))


@pytest.fixture(scope="session")
def golden() -> Path:
    """The folder of golden reference files."""
    return shared("golden")
