"""The board's matrix over HTTP: what a thousand series cost judged ahead, and beside it when worked out as asked."""

import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from api.app import create_app
from jobs.ahead import judge_ahead
from jobs.decide import decide_weeks
from jobs.keys import Wanted, create
from tests.benchmarks.rows import Row, within
from tests.deliveries import load, parsed
from tests.functional.api.conftest import Client, settings_of
from waitlists.bands import CHS_BANDS
from waitlists.domain import ENGLAND, Level
from waitlists.organisations import ORGANISATIONS
from waitlists.security.access import Role
from waitlists.store.migrate import migrate
from waitlists.store.session import make_engine
from waitlists.suppression import Rule

WEEKS, LISTS = 60, 14
SERVICES = ("SALT", "ASD", "ADHD", "CAMHS", "WHEELCHAIR", "COMM_PAEDS", "EHC", "CAMHS_ED")
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
LAST = date(2026, 11, 15)
HOLDERS = {"commissioner": Wanted(Role.COMMISSIONER, (ENGLAND,)), "board": Wanted(Role.BOARD, ("QKS",))}
PEPPER = "a pepper for this run alone"


def bench_matrix() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'bench.db'}")
        migrate(engine)
        _fill(engine)
        decide_weeks(engine, Rule.HES, on_progress=lambda _: None)
        keys = {role: str(create(engine, wanted, now=NOW, pepper=PEPPER)[0]) for role, wanted in HOLDERS.items()}
        asked = {role: _page(engine, key) for role, key in keys.items()}
        start = time.process_time()
        judge_ahead(engine, Rule.HES, day=NOW.date(), on_progress=lambda _: None)
        ahead = time.process_time() - start
        for role, key in keys.items():
            series, seconds = _page(engine, key)
            raw = {"series": series, "worked_out_when_asked": asked[role][1], "judging_ahead": ahead}
            per_thousand = seconds * 1000 / series
            yield within(f"matrix, 1,000 series of {WEEKS} weeks, {role}", "s CPU", per_thousand, 0.5, **raw)
            name = f"matrix, {role}, judged ahead beside when asked"
            yield Row(name, "s CPU", seconds, peer=asked[role][1], peer_name="when asked", goal_ratio=0.1)
        engine.dispose()


def _fill(engine: Engine) -> None:
    """A return a week with the lists of some providers in some services, each moving by chance."""
    draw = random.Random(8)
    orgs = sorted(code for code, one in ORGANISATIONS.items() if one.level == Level.PROVIDER)[:LISTS]
    labels = [band.label for band in CHS_BANDS]
    for number in range(WEEKS):
        week = LAST - timedelta(weeks=WEEKS - 1 - number)
        lists: dict[tuple[str, str], dict[str, int]] = {}
        for service in SERVICES:
            for place, org in enumerate(orgs):
                waits = [max(0, round(draw.gauss(4 + 12 * place, 3))) for _ in labels]
                lists[service, org] = {"total": sum(waits), **dict(zip(labels, waits, strict=True))}
        load(engine, parsed(week, lists, published_on=week + timedelta(days=1), source="weekly_return"))


def _page(engine: Engine, key: str) -> tuple[int, float]:
    """How many series are counted, and the CPU of the first page, by a process that has answered nothing before."""
    with Client(create_app(settings_of(engine, key_pepper=PEPPER), clock=lambda: NOW)) as client:
        headers = {"Authorization": f"Bearer {key}"}
        client.get("/v1/services", headers=headers)
        start = time.process_time()
        answer = client.get("/v1/trends/summary", headers=headers)
        seconds = time.process_time() - start
    return sum(cell["count"] for cell in answer.json()["matrix"]), seconds
