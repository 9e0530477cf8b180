"""What people see of a week in a terminal."""

from collections.abc import Mapping

from rich.console import Group, RenderableType
from rich.text import Text

from jobs.outcomes import WeekOutcome
from waitlists.running.ledger import State

OLD_NEWS = "Nobody is written to about this week: a newer one, or another day of this one, was done before."


def week_screen(outcome: WeekOutcome) -> RenderableType:
    """A few lines: what became of the files, the forecasts, what readers see now, and what went wrong."""
    lines = [
        Text(f"The week of {outcome.as_of.day} {outcome.as_of:%B %Y}", style="bold"),
        Text(f"Files: {_counted(outcome.files) or ('none loaded' if outcome.problems else 'nothing new')}"),
        Text(f"Forecasts: {_counted(outcome.forecasts) or 'none'}"),
        Text(f"Warnings as they stand: {_counted(outcome.warnings) or 'none'}; mails queued: {outcome.mails}"),
        *([Text(OLD_NEWS)] if outcome.is_old_news else []),
        Text(_published(outcome)),
    ]
    if outcome.state is State.PARTIAL:
        lines += [Text(f"Failed: {problem}", style="red") for problem in outcome.problems]
    return Group(*lines)


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count)


def _published(outcome: WeekOutcome) -> str:
    if outcome.is_same:
        again = "stored again" if outcome.mails else "stored or sent again"
        return f"This week was done before and comes to the same answers: nothing was {again}."
    return f"Readers now see dataset version {outcome.dataset_version}."
