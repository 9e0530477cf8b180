"""The demonstration, whole: from nothing to answers, and again without doing anything twice."""

import json
import re

import pytest

from tests.functional.jobs.kit import count
from waitlists.access import Role
from waitlists.store import tables
from waitlists.store.session import make_engine

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("demo")


@pytest.mark.timeout(240)
def test_the_demonstration_answers_and_is_done_only_once(waitlists, folder):
    first = waitlists("demo", "--no-serve", "--dir", folder / "demo")
    assert first.code == 0
    shown = " ".join(first.out.split())
    assert "31 synthetic workbooks in inbox, database waitlists.db made" in shown
    assert re.search(r"Loaded 31 workbooks: [\d,]{6,} figures, \d+ findings", shown)
    assert re.search(r"Community paediatrics \(proxy for .*?\) [\d,]+ [\d,]+ [\d,]+ 100% [\d,]+ to [\d,]+", shown)
    assert "SYNTHETIC" in shown
    assert "ASD, ADHD and CAMHS have no published local list" in shown
    keys = json.loads((folder / "demo" / "keys.json").read_text())
    assert set(keys) == set(Role)
    assert (folder / "demo" / "keys.json").stat().st_mode & 0o077 == 0
    send = f"curl -H 'Authorization: Bearer {keys['commissioner']}'"
    assert f"{send} 'http://127.0.0.1:8000/v1/waiting-lists/COMM_PAEDS/QKS'" in shown
    assert all(f"{role} {key}" in shown for role, key in keys.items())

    again = waitlists("demo", "--no-serve", "--dir", folder / "demo")
    assert again.code == 0
    assert "31 were there already" in again.out
    assert json.loads((folder / "demo" / "keys.json").read_text()) == keys
    assert "The forecasts as of 16 November 2026 are there already." in again.out
    engine = make_engine(f"sqlite:///{folder / 'demo' / 'waitlists.db'}")
    assert count(engine, tables.delivery) == 31
    assert count(engine, tables.dataset_version) == 2
    engine.dispose()
    # Nothing outside its own folder is touched; a measured run leaves its coverage of child processes in build.
    assert {item.name for item in waitlists.folder.iterdir()} <= {"build"}
    assert sorted(item.name for item in (folder / "demo").iterdir())[:3] == ["inbox", "keys.json", "waitlists.db"]
