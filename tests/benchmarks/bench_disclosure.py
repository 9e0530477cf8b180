"""Hidden small numbers that a solver recovers from everything shown: the limit is none. And what hiding costs."""

import time
from collections.abc import Iterator

from tests.attacker import Attack, attack, weeks
from tests.benchmarks.rows import Row, within
from waitlists.suppression import Rule, protect

SIZES = (12, 30, 60, 150, 400, 900, 3000)
LISTS, WEEKS = 12, 5


def bench_disclosure() -> Iterator[Row]:
    for rule in Rule:
        every = Attack(0, ())
        for size in SIZES:
            for seed in range(1000, 1000 + LISTS):
                every += attack(weeks(size, rule, number=WEEKS, seed=seed))
        yield recovered(f"attacker, {rule}", every)


def bench_disclosure_time() -> Iterator[Row]:
    """The audit of one week of a service: four providers, their parent, one beside it and the region."""
    tables = [weeks(size, Rule.HES, number=1, seed=seed)[0].table for size in SIZES for seed in range(LISTS)]
    spent: list[float] = []
    for table in tables:
        start = time.process_time()
        protect(table, Rule.HES)
        spent.append((time.process_time() - start) * 1000)
    spent.sort()
    yield within("audit of a week, CPU, median", "ms", spent[len(spent) // 2], 10.0, slowest=spent[-1])


def recovered(name: str, done: Attack) -> Row:
    """Any recovered number is a goal missed."""
    raw = {
        "hidden": done.hidden,
        "recovered": list(done.recovered),
        "hidden_for_others": done.extra,
        "shown": done.shown,
    }
    return Row(name, "found", len(done.recovered), limit=0.0, raw=raw, goal_ratio=0.0)
