"""How fast the API answers with keys, audit and rate limit on, beside a hello-world route behind the same server."""

import os
import re
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from jobs.keys import Wanted, create
from tests.benchmarks.asking import Asked, Question, answer_of, ask, cpu_seconds, settle, wait_for
from tests.benchmarks.measure import ROOT, WAITLISTS
from tests.benchmarks.rows import Row, within
from tests.deliveries import load, parsed
from tests.functional.api.server import free_port
from waitlists.periods import add_months
from waitlists.security.access import Role
from waitlists.store.migrate import migrate
from waitlists.store.session import make_engine

POINTS = 1_000
ROUNDS, SECONDS, CLIENTS = 5, 2.0, 16
LAST = date(2026, 9, 30)
PATH = "/v1/series/SALT/QKS/list_size"
HELLO = Question("/hello")
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

    def asked(self, question: Question) -> Asked:
        return ask(self.port, self.pid, question, clients=CLIENTS, seconds=SECONDS)


def bench_api_speed() -> Iterator[Row]:
    """One process each: ours as `waitlists serve` with a key, audit and rate limit; FastAPI with one route, no layer.

    Both have the same uvicorn settings and protocol, run on the same core, and are asked in turn by the same client on
    another; the round in the middle counts.
    """
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        key = filled(Path(folder))
        ours = stack.enter_context(served([*WAITLISTS, "serve", "--port"], folder))
        hello = stack.enter_context(served([sys.executable, "-c", _HELLO], folder))
        warm = Question(PATH, headers={"Authorization": f"Bearer {key}"})
        tag = re.findall(rb"(?i)\r\netag: (\S+)", answer_of(ours.port, warm))[0].decode()
        same = Question(PATH, 304, {"Authorization": f"Bearer {key}", "If-None-Match": tag})
        rounds = [(ours.asked(warm), ours.asked(same), hello.asked(HELLO)) for _ in range(ROUNDS)]
        yield beside(f"warm answer of {POINTS} points", [(one, plain) for one, _, plain in rounds], least=0.5)
        yield beside("unchanged answer, 304", [(one, plain) for _, one, plain in rounds], least=0.9)
        waits = sorted(max(one.wait(0.99), other.wait(0.99)) for one, other, _ in rounds)
        yield within(f"p99 at {CLIENTS} clients", "ms", waits[len(waits) // 2], 50.0, rounds=waits)
        yield uncached(ours, key)


def filled(folder: Path) -> str:
    """A key to a database with one list of as many months as there shall be points."""
    engine = make_engine(f"sqlite:///{folder}/bench.db")
    migrate(engine)
    months = [add_months(LAST, number - POINTS + 1) for number in range(POINTS)]
    lists = [{("SALT", "QKS"): 1000 + number % 500} for number in range(POINTS)]
    load(engine, *(parsed(month, one, published_on=month) for month, one in zip(months, lists, strict=True)))
    key, _ = create(engine, Wanted(Role.COMMISSIONER, ("QKS",)), now=datetime.now(UTC), pepper=_pepper(folder))
    engine.dispose()
    return str(key)


def _pepper(folder: Path) -> str:
    """A secret of this run, where its server finds it too."""
    file = folder / ".env"
    if not file.exists():
        lines = (f"WAITLISTS_KEY_PEPPER={secrets.token_hex(16)}", "WAITLISTS_RATE_PER_SECOND=100000",
                 f"WAITLISTS_DATABASE_URL=sqlite:///{folder}/bench.db", "")  # fmt: skip
        file.write_text("\n".join(lines), encoding="utf-8")
    return file.read_text(encoding="utf-8").partition("PEPPER=")[2].partition("\n")[0]


@contextmanager
def served(command: Sequence[str], folder: str) -> Iterator[Served]:
    """A server on the last core, while this process stays on the first."""
    cores = sorted(os.sched_getaffinity(0))
    port = free_port()
    with open(f"{folder}/log-{port}", "w", encoding="utf-8") as log:  # noqa: PTH123 - beside the database
        process = subprocess.Popen(
            [*command, str(port)], cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=log, stdout=log
        )
        os.sched_setaffinity(process.pid, cores[-1:])
        os.sched_setaffinity(0, cores[:1])
        try:
            wait_for(port, process)
            yield Served(port, process.pid)
        finally:
            process.terminate()
            process.wait()
            os.sched_setaffinity(0, cores)


def beside(name: str, pairs: list[tuple[Asked, Asked]], *, least: float) -> Row:
    """Time an answer beside time a hello, so that at least this share of its answers a second is the goal."""
    pairs = sorted(pairs, key=lambda pair: pair[0].each / pair[1].each)
    ours, plain = pairs[len(pairs) // 2]
    raw = {
        "answers_a_second": [(round(1e6 / one.each), round(1e6 / other.each)) for one, other in pairs],
        "cpu_us": [(round(one.cpu_each, 1), round(other.cpu_each, 1)) for one, other in pairs],
        "p99_ms": [(round(one.wait(0.99), 2), round(other.wait(0.99), 2)) for one, other in pairs],
    }
    return Row(name, "us", ours.each, peer=plain.each, peer_name="hello world", raw=raw, goal_ratio=round(1 / least, 4))


def uncached(server: Served, key: str) -> Row:
    """Server CPU an answer that nobody asked for before: another day each time."""
    days = [date.fromordinal(LAST.toordinal() + number) for number in range(1, 51)]
    settle(server.pid)
    before = cpu_seconds(server.pid)
    for day in days:
        answer_of(server.port, Question(f"{PATH}?as_of={day}", headers={"Authorization": f"Bearer {key}"}))
    settle(server.pid)
    spent = (cpu_seconds(server.pid) - before) / len(days) * 1000
    return within(f"uncached {POINTS} points, CPU", "ms", spent, 10.0, answers=len(days))
