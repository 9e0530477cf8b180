"""Schemathesis on the application and on a running server: every check it has, no failure, never a 5xx."""

import re
import subprocess
import sys
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from api.app import create_app
from api.security import MAX_PATH_BYTES
from tests.functional.api.conftest import NOW, settings_of
from tests.functional.api.server import serving
from waitlists.settings import Settings
from waitlists.sources import freq_of

pytestmark = pytest.mark.no_cover

PATHS = create_app(Settings(database_url="sqlite:///x.db"), clock=lambda: NOW).openapi()["paths"]
OPERATIONS = sorted((path, method.upper()) for path, one in PATHS.items() for method in one)


@pytest.fixture(scope="session")
def described(kent):
    """The application as schemathesis reads it: from its own description."""
    app = create_app(settings_of(kent, base_url="http://testserver"), clock=lambda: NOW)
    return schemathesis.openapi.from_asgi("/openapi.json", app)


@pytest.mark.filterwarnings("ignore:Using `httpx` with `starlette.testclient`")
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_no_request_breaks_the_application(described, path, method, mode):
    operation = described[path][method]
    if mode is GenerationMode.NEGATIVE and not list(operation.iter_parameters()):
        pytest.skip("a route without parameters cannot be asked wrongly")

    asked = operation.as_strategy(generation_mode=mode).filter(is_of_usual_length)

    @given(asked.filter(is_of_one_step).filter(is_of_no_day_to_come))
    @settings(max_examples=4, suppress_health_check=list(HealthCheck), derandomize=True)
    def check(case):
        case.call_and_validate()

    check()


def is_of_usual_length(case) -> bool:
    """A path that is too long is refused with 414 before any route is looked for, so no route's description says so."""
    return len(quote(case.formatted_path)) <= MAX_PATH_BYTES


def is_of_one_step(case) -> bool:
    """A step beside a source of another step is refused, which no description of single parameters can say."""
    source, freq = (case.query.get(name) for name in ("source", "freq"))
    return source is None or freq is None or freq_of(str(source)) == freq


def is_of_no_day_to_come(case) -> bool:
    """A day to come is refused, and which those are depends on the day of the question."""
    as_of = case.query.get("as_of")
    return not re.fullmatch(r"\d{4}-\d\d-\d\d", str(as_of)) or str(as_of) <= NOW.date().isoformat()


@pytest.mark.slow
def test_no_request_breaks_a_running_server(kent_file, tmp_path):
    # What is refused though it fits (`is_of_one_step`, `is_of_no_day_to_come`) is left out here by its status.
    accepted = '["2xx", "401", "403", "404", "409", "422", "5xx"]'
    config = f"[checks]\npositive_data_acceptance.expected-statuses = {accepted}\n"
    (tmp_path / "schemathesis.toml").write_text(config, encoding="utf-8")
    with serving(kent_file.url.render_as_string(hide_password=False)) as server:
        command = [sys.executable, "-m", "schemathesis.cli", "run", f"{server.url}/openapi.json", "--checks", "all"]
        options = ["--max-examples", "3", "--seed", "20250602", "--no-color"]
        done = subprocess.run([*command, *options], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
