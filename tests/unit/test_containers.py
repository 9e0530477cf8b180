import re
from pathlib import Path

import pytest
import yaml

from tests import containers
from waitlists.settings import Settings

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = (ROOT / "compose.yaml").read_text(encoding="utf-8")


def test_our_own_files_hold_to_the_rules():
    assert list(containers.faults(ROOT)) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("python:3.11-slim-bookworm", "python", "has no version"),
        ("python:3.11-slim-bookworm", "python:latest", "latest"),
        ("USER waitlists", "USER root", "must not be root"),
        ("USER waitlists\n", "", "must not be root"),
        ("--require-hashes", "", "--require-hashes"),
        ("HEALTHCHECK", "LABEL", "HEALTHCHECK is missing"),
        ('CMD ["serve",', "CMD serve [", "JSON form"),
        ("COPY waitlists waitlists", "ADD waitlists waitlists", "use COPY"),
        ("PYTHONUNBUFFERED=1", "API_TOKEN=abc", "a secret in ENV"),
    ],
)
def test_a_broken_dockerfile_is_found(old: str, new: str, fault: str):
    assert any(fault in found for found in containers.dockerfile_faults(DOCKERFILE.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("postgres:16.10-bookworm", "postgres", "no version"),
        ('"127.0.0.1:8000:8000"', '"8000:8000"', "to the world"),
        ("${SERVING_PASSWORD:?set it in .env}\n    volumes", "hunter2\n    volumes", "a password in the file"),
        ("- data:/data", "- stuff:/data", "not declared: stuff"),
        ("read_only: true", "privileged: true", "must not be privileged"),
        ("restart: unless-stopped\n  read_only", "read_only", "has no restart"),
    ],
)
def test_a_broken_compose_file_is_found(old: str, new: str, fault: str):
    assert any(fault in found for found in containers.compose_faults(COMPOSE.replace(old, new)))


def test_who_serves_is_not_who_owns_and_sees_no_file():
    """The service has a database user of its own, and neither inbox nor backups are mounted where strangers reach."""
    services = yaml.safe_load(COMPOSE)["services"]
    urls = {name: one["environment"].get("WAITLISTS_DATABASE_URL", "") for name, one in services.items()}
    users = {name: url.removeprefix("postgresql+psycopg://") for name, url in urls.items()}
    assert users["service"].startswith("waitlists_serving:${SERVING_PASSWORD")
    assert users["migrate"] == users["scheduler"]
    assert users["scheduler"].startswith("waitlists:${POSTGRES_PASSWORD")
    assert services["service"]["volumes"] == []
    assert services["migrate"]["command"] == ["migrate", "--grant", "waitlists_serving"]


def test_every_setting_named_in_the_files_exists():
    named = set(re.findall(r"WAITLISTS_([A-Z_]+)", COMPOSE + (ROOT / ".env.example").read_text(encoding="utf-8")))
    assert {name.lower() for name in named} <= set(Settings.model_fields)
