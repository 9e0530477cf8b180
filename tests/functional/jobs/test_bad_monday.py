"""The bad Monday of docs/operations.md, lived through: every command in it is run, and what it prints is compared.

In the transcript a line `# 2026-11-16 09:30` sets the clock; `...` stands for whatever varies.
"""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from jobs import cli, ledger
from tests.mail_servers import Behaviour, serving
from tests.returns import WEEK, as_csv, flows, waiting
from waitlists.store.session import make_engine

ROOT = Path(__file__).parents[3]
LAST_MONDAY = datetime(2026, 11, 9, 6, tzinfo=UTC)
MONDAY = datetime(2026, 11, 16, 6, tzinfo=UTC)


@dataclass
class Step:
    """One command of the transcript: when it is typed, and what the page says it prints."""

    now: datetime
    words: list[str]
    is_mail_mended: bool
    said: list[str] = field(default_factory=list)


def steps() -> list[Step]:
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    (section,) = re.findall(r"^## A bad Monday\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return list(_steps("".join(re.findall(r"```console\n(.*?)```", section, re.DOTALL))))


def _steps(transcript: str) -> Iterator[Step]:
    now, step, is_mail_mended = MONDAY, None, False
    for line in transcript.splitlines():
        if moment := re.fullmatch(r"# (\d{4}-\d\d-\d\d \d\d:\d\d)", line):
            now = datetime.fromisoformat(moment[1]).replace(tzinfo=UTC)
        elif line == "# the mail server is mended":
            is_mail_mended = True
        elif line.startswith("$ "):
            step = Step(now, line[2:].split(), is_mail_mended)
            yield step
        elif step is not None:
            step.said.append(line)


def return_of(provider: str, weeks_ago: int) -> bytes:
    week = WEEK - timedelta(weeks=weeks_ago)
    rows = waiting(week=week, provider=provider, counts=[40 - weeks_ago, 30, 20, 10, 9, 8, 7, 6])
    return as_csv([*rows, *flows(week=week, provider=provider, referrals=20 + weeks_ago)])


def before_it(folder: Path) -> None:
    """Twelve good weeks of two providers; on Monday one sends a file without a column, and the other nothing."""
    (folder / "inbox").mkdir()
    (folder / "corrected").mkdir()
    for weeks_ago in range(1, 13):
        for provider in ("RYY", "NQ7"):
            (folder / "inbox" / f"{provider}-{weeks_ago}.csv").write_bytes(return_of(provider, weeks_ago))
    (folder / "corrected" / "RYY-SALT.csv").write_bytes(return_of("RYY", 0))


def until_that_day(waitlists) -> None:
    """What was there on Monday at nine: a subscriber, a broken file, and a slot whose worker was killed at six."""
    waitlists("load", "inbox")
    waitlists("subscribers", "add", "desk@example.org", "--role", "commissioner", "--service", "SALT", "--org", "QKS")
    broken = return_of("RYY", 0).replace(b"provider", b"sender", 1)
    (waitlists.folder / "inbox" / "RYY-SALT.csv").write_bytes(broken)
    engine = make_engine(f"sqlite:///{waitlists.folder / 'waitlists.db'}")
    ledger.claim(engine, "weekly", MONDAY.date(), clock=lambda: MONDAY)
    engine.dispose()


def is_as_said(printed: str, said: list[str]) -> bool:
    """Whether all that the page shows was printed, in its order, and nothing between but where it says so."""
    pattern = r"\n".join(".*" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*") for line in said)
    return re.search(rf"(?ms)^{pattern}$", "\n".join(line.rstrip() for line in printed.splitlines())) is not None


def test_every_command_of_a_bad_monday_prints_what_the_page_says(waitlists, monkeypatch):
    now, behaviour = [LAST_MONDAY], Behaviour(at_data="451 later")
    monkeypatch.setattr(cli, "_now", lambda: now[0])
    monkeypatch.setenv("COLUMNS", "120")
    before_it(waitlists.folder)
    until_that_day(waitlists)
    with serving(behaviour) as port:
        (waitlists.folder / ".env").write_text(f"WAITLISTS_SMTP_URL=smtp://127.0.0.1:{port}\n", encoding="utf-8")
        for step in steps():
            now[0] = step.now
            if step.is_mail_mended:
                behaviour.at_data = ""
            assert is_as_said(typed(waitlists, step.words), step.said), " ".join(step.words)
    assert [recipient for recipient, _ in behaviour.taken] == ["desk@example.org"]


def typed(waitlists, words: list[str]) -> str:
    """What a command prints for its reader, progress apart; `$?` stands for the code it ended with."""
    if words[0] != "waitlists":
        subprocess.run(words, cwd=waitlists.folder, check=True)
        return ""
    ended = waitlists(*words[1:])
    return f"{ended.out}{ended.err if ended.code not in {0, 1, 14} else ''}"


def test_the_page_shows_enough_to_be_worth_living_through():
    assert len(steps()) >= 12
