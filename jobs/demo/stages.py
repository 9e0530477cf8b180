"""The whole of it on invented figures: files are written, loaded, forecast and answered, in one folder.

Nothing outside the folder is touched, and running it again does only what is not done yet. The ordinary loader and the
ordinary forecast do the work; this file only puts them in order, each day's files as known on their day.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Engine

from forecasting.engine import Contest
from forecasting.fanout import woken
from jobs.database import migrated
from jobs.demo.answers import AHEAD_ON, FROM_RECORDS, ORG, Answer, answers
from jobs.demo.files import write_sent, write_workbooks, writing_to
from jobs.demo.keys import demo_keys
from jobs.demo.mail import demo_mail
from jobs.forecast import Ask, forecast
from jobs.load import Moment, load
from jobs.outcomes import FileOutcome, LoadOutcome, Progress
from jobs.records.files import Asked
from jobs.records.mappings import read_mappings
from waitlists.store import read
from waitlists.store.referral_deliveries import SOURCE as RECORDS
from waitlists.store.session import make_engine, reading
from waitlists.store.warnings import newest_assessment
from waitlists.synthetic import FAULTS, kent

SEED = 20_261_116
AS_OF = date(2026, 11, 16)
"""A Monday on which the last week's files have come, and four days after the last synthetic workbook is published."""

LAST_DAY = date(2026, 11, 15)
"""The Sunday on which the newest week ends."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large the imagined Kent and Medway is: its lists against the real ones, and the weeks it is followed for.

    Three years of lists at 62 in 100 of their real length are about 200,000 referral records; of lists
    of the real length there would be some 325,000. Every fault falls into them.
    """

    scale: float = 0.62
    weeks: int = 156


FULL = Size()
PROCESSES = 2
"""That fit at a time."""

OPEN_MODELS = Contest(gated=())
"""Prophet takes more than half of the time of a forecast here and wins none: it is left to `waitlists forecast`."""

MOST_NAMED = 5
"""Kinds of findings named of each kind of file."""

PATHS = (
    *(f"/v1/waiting-lists/{service}/{ORG}" for service in FROM_RECORDS),
    f"/v1/waiting-lists/ASD/{ORG}?source=weekly_return",
    f"/v1/waiting-lists/COMM_PAEDS/{ORG}?as_of=2026-03-15",
    f"/v1/forecasts/ASD/{ORG}/list_size?horizon=26",
    f"/v1/clearance/SALT/{ORG}",
    f"/v1/breaches?org={ORG}",
    f"/v1/findings?org={ORG}",
)


@dataclass(frozen=True, slots=True)
class DemoOutcome:
    """What was done, in lines; the answers; and where the database is that holds more."""

    as_of: date
    did: tuple[str, ...]
    answers: tuple[Answer, ...]
    notes: tuple[str, ...]
    database_url: str
    exit_code: int
    ahead_on: date = AHEAD_ON
    paths: tuple[str, ...] = PATHS
    keys: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Filled:
    """What went into a database, in lines and in notes; whether any of it is new; how the loads ended."""

    did: tuple[str, ...]
    notes: tuple[str, ...]
    is_new: bool
    exit_code: int


def demo(
    folder: Path,
    *,
    clock: Callable[[], datetime],
    on_progress: Callable[[Progress], None],
    pepper: str = "",
    base_url: str = "http://127.0.0.1:8000",
    size: Size | None = None,
) -> DemoOutcome:
    """A database in `folder`, filled from synthetic files, forecast, with the answers for Kent and Medway.

    Parameters
    ----------
    pepper : what its keys are hashed with
    base_url : where it will be served; the links of its email begin with it
    size : of the imagined Kent and Medway, by default FULL

    Raises
    ------
    BadArgument
        When the folder cannot be written to.
    """
    database_url = f"sqlite:///{(folder / 'waitlists.db').absolute()}"
    with writing_to(folder):
        engine = make_engine(database_url)
    before = migrated(engine).before
    with woken(PROCESSES):
        filled = fill(engine, folder, clock=clock, on_progress=on_progress, size=size or FULL)
    did = [f"{folder}: database waitlists.db {'found' if before else 'made'}.", *filled.did]
    exit_code = filled.exit_code
    if not filled.is_new and _is_forecast(engine):
        did.append(f"Nothing is new. The forecasts as of {AS_OF:%d %B %Y} are there already.")
    else:
        ask = Ask(as_of=AS_OF, clock=clock, jobs=PROCESSES, seed=SEED, contest=OPEN_MODELS)
        made = forecast(engine, ask, on_progress=on_progress)
        exit_code = exit_code or made.exit_code
        did.append(f"Forecast {sum(made.by_status.values()):,} series as known on {AS_OF:%d %B %Y}.")
    with reading(engine) as connection:
        found = tuple(answers(connection, as_of=AS_OF))
    keys = demo_keys(folder / "keys.json", engine, now=clock(), pepper=pepper)
    did.append(f"A key for each role is in {folder / 'keys.json'}.")
    did.append(demo_mail(engine, folder / "outbox", as_of=AS_OF, now=clock(), base_url=base_url))
    engine.dispose()
    return DemoOutcome(AS_OF, tuple(did), found, filled.notes, database_url, exit_code, keys=tuple(keys.items()))


def fill(
    engine: Engine, folder: Path, *, clock: Callable[[], datetime], on_progress: Callable[[Progress], None], size: Size
) -> Filled:
    """Synthetic workbooks, extracts and returns written to `folder` and loaded, those of each day as known on it.

    Raises
    ------
    BadArgument
        When the folder cannot be written to.
    """
    books = write_workbooks(folder / "inbox", seed=SEED, on_progress=on_progress)
    population = kent.population(SEED, end=LAST_DAY, weeks=size.weeks, scale=size.scale)
    days = write_sent(folder / "inbox", folder / "mappings", population, on_progress=on_progress)
    records = Asked(mappings=read_mappings(folder / "mappings"))
    loads = [load(engine, books, moment=Moment(clock), source=None, on_progress=on_progress)]
    loads += [
        load(engine, day.paths, moment=Moment(clock, day.on), source=None, records=records, on_progress=on_progress)
        for day in days
    ]
    sent = sum(len(day.paths) for day in days)
    written = f"{len(books)} synthetic workbooks and {sent} synthetic extracts and returns are in {folder / 'inbox'}."
    return Filled(
        did=(written, *_loading(loads)),
        notes=_notes(population, size),
        is_new=any(one.dataset_version is not None for one in loads),
        exit_code=next((one.exit_code for one in loads if one.exit_code), 0),
    )


def _notes(population: kent.Population, size: Size) -> tuple[str, ...]:
    return (
        "Every figure here is invented, and every child: nothing resembles anybody.",
        f"Lists of records and returns go back {size.weeks} weeks and are {size.scale:.0%} of the real ones' length.",
        "A child may be on several lists: autism, ADHD, CAMHS and community paediatrics overlap and never add up.",
        f"Planted in the extracts and returns: {'; '.join(kent.planted(population))}.",
        f"Planted in the workbooks: {'; '.join(FAULTS)}.",
    )


def _loading(loads: Sequence[LoadOutcome]) -> list[str]:
    """What was loaded of each kind of file, in a line each."""
    files = [item for one in loads for item in one.files]
    books = [item for item in files if item.name.endswith(".xlsx")]
    extracts = [item for item in files if item.source == RECORDS]
    returns = [item for item in files if item not in books and item not in extracts]
    return [
        _said("workbooks", books, {"numbers": "figures"}),
        _said("extracts", extracts, {"taken": "referrals taken", "changed": "changed", "quarantined": "quarantined"}),
        _said("returns", returns, {"numbers": "figures"}),
    ]


def _said(what: str, files: Sequence[FileOutcome], words: dict[str, str]) -> str:
    loaded = [item for item in files if item.status == FileOutcome.LOADED]
    counts = [f"{sum(item.counts.get(name, 0) for item in loaded):,} {word}" for name, word in words.items()]
    found = Counter(finding.code for item in loaded for finding in item.findings)
    most = ", ".join(f"{code} {count:,}" for code, count in found.most_common(MOST_NAMED))
    said = f"Loaded {len(loaded)} {what}: {', '.join(counts)}, {found.total():,} findings{f' ({most})' if most else ''}"
    others = Counter(item.status for item in files if item.status != FileOutcome.LOADED)
    named = {FileOutcome.ALREADY: "there already", FileOutcome.HELD: "held", FileOutcome.REFUSED: "refused"}
    return "; ".join([said, *(f"{count} were {named[status]}" for status, count in sorted(others.items()))]) + "."


def _is_forecast(engine: Engine) -> bool:
    with reading(engine) as connection:
        runs = read.runs(connection, command="forecast", limit=100)
        warned = newest_assessment(connection, as_of=AS_OF)
    is_warned = warned is not None and warned.as_of == AS_OF
    return is_warned and any(run.as_of == AS_OF and run.status in {"done", "partial"} for run in runs)
