"""How fast the API answers with keys, audit and rate limit on, beside a hello-world route behind the same server."""

import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from jobs.decide import decide_weeks
from jobs.keys import Wanted, create
from tests.benchmarks.asking import Asked, Question, answer_of, ask, cpu_seconds, wait_for
from tests.benchmarks.measure import ROOT, WAITLISTS, peak_mib
from tests.benchmarks.rows import Row, within
from tests.deliveries import load, parsed
from tests.functional.api.server import free_port
from waitlists.bands import CHS_BANDS
from waitlists.periods import add_months
from waitlists.security.access import Role
from waitlists.store.migrate import migrate
from waitlists.store.session import make_engine
from waitlists.suppression import Rule

POINTS = 1_000
ROUNDS, SECONDS, CLIENTS = 11, 0.5, 16
LAST = add_months(datetime.now(UTC).date(), -3)
"""Long enough ago for all days that are asked about, since none to come may be."""

PATH = "/v1/series/SALT/QKS/list_size"
UNPUBLISHED = "/v1/series/ADHD/RYY/list_size"
_HELLO = """
import sys, uvicorn
from jobs.serve import Address, configuration
uvicorn.Server(configuration(Address("127.0.0.1", int(sys.argv[1])), app="tests.benchmarks.hello:app")).run()
"""


@dataclass(frozen=True)
class Served:
    """A server that answers."""

    port: int
    pid: int
    seconds: float
    """From its beginning until it listened."""

    def asked(self, question: Question) -> Asked:
        return ask(self.port, self.pid, question, clients=CLIENTS, seconds=SECONDS)


def bench_api_speed() -> Iterator[Row]:
    """One process each: ours as `waitlists serve` with a key, audit and rate limit; FastAPI with one route, no layer.

    Both have the same uvicorn settings and protocol and answer on the same core, which the client leaves to them. They
    are asked in turn, in many short rounds, by the same client with the same headers: to read a request is the server's
    work, whatever is made of it. What is compared is CPU time an answer, the audit that is written a second later among
    it: a server that is busy all the time answers so many times a second as an answer fits into one, and CPU time is
    not told by what else the machine does. Answers a second by the clock stand in the report.
    """
    with ExitStack() as stack:
        folder, cores = stack.enter_context(tempfile.TemporaryDirectory()), stack.enter_context(apart())
        key, public = filled(Path(folder))
        ours = stack.enter_context(served([*WAITLISTS, "serve", "--port"], folder, cores))
        plain = stack.enter_context(served([sys.executable, "-c", _HELLO], folder, cores))
        spent = cpu_seconds(ours.pid)
        yield within("start of serving, time", "s", ours.seconds, 3.0, cpu_seconds=spent)
        yield within("start of serving, memory", "MiB", peak_mib(ours.pid), 130.0)
        known = {"Authorization": f"Bearer {key}"}
        tag = re.findall(rb"(?i)\r\netag: (\S+)", answer_of(ours.port, Question(PATH, headers=known)))[0].decode()
        same = {**known, "If-None-Match": tag}
        warm, unchanged = Question(PATH, headers=known), Question(PATH, 304, same)
        hello, hello_same = Question("/hello", headers=known), Question("/hello", headers=same)
        rounds = [
            ((ours.asked(warm), plain.asked(hello)), (ours.asked(unchanged), plain.asked(hello_same)))
            for _ in range(ROUNDS)
        ]
        yield beside(f"warm answer of {POINTS} points, CPU", [pair for pair, _ in rounds], least=0.5)
        yield beside("unchanged answer, 304, CPU", [pair for _, pair in rounds], least=0.9)
        waits = sorted(max(one.wait(0.99), other.wait(0.99)) for (one, _), (other, _) in rounds)
        yield within(f"p99 at {CLIENTS} clients", "ms", waits[len(waits) // 2], 50.0, rounds=waits)
        yield uncached(f"uncached {POINTS} points, CPU", ours, PATH, key)
        yield uncached(f"uncached {POINTS} exact points with bands", ours, UNPUBLISHED, key)
        yield uncached(f"uncached {POINTS} suppressed points", ours, UNPUBLISHED, public)


def filled(folder: Path) -> tuple[str, str]:
    """Keys of a commissioner and of the public to a database whose lists have as many steps as there shall be points.

    One list is published by the month. Of three others and their sum, with wait bands, nobody publishes a week.
    """
    engine = make_engine(f"sqlite:///{folder}/bench.db")
    migrate(engine)
    months = [add_months(LAST, number - POINTS + 1) for number in range(POINTS)]
    lists = [{("SALT", "QKS"): 1000 + number % 500} for number in range(POINTS)]
    load(engine, *(parsed(month, one, published_on=month) for month, one in zip(months, lists, strict=True)))
    last = LAST - timedelta(days=LAST.isoweekday())
    sundays = [last - timedelta(weeks=POINTS - 1 - number) for number in range(POINTS)]
    weeks = zip(sundays, map(week, range(POINTS)), strict=True)
    load(engine, *(parsed(sunday, one, published_on=sunday, source="weekly_return") for sunday, one in weeks))
    decide_weeks(engine, Rule.HES, on_progress=lambda _: None)
    now, pepper = datetime.now(UTC), _pepper(folder)
    wanted = Wanted(Role.COMMISSIONER, ("QKS",)), Wanted(Role.PUBLIC)
    key, public = (str(create(engine, one, now=now, pepper=pepper)[0]) for one in wanted)
    engine.dispose()
    return key, public


def week(number: int) -> dict[tuple[str, str], dict[str, int]]:
    """The lists of one week: three of some hundred children, with few over two years, and their sum."""
    by_org: dict[tuple[str, str], dict[str, int]] = {}
    for place, org in enumerate(("NQ7", "RPA", "RYY")):
        grown = 40 * place + number % 400 // 4
        counts = [
            grown + 30,
            grown + 25,
            grown + 20,
            2 * grown + 60,
            grown + 15,
            2 * grown + 80,
            grown // 2,
            number % 9,
        ]
        bands = dict(zip((band.label for band in CHS_BANDS), counts, strict=True))
        by_org["ADHD", org] = {**bands, "total": sum(counts)}
    sums = {name: sum(one[name] for one in by_org.values()) for name in by_org["ADHD", "RYY"]}
    return {**by_org, ("ADHD", "QKS"): sums}


def _pepper(folder: Path) -> str:
    """A secret of this run, where its server finds it too."""
    file = folder / ".env"
    if not file.exists():
        lines = (f"WAITLISTS_KEY_PEPPER={secrets.token_hex(16)}", "WAITLISTS_RATE_PER_SECOND=100000",
                 f"WAITLISTS_DATABASE_URL=sqlite:///{folder}/bench.db", "")  # fmt: skip
        file.write_text("\n".join(lines), encoding="utf-8")
    return file.read_text(encoding="utf-8").partition("PEPPER=")[2].partition("\n")[0]


@contextmanager
def apart() -> Iterator[list[int]]:
    """This process on the first core, and the cores that there are; servers are put on the last."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[:1])
    try:
        yield cores
    finally:
        os.sched_setaffinity(0, cores)


@contextmanager
def served(command: Sequence[str], folder: str, cores: Sequence[int]) -> Iterator[Served]:
    """A server on the last of some cores."""
    port = free_port()
    with open(f"{folder}/log-{port}", "w", encoding="utf-8") as log:  # noqa: PTH123 - beside the database
        began = time.perf_counter()
        process = subprocess.Popen(
            [*command, str(port)], cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=log, stdout=log
        )
        os.sched_setaffinity(process.pid, cores[-1:])
        try:
            wait_for(port, process)
            yield Served(port, process.pid, time.perf_counter() - began)
        finally:
            process.terminate()
            process.wait()


def beside(name: str, pairs: list[tuple[Asked, Asked]], *, least: float) -> Row:
    """CPU time an answer beside that of a hello, so that at least this share of its answers a second is the goal."""
    pairs = sorted(pairs, key=lambda pair: pair[0].cpu_each / pair[1].cpu_each)
    ours, plain = pairs[len(pairs) // 2]
    raw = {
        "cpu_us": [(round(one.cpu_each, 1), round(other.cpu_each, 1)) for one, other in pairs],
        "answers_a_second": [(round(1e6 / one.each), round(1e6 / other.each)) for one, other in pairs],
        "p99_ms": [(round(one.wait(0.99), 2), round(other.wait(0.99), 2)) for one, other in pairs],
    }
    goal = round(1 / least, 4)
    return Row(name, "us", ours.cpu_each, peer=plain.cpu_each, peer_name="hello world", raw=raw, goal_ratio=goal)


def uncached(name: str, server: Served, path: str, key: str) -> Row:
    """Server CPU an answer that nobody asked for before: another day each time, the one in the middle counts."""
    spent: list[float] = []
    for number in range(ROUNDS * 5):
        asked = Question(f"{path}?as_of={LAST + timedelta(days=number)}", headers={"Authorization": f"Bearer {key}"})
        before = cpu_seconds(server.pid)
        answer_of(server.port, asked)
        spent.append((cpu_seconds(server.pid) - before) * 1000)
    spent.sort()
    return within(name, "ms", spent[len(spent) // 2], 10.0, each=spent)
