"""Known flaws of what is installed, for `make check`: pip-audit over the lock, where an advisory service answers.

Without one it says so in a few seconds and does not fail: no network is no flaw. A mirror that answers "not found" for
everything is no advisory service either, though pip-audit itself then reports that nothing is wrong. Flaws that
somebody looked at stand in `accepted_flaws.csv` with a reason and a last day; after that day they fail the gate again.
"""

import csv
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements-dev.lock"
ACCEPTED = ROOT / "tests/accepted_flaws.csv"
UNREACHABLE = "not audited: no advisory service reachable"
PROBE_SECONDS, AUDIT_SECONDS = 8, 300

Report = dict[str, Any]


@dataclass(frozen=True)
class Accepted:
    """A flaw that was looked at: why it does no harm here, and until when that stands."""

    id: str
    package: str
    reason: str
    until: date


def main() -> int:
    faults, said = audit(audited, today=date.today())  # noqa: DTZ011 - the day of the check
    print("\n".join([*faults, said]))
    return 1 if faults else 0


def audit(
    ask: Callable[[Path, int], Report | None], *, today: date, lock: Path = LOCK, accepted: Path = ACCEPTED
) -> tuple[list[str], str]:
    """What is wrong, and one line on what was looked at."""
    known = list(exceptions(accepted))
    expired = [f"{one.id} ({one.package}): accepted until {one.until} only; look again" for one in known
               if one.until < today]  # fmt: skip
    if not is_answered(ask, lock) or (report := ask(lock, AUDIT_SECONDS)) is None:
        return expired, UNREACHABLE
    looked_at = [one for one in report["dependencies"] if "skip_reason" not in one]
    skipped = sorted(one["name"] for one in report["dependencies"] if "skip_reason" in one)
    stands = {(one.id, one.package) for one in known if one.until >= today}
    found = list(flaws(looked_at, stands))
    said = f"audited: {len(looked_at)} packages" + (f"; not known there: {', '.join(skipped)}" if skipped else "")
    return [*expired, *found], said


def is_answered(ask: Callable[[Path, int], Report | None], lock: Path) -> bool:
    """Whether a service knows the first package of the lock: one question before many."""
    with tempfile.TemporaryDirectory() as folder:
        one = Path(folder) / "one.txt"
        one.write_text(_first_package(lock), encoding="utf-8")
        report = ask(one, PROBE_SECONDS)
    return report is not None and all("skip_reason" not in found for found in report["dependencies"])


def flaws(dependencies: list[dict[str, Any]], stands: set[tuple[str, str]]) -> Iterator[str]:
    for one in dependencies:
        for flaw in one["vulns"]:
            if not any((name, one["name"]) in stands for name in (flaw["id"], *flaw.get("aliases", []))):
                mended = ", ".join(flaw["fix_versions"]) or "no version yet"
                yield f"{one['name']} {one['version']}: {flaw['id']}, mended in {mended}"


def exceptions(file: Path) -> Iterator[Accepted]:
    with file.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            if len(row["reason"].split()) < 4:
                raise ValueError(f"{file.name}: say why {row['id']} does no harm here")
            yield Accepted(row["id"], row["package"], row["reason"], date.fromisoformat(row["until"]))


def audited(requirements: Path, seconds: int) -> Report | None:
    """pip-audit's own report, None where it got no answer in time."""
    words = [sys.executable, "-m", "pip_audit", "-r", str(requirements), "--disable-pip", "--no-deps", "-f", "json",
             "--progress-spinner", "off", "--timeout", "3"]  # fmt: skip
    try:
        run = subprocess.run(words, capture_output=True, text=True, timeout=seconds, check=False)
        return json.loads(run.stdout)
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return None


def _first_package(lock: Path) -> str:
    found = re.search(r"^[\w.-]+==[^ ;\\]+(?= \\$)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    return found[0] + "\n"


if __name__ == "__main__":
    sys.exit(main())
