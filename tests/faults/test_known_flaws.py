"""A15: a dependency with a known flaw fails the gate, told by a service that speaks the protocol of the real ones.

And what pip does with a file that is not the locked one, and the gate with a tool that hangs.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests import supply

ROOT = Path(__file__).parents[2]


class AdvisoryService(BaseHTTPRequestHandler):
    """Speaks the protocol of an advisory service on this machine; knows a flaw of one package, whatever its version."""

    flawed = "jinja2"

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        package = asked["package"]
        fixed = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.0"}]}]
        known = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "affected": [{"package": package, "ranges": fixed}]}
        answer = json.dumps({"vulns": [known]} if package["name"] == self.flawed else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        """Say nothing: what is asked is no business of the test's output."""


@pytest.fixture
def gate():
    """The gate of `make check` as it runs where an advisory service answers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), AdvisoryService)
    running = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    running.start()
    url = f"http://127.0.0.1:{server.server_port}/v1/query"
    service = {"PIP_AUDIT_VULNERABILITY_SERVICE": "osv", "PIP_AUDIT_OSV_URL": url, "NO_PROXY": "127.0.0.1"}

    def run() -> tuple[int, list[str]]:
        words = [sys.executable, "-m", "tests.supply"]
        done = subprocess.run(
            words, cwd=ROOT, env={**os.environ, **service}, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout.splitlines()

    yield run
    server.shutdown()
    running.join()
    server.server_close()


def test_a_dependency_with_a_known_flaw_fails_the_gate(gate, monkeypatch):
    locked = re.findall(r"(?m)^([\w.-]+)==(\S+)", supply.LOCK.read_text(encoding="utf-8"))
    version = dict(locked)["jinja2"]
    exit_code, (*faults, said) = gate()
    assert faults == [f"jinja2 {version}: PYSEC-2026-1, mended in 99.0"]
    assert (exit_code, re.fullmatch(r"audited: \d+ packages", said) is not None) == (1, True)
    monkeypatch.setattr(AdvisoryService, "flawed", "none")
    exit_code, (said,) = gate()
    assert (exit_code, re.fullmatch(r"audited: \d+ packages", said) is not None) == (0, True)


def wheel(folder: Path) -> Path:
    """A package with nothing in it, as an index would hand it out."""
    path = folder / "tiny_canary-1.0-py3-none-any.whl"
    about = "tiny_canary-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tiny_canary.py", "")
        archive.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: tiny-canary\nVersion: 1.0\n")
        archive.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{about}/RECORD", "")
    return path


@pytest.mark.parametrize("is_right", [True, False])
def test_a_wrong_hash_is_refused(tmp_path, is_right):
    found = hashlib.sha256(wheel(tmp_path).read_bytes()).hexdigest()
    lock = tmp_path / "tiny.lock"
    lock.write_text(f"tiny-canary==1.0 --hash=sha256:{found if is_right else found[::-1]}\n", encoding="utf-8")
    words = ["-m", "pip", "--isolated", "install", "--no-index", "--find-links", str(tmp_path), "--require-hashes",
             "--target", str(tmp_path / "there"), "--no-cache-dir", "-r", str(lock)]  # fmt: skip
    run = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
    assert (run.returncode == 0) is is_right, run.stderr
    assert (tmp_path / "there/tiny_canary.py").exists() is is_right
    assert ("DO NOT MATCH THE HASHES" in run.stderr) is not is_right


def test_a_tool_that_hangs_or_says_nothing_is_no_answer(tmp_path, monkeypatch):
    (tmp_path / "pip_audit.py").write_text("import time, sys\ntime.sleep(60 if 'slow' in sys.argv[2] else 0)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert supply.audited(Path("slow.txt"), 1) is None
    assert supply.audited(Path("one.txt"), 30) is None
