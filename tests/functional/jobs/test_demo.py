"""The demonstration as a command: from nothing to answers, and again without doing anything twice.

The imagined Kent and Medway is small here; what its lists hold is tested beside this.
"""

import json
import re
import shutil
from email import message_from_bytes, policy

import pytest

from jobs.demo import stages as demo
from tests.functional.jobs.conftest import SMALL
from tests.functional.jobs.kit import count
from waitlists.security.access import Role
from waitlists.store import read, tables
from waitlists.store.fingerprint import content_hash
from waitlists.store.session import make_engine, reading

pytestmark = pytest.mark.slow

RANGE = r"[\d,]+ to [\d,]+"


@pytest.fixture(scope="module")
def shown(demonstration):
    """What the first run printed."""
    return " ".join((demonstration / "printed.txt").read_text(encoding="utf-8").split())


def loaded_of(shown):
    return re.findall(r"Loaded (\d+) (?:workbooks|extracts|returns): [\d,]{4,} [a-z ]+", shown)


def keys_of(folder):
    return json.loads((folder / "keys.json").read_text())


def test_it_shows_the_lists_and_how_to_ask(demonstration, shown):
    assert "database waitlists.db made" in shown
    sent = re.search(r"31 synthetic workbooks and (\d+) synthetic extracts and returns are in", shown)
    loaded = loaded_of(shown)
    assert (loaded[0], int(loaded[1]) + int(loaded[2])) == ("31", int(sent[1]))
    # Lists as small as these may be known too briefly to be forecast.
    for label, ahead in (("Autism", RANGE), ("ADHD", f"(?:{RANGE}|not forecast)")):
        row = rf"{label} assessment (?:[\d,]+ ){{4}}\d+ \d+% [A-Z0-9_]+ 100% {ahead} records"
        assert re.search(row, shown), label
    assert re.search(r"Hearing services for children .* published", shown)
    assert "SYNTHETIC" in shown
    for fault in ("NQ7 sends nothing", "RPA repeats one week's return", "RAT hands CAMHS and CAMHS_ED to RXY"):
        assert fault in shown
    assert "R1C's lists" in shown
    keys = keys_of(demonstration / "demo")
    send = f"curl -H 'Authorization: Bearer {keys['commissioner']}'"
    for service in ("ASD", "ADHD", "CAMHS", "SALT", "WHEELCHAIR", "COMM_PAEDS"):
        assert f"{send} 'http://127.0.0.1:8055/v1/waiting-lists/{service}/QKS'" in shown
    assert all(f"{role} {key}" in shown for role, key in keys.items())


def test_it_leaves_keys_and_a_mail_in_its_own_folder(demonstration):
    folder = demonstration / "demo"
    assert set(keys_of(folder)) == set(Role)
    assert (folder / "keys.json").stat().st_mode & 0o077 == 0
    assert {item.name for item in demonstration.iterdir()} == {"demo", "printed.txt"}
    assert sorted(item.name for item in folder.iterdir())[:5] == [
        *("inbox", "keys.json", "mappings", "outbox", "waitlists.db")
    ]
    (mail,) = (folder / "outbox").iterdir()
    assert b"\r\nSubject: Kent and Medway, 5 services, 16 November 2026: " in mail.read_bytes()
    message = message_from_bytes(mail.read_bytes(), policy=policy.default)
    assert "http://127.0.0.1:8055/" in message.get_body(("plain",)).get_content()
    # The days to act by are counted from there.
    assert message["Date"].datetime.date() <= demo.AS_OF


@pytest.mark.no_cover
def test_a_second_time_nothing_is_done(waitlists, demonstration, shown, tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "FULL", SMALL)
    folder = shutil.copytree(demonstration / "demo", tmp_path / "again")
    before = state_of(folder)
    again = waitlists("demo", "--no-serve", "--dir", folder)
    assert again.code == 0
    assert state_of(folder) == before
    loaded = loaded_of(shown)
    assert re.findall(r"; (\d+) were there already", again.out) == loaded
    assert keys_of(folder) == keys_of(demonstration / "demo")
    assert "Nothing is new. The forecasts as of 16 November 2026 are there already." in again.out
    assert [item.name for item in (folder / "outbox").iterdir()] == [
        item.name for item in (demonstration / "demo" / "outbox").iterdir()
    ]
    deliveries, version, _, _ = before
    assert (deliveries, version) == (sum(map(int, loaded)), 5)


def state_of(folder):
    """Of a database: its deliveries, its newest version, its content and how many commands ran."""
    engine = make_engine(f"sqlite:///{folder / 'waitlists.db'}")
    with reading(engine) as connection:
        content, runs = content_hash(connection), len(read.runs(connection, limit=1000))
    found = count(engine, tables.delivery), count(engine, tables.dataset_version), content, runs
    engine.dispose()
    return found
