"""A15: every dependency is locked by its hash, and known flaws fail the gate."""

import re
from datetime import date
from pathlib import Path

import pytest

from tests import supply

ROOT = Path(__file__).parents[2]
LOCKS = sorted(ROOT.glob("requirements*.lock"))
TODAY = date(2026, 11, 16)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_line_of_every_lock_carries_a_hash(lock):
    text = re.sub(r"^\s*#.*\n", "", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    entries = text.replace("\\\n", " ").strip().splitlines()
    assert len(entries) >= 1
    pinned = r"[\w.-]+(\[[\w,]+\])?==\S+( ; [^#]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*"
    assert [entry[:60] for entry in entries if not re.fullmatch(pinned, entry)] == []


def test_every_installation_asks_for_the_hashes():
    for name in ("Makefile", "Dockerfile"):
        steps = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
        installs = [step for step in steps if "pip install" in step]
        assert len(installs) >= 2
        assert [step for step in installs if "--require-hashes" not in step and "--no-deps" not in step] == []


def answer(*flaws, **skipped):
    """A service that answers so about the whole lock."""
    good = {"name": "alembic", "version": "1.20.0", "vulns": []}
    bad = {"name": "jinja2", "version": "3.0.0", "vulns": [dict(flaw) for flaw in flaws]}
    missing = [{"name": name, "skip_reason": reason} for name, reason in skipped.items()]
    return lambda path, _seconds: {"dependencies": [good] if path.name == "one.txt" else [good, bad, *missing]}


FLAW = {"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["3.1.6"]}


@pytest.fixture
def accepted(tmp_path):
    def written(*rows: str) -> Path:
        file = tmp_path / "accepted.csv"
        file.write_text("\n".join(["id,package,reason,until", *rows, ""]), encoding="utf-8")
        return file

    return written


def test_a_known_flaw_fails_the_gate(accepted):
    faults, said = supply.audit(answer(FLAW), today=TODAY, accepted=accepted())
    assert faults == ["jinja2 3.0.0: PYSEC-1, mended in 3.1.6"]
    assert said == "audited: 2 packages"


@pytest.mark.parametrize("name", ["PYSEC-1", "CVE-1"])
def test_a_flaw_somebody_looked_at_stands_until_its_day(accepted, name):
    row = f"{name},jinja2,no template is made from data,2026-11-16"
    assert supply.audit(answer(FLAW), today=TODAY, accepted=accepted(row))[0] == []
    faults, _ = supply.audit(answer(FLAW), today=date(2026, 11, 17), accepted=accepted(row))
    assert faults == [f"{name} (jinja2): accepted until 2026-11-16 only; look again",
                      "jinja2 3.0.0: PYSEC-1, mended in 3.1.6"]  # fmt: skip


def test_an_exception_is_for_one_package_and_has_a_reason(accepted):
    other = accepted("PYSEC-1,markupsafe,no template is made from data,2027-01-01")
    assert len(supply.audit(answer(FLAW), today=TODAY, accepted=other)[0]) == 1
    with pytest.raises(ValueError, match="say why PYSEC-1"):
        supply.audit(answer(FLAW), today=TODAY, accepted=accepted("PYSEC-1,jinja2,false alarm,2027-01-01"))


def silent(_path, _seconds):
    return None


def knows_nothing(_path, _seconds):
    """What a mirror without advisories makes pip-audit say: everything skipped, and exit code 0."""
    return {"dependencies": [{"name": "alembic", "skip_reason": "not found"}]}


@pytest.mark.parametrize("service", [silent, knows_nothing])
def test_no_service_is_said_and_fails_nothing(accepted, service):
    assert supply.audit(service, today=TODAY, accepted=accepted()) == ([], supply.UNREACHABLE)


def test_without_a_service_an_exception_still_runs_out(accepted):
    file = accepted("PYSEC-1,jinja2,no template is made from data,2026-11-01")
    faults, said = supply.audit(silent, today=TODAY, accepted=file)
    assert (len(faults), said) == (1, supply.UNREACHABLE)


def test_what_the_service_does_not_know_is_named(accepted):
    _, said = supply.audit(answer(pgserver="not found"), today=TODAY, accepted=accepted())
    assert said == "audited: 2 packages; not known there: pgserver"


def test_our_own_exceptions_can_be_read():
    assert [one.id for one in supply.exceptions(supply.ACCEPTED) if not one.package] == []


def test_the_gate_is_part_of_make_check():
    assert '"python -m tests.supply"' in (ROOT / "Makefile").read_text(encoding="utf-8")
