"""The demonstration as a command: from nothing to answers, and again without doing anything twice.

The imagined Kent and Medway is small here; what its lists hold is tested beside this.
"""

import json
import re

import pytest

from jobs.demo import stages as demo
from tests.functional.jobs.kit import count
from waitlists.security.access import Role
from waitlists.store import tables
from waitlists.store.session import make_engine

pytestmark = pytest.mark.slow

RANGE = r"[\d,]+ to [\d,]+"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("demo")


def shows_the_lists(shown):
    # Lists as small as these may be known too briefly to be forecast.
    for label, ahead in (("Autism", RANGE), ("ADHD", f"(?:{RANGE}|not forecast)")):
        row = rf"{label} assessment (?:[\d,]+ ){{4}}\d+ \d+% [A-Z0-9_]+ 100% {ahead} records"
        assert re.search(row, shown), label
    assert re.search(r"Hearing services for children .* published", shown)
    assert "SYNTHETIC" in shown
    assert "RPA repeats one week's return" in shown


@pytest.mark.timeout(240)
def test_the_demonstration_answers_and_is_done_only_once(waitlists, folder, monkeypatch):
    monkeypatch.setattr(demo, "FULL", demo.Size(scale=0.05, weeks=40))
    first = waitlists("demo", "--no-serve", "--dir", folder / "demo")
    assert first.code == 0
    shown = " ".join(first.out.split())
    assert "database waitlists.db made" in shown
    sent = re.search(r"31 synthetic workbooks and (\d+) synthetic extracts and returns are in", shown)
    loaded = re.findall(r"Loaded (\d+) (?:workbooks|extracts|returns): [\d,]{4,} [a-z ]+", shown)
    assert (loaded[0], int(loaded[1]) + int(loaded[2])) == ("31", int(sent[1]))
    shows_the_lists(shown)
    keys = json.loads((folder / "demo" / "keys.json").read_text())
    assert set(keys) == set(Role)
    assert (folder / "demo" / "keys.json").stat().st_mode & 0o077 == 0
    send = f"curl -H 'Authorization: Bearer {keys['commissioner']}'"
    for service in ("ASD", "ADHD", "CAMHS", "SALT", "WHEELCHAIR", "COMM_PAEDS"):
        assert f"{send} 'http://127.0.0.1:8000/v1/waiting-lists/{service}/QKS'" in shown
    assert all(f"{role} {key}" in shown for role, key in keys.items())

    again = waitlists("demo", "--no-serve", "--dir", folder / "demo")
    assert again.code == 0
    assert re.findall(r"; (\d+) were there already", again.out) == loaded
    assert json.loads((folder / "demo" / "keys.json").read_text()) == keys
    assert "Nothing is new. The forecasts as of 16 November 2026 are there already." in again.out
    engine = make_engine(f"sqlite:///{folder / 'demo' / 'waitlists.db'}")
    assert count(engine, tables.delivery) == sum(map(int, loaded))
    assert count(engine, tables.dataset_version) == 5
    engine.dispose()
    # Nothing outside its own folder is touched; a measured run leaves its coverage of child processes in build.
    assert {item.name for item in waitlists.folder.iterdir()} <= {"build"}
    made = sorted(item.name for item in (folder / "demo").iterdir())
    assert made[:5] == ["inbox", "keys.json", "mappings", "outbox", "waitlists.db"]
    (mail,) = (folder / "demo" / "outbox").iterdir()
    assert b"\r\nSubject: Kent and Medway, 5 services, 16 November 2026: " in mail.read_bytes()
