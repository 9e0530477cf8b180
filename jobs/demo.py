"""The whole of it on invented figures: workbooks are written, loaded, forecast and answered, in one folder.

Nothing outside the folder is touched, and running it again does only what is not done yet. The ordinary loader and the
ordinary forecast do the work; this file only puts them in order and picks answers to show.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from forecasting.store import load_forecast
from jobs.database import migrated
from jobs.demo_files import write_workbooks
from jobs.demo_keys import demo_keys
from jobs.forecast import Ask, forecast
from jobs.load import Moment, load
from jobs.outcomes import FileOutcome, LoadOutcome, Progress
from waitlists.bands import over_weeks
from waitlists.domain import Measure, Severity
from waitlists.services import SERVICES
from waitlists.store import read
from waitlists.store.session import make_engine, reading
from waitlists.synthetic import FAULTS

SEED = 20_261_116
AS_OF = date(2026, 11, 16)
"""A Monday four days after the last synthetic workbook is published."""

ORG = "QKS"
SHOWN = ("SALT", "COMM_PAEDS", "WHEELCHAIR", "CYP_OCCUPATIONAL_THERAPY", "CYP_PHYSIOTHERAPY", "CYP_AUDIOLOGY")
AHEAD_ON = date(2027, 3, 31)
"""Six months after the newest synthetic figures."""

NOTES = (
    "ASD, ADHD and CAMHS have no published local list in these workbooks: they arrive with the weekly return.",
    "Until then the community paediatric list is the nearest figure for autism and ADHD under 11; it is a proxy.",
    f"Every figure here is invented. The faults planted in it: {'; '.join(FAULTS)}.",
)
PATHS = (
    f"/v1/waiting-lists/COMM_PAEDS/{ORG}",
    f"/v1/waiting-lists/COMM_PAEDS/{ORG}?as_of=2026-03-15",
    f"/v1/forecasts/COMM_PAEDS/{ORG}/list_size?horizon=6",
    f"/v1/clearance/COMM_PAEDS/{ORG}",
    f"/v1/findings?org={ORG}",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One list of Kent and Medway as the demonstration shows it."""

    service: str
    label: str
    proxy_for: str
    waiting: int | None = None
    over_18_weeks: int | None = None
    over_52_weeks: int | None = None
    coverage: float | None = None
    likely: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoOutcome:
    """What was done, in lines; the answers; and where the database is that holds more."""

    as_of: date
    did: tuple[str, ...]
    answers: tuple[Answer, ...]
    database_url: str
    exit_code: int
    ahead_on: date = AHEAD_ON
    notes: tuple[str, ...] = NOTES
    paths: tuple[str, ...] = PATHS
    keys: tuple[tuple[str, str], ...] = ()


def demo(
    folder: Path, *, clock: Callable[[], datetime], on_progress: Callable[[Progress], None], pepper: str = ""
) -> DemoOutcome:
    """A database in `folder`, filled from synthetic workbooks, forecast, with the answers for Kent and Medway.

    Parameters
    ----------
    pepper : what its keys are hashed with

    Raises
    ------
    BadArgument
        When the folder cannot be written to.
    """
    files = write_workbooks(folder / "inbox", seed=SEED, on_progress=on_progress)
    database_url = f"sqlite:///{(folder / 'waitlists.db').absolute()}"
    engine = make_engine(database_url)
    before = migrated(engine)
    loaded = load(engine, files, moment=Moment(clock), source=None, on_progress=on_progress)
    did = [
        f"{folder}: {len(files)} synthetic workbooks in inbox, database waitlists.db {'found' if before else 'made'}",
        _loading(loaded),
    ]
    exit_code = loaded.exit_code
    if loaded.dataset_version is None and _is_forecast(engine):
        did.append(f"The forecasts as of {AS_OF:%d %B %Y} are there already.")
    else:
        made = forecast(engine, Ask(as_of=AS_OF, clock=clock, jobs=2, seed=SEED), on_progress=on_progress)
        exit_code = exit_code or made.exit_code
        did.append(f"Forecast {sum(made.by_status.values()):,} series as known on {AS_OF:%d %B %Y}.")
    with reading(engine) as connection:
        answers = tuple(_answers(connection))
    keys = demo_keys(folder / "keys.json", engine, now=clock(), pepper=pepper)
    did.append(f"A key for each role is in {folder / 'keys.json'}.")
    engine.dispose()
    return DemoOutcome(AS_OF, tuple(did), answers, database_url, exit_code, keys=tuple(keys.items()))


def _loading(outcome: LoadOutcome) -> str:
    loaded = outcome.with_status(FileOutcome.LOADED)
    figures = sum(item.counts.get("numbers", 0) for item in loaded)
    findings = sum(len(item.findings) for item in loaded)
    already = len(outcome.with_status(FileOutcome.ALREADY))
    found = f"Loaded {len(loaded)} workbooks: {figures:,} figures, {findings:,} findings"
    return f"{found}; {already} were there already." if already else f"{found}."


def _is_forecast(engine: Engine) -> bool:
    with reading(engine) as connection:
        runs = read.runs(connection, command="forecast", limit=100)
    return any(run.as_of == AS_OF and run.status in {"done", "partial"} for run in runs)


def _answers(connection: Connection) -> Iterator[Answer]:
    for service in SHOWN:
        known = SERVICES[service]
        proxy_for = " and ".join(SERVICES[code].label for code in known.is_proxy_for if code != service)
        found = read.stored_list(connection, service=service, org=ORG, as_of=AS_OF)
        if found is None:
            yield Answer(service, known.label, proxy_for, facts=("Kent and Medway reports no such line.",))
            continue
        likely, reason = _ahead(connection, service)
        serious = [item.sentence for item in found.findings if item.severity != Severity.INFO]
        yield Answer(
            service,
            known.label,
            proxy_for,
            waiting=found.bands.total,
            over_18_weeks=over_weeks(found.bands, 18),
            over_52_weeks=over_weeks(found.bands, 52),
            coverage=found.coverage.share,
            likely=likely,
            facts=tuple(dict.fromkeys((*reason, *serious[:2]))),
        )


def _ahead(connection: Connection, service: str) -> tuple[str, tuple[str, ...]]:
    """The range that should hold 8 times in 10, and the reason where there is none."""
    found = load_forecast(connection, service=service, org=ORG, measure=Measure.LIST_SIZE, as_of=AS_OF)
    point = next((item for item in found.points if item["target_end_date"] == str(AHEAD_ON)), None) if found else None
    if found is None or point is None:
        return "not forecast", (found.reason,) if found and found.reason else ()
    return f"{point['quantiles']['0.1']:,.0f} to {point['quantiles']['0.9']:,.0f}", ()
