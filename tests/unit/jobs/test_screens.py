"""What people see in a terminal speaks of weeks where figures are weekly."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from rich.console import Console

from jobs.commands.screens import load_screen, status_screen
from jobs.outcomes import FileOutcome, LoadOutcome
from jobs.status import SourceFreshness, StatusOutcome
from waitlists.alerts import Mail
from waitlists.domain import Finding, Severity

SUNDAY = date(2026, 11, 15)
FOUND = Finding("step", Severity.WARNING, "It fell.", SUNDAY, SUNDAY, "SALT", "RYY")
NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)


def printed(screen) -> str:
    console = Console(width=200)
    with console.capture() as captured:
        console.print(screen)
    return captured.get()


@pytest.mark.parametrize(
    ("source", "until", "about"),
    [("weekly_return", "15 Nov 2026", "the week to 15 November 2026"), ("chs_sitrep", "Nov 2026", ", November 2026")],
)
def test_a_load_says_week_or_month(source, until, about):
    item = FileOutcome("a.csv", FileOutcome.LOADED, source=source, period_end=SUNDAY, findings=(FOUND,))
    refused = replace(item, status=FileOutcome.REFUSED, period_end=None, findings=(), reason="no", code="X")
    said = printed(load_screen(LoadOutcome(files=(item, refused), dataset_version=1, run_id=1), verbose=True))
    assert f"a.csv  {until}" in said
    assert f"{about}: It fell." in said


def test_the_status_says_week_or_month():
    sources = tuple(
        SourceFreshness(name, SUNDAY, SUNDAY, NOW, is_synthetic=False) for name in ("chs_sitrep", "weekly_return")
    )
    said = printed(status_screen(StatusOutcome(NOW, 1, sources, (), (), {}, Mail(0, None, 0), None, None, ())))
    assert "the week to 15 November 2026" in said
    assert said.count("November 2026") == 2 + 2 * 2
