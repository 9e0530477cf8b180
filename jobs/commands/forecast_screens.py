"""What people see after a forecast or the demonstration."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from jobs.backtest import BacktestOutcome
from jobs.commands.screens import day
from jobs.demo.answers import Answer
from jobs.demo.stages import DemoOutcome
from jobs.forecast import ForecastOutcome

STATUS_WORDS = {
    "ok": "forecast by a model that beat the last value",
    "fallback": "forecast by the last value, which no model beat",
    "insufficient_data": "not forecast: too few figures",
    "blocked": "not forecast: the figures must not be projected",
}


def forecast_screen(outcome: ForecastOutcome) -> RenderableType:
    """How many series got numbers, how, and which failed."""
    if outcome.dataset_version is None:
        return Text(f"Nothing was known by {day(outcome.as_of)}: no list to forecast. Was anything loaded?")
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(justify="right")
    for status, count in outcome.by_status.items():
        table.add_row(f"{count:,}", STATUS_WORDS[status])
    table.add_row(f"{outcome.clearances:,}", "lists with a clearance answer")
    for state, count in outcome.warnings.items():
        table.add_row(f"{count:,}", f"breach warnings {state}")
    models = ", ".join(f"{model} {count:,}" for model, count in outcome.by_model.items())
    closing = (
        f"As known on {day(outcome.as_of)}. Models: {models or 'none'}. Dataset version {outcome.dataset_version}."
    )
    failed = [Text(f"Failed: {name}", style="red") for name in outcome.failed]
    return Group(table, *failed, Text(closing))


def backtest_screen(outcome: BacktestOutcome) -> RenderableType:
    """A row a model: how it did against repeating the last value, and how often its ranges held."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("Model")
    for heading in ("Series", "Past figures", "Error against last value", "80% range held", "95% range held"):
        table.add_column(heading, justify="right")
    for model in outcome.models:
        ratio = "" if model.relative_wis is None else f"{model.relative_wis:.2f}"
        held = (f"{model.coverage80:.0%}", f"{model.coverage95:.0%}")
        table.add_row(model.model, f"{model.series:,}", f"{model.targets:,}", ratio, *held)
    closing = f"{outcome.unscored:,} series are too short to look back on. Below 1.00 is better than the last value."
    return Group(table, Text(closing))


def demo_screen(outcome: DemoOutcome, *, port: int) -> RenderableType:
    """What the demonstration did, a table of answers for Kent and Medway, and where to ask for more."""
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(f"Kent and Medway, as known on {day(outcome.as_of)} (SYNTHETIC)", min_width=32)
    headings = ("Waiting", "Made good", "Over 18 weeks", "52", "104", "Median weeks", "Within standard", "Coverage")
    for heading in (*headings, f"Likely by {day(outcome.ahead_on)}"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("From")
    for answer in outcome.answers:
        table.add_row(*_answer(answer))
    facts = [Text(f"  {answer.label}: {sentence}") for answer in outcome.answers for sentence in answer.facts]
    keys = dict(outcome.keys)
    send = f"-H 'Authorization: Bearer {keys['commissioner']}' " if keys else ""
    asks = [Text(f"  curl {send}'http://127.0.0.1:{port or 'PORT'}{path}'") for path in outcome.paths]
    return Group(
        *(Text(line) for line in outcome.did),
        Text(),
        table,
        Text("\nWhat to know about these figures:", style="bold"),
        Text("  Made good: with the last known lists of who is missing added; no share is said of part of a list."),
        Text("  Likely: meant to hold 8 times in 10; the page of each list tells how often such ranges did."),
        *facts,
        *(Text(f"  {line}") for line in outcome.notes),
        Text("\nKeys, by role:", style="bold"),
        *(Text(f"  {role:<12} {key}") for role, key in keys.items()),
        Text("\nAsk it yourself, while it is served (the same command without --no-serve serves it):", style="bold"),
        *asks,
    )


def _answer(answer: Answer) -> tuple[str, ...]:
    waiting, *over = map(_count, (answer.waiting, *answer.over))
    is_part = answer.missing and answer.waiting is not None
    made_good = _count((answer.waiting or 0) + answer.missing) if is_part else ""
    median = "" if answer.median_weeks is None else f"{answer.median_weeks:.0f}"
    within = "" if answer.share is None else f"{answer.share:.0%} {answer.standard}"
    coverage = "" if answer.coverage is None else f"{answer.coverage:.0%}"
    return (answer.label, waiting, made_good, *over, median, within, coverage, answer.likely, answer.source)


def _count(value: int | None) -> str:
    return "not known" if value is None else f"{value:,}"
