"""F20 on a real PostgreSQL server: its disk is full in the middle of a week, and has room again."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.functional.jobs.conftest import ROOT

pytestmark = pytest.mark.postgres

DISK = "200m"
"""A server without a word in it takes 40 MB, and its log two segments of 16."""

MOUNTED = f'mount -t tmpfs -o size={DISK},mode=777 tmpfs "$1" && shift && exec "$@"'


def on_a_small_disk(folder) -> list[str]:
    """The words before a command that is to find a small disk there: in a namespace of its own, gone with it."""
    if shutil.which("unshare") is None:
        return []
    if os.geteuid() == 0:
        return ["unshare", "--mount", "sh", "-c", MOUNTED, "sh", str(folder)]
    # A server does not run for root, nor for who is called so here: the command goes on under another number.
    user = ["unshare", "--user", "--map-user=1000"]
    return ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", MOUNTED, "sh", str(folder), *user]


@pytest.fixture
def small():
    """The same, or a skip with the reason; not below pytest's own folder, which a server's user may not enter."""
    folder = Path(tempfile.mkdtemp(prefix="waitlists-disk-"))
    words = on_a_small_disk(folder)
    tried = subprocess.run([*words, "true"], capture_output=True, text=True, check=False) if words else None
    if tried is None or tried.returncode:
        folder.rmdir()
        pytest.skip(f"this machine mounts no small disk: {tried.stderr.strip() if tried else 'there is no unshare'}")
    yield words, folder
    folder.rmdir()


def test_f20_a_week_on_a_full_server_stores_nothing_and_is_done_once_with_room_again(small, tmp_path):
    words, folder = small
    program = [sys.executable, "-B", "-m", "tests.faults.jobs.full_server", str(folder), str(tmp_path)]
    ended = subprocess.run([*words, *program], cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert ended.returncode == 0, ended.stderr[-2000:]
    told = json.loads(ended.stdout.splitlines()[-1])
    assert told["failed"]["code"] == 12
    assert "no space left" in told["failed"]["error"]
    for name in ("dataset", "versions", "deliveries"):
        assert told["full"][name] == told["before"][name], name
    assert "disk_full" in told["full"]["needs"]
    assert told["done"] == {"files": {"loaded": 50}, "state": "done", "is_same": False}
    assert (told["after"]["slot"], told["after"]["deliveries"]) == ("done", told["before"]["deliveries"] + 50)
    assert "disk_full" not in told["after"]["needs"]
    assert (told["again"]["is_same"], told["again"]["files"]) == (True, {})
