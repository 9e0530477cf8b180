"""A million referrals as weekly snapshots of some 200 lists over two years, beside pandas doing a small part of it."""

import time
from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa

from tests.benchmarks.invented_referrals import LAST, records
from tests.benchmarks.rows import Failed, Row, within
from waitlists.bands import CHS_BANDS
from waitlists.clock import Clocks, clocks
from waitlists.record.columns import MISSING, NEVER, day_number
from waitlists.snapshot import Snapshot, snapshots

REFERRALS = 1_000_000
ENDS = [LAST - timedelta(weeks=number) for number in range(104)]
FEW = ENDS[::4]
Key = tuple[str, str, str, date]
LEVELS = {"provider": "provider", "icb": "commissioner"}


def bench_snapshots() -> Iterator[Row]:
    table = records(REFERRALS)
    start = time.perf_counter()
    found = clocks(table, on=LAST)
    ticked = time.perf_counter() - start
    taken = snapshots(table, found, ends=ENDS, freq="W")
    seconds = time.perf_counter() - start
    lists = len({(one.service, one.org, one.stage) for one in taken})
    raw = {"referrals": REFERRALS, "lists": lists, "weeks": len(ENDS), "clocks_seconds": ticked}
    yield within(f"snapshots, {lists} lists, {len(ENDS)} weeks", "s", seconds, 20.0, **raw)
    yield _beside_pandas(table, found)


def _beside_pandas(table: pa.Table, found: Clocks) -> Row:
    """Ours with all that a snapshot holds; pandas with sizes, bands and figures of waits, of services' own lists."""
    start = time.perf_counter()
    ours = [one for one in snapshots(table, found, ends=FEW, freq="W") if one.stage == "list"]
    seconds = time.perf_counter() - start
    start = time.perf_counter()
    theirs = _by_pandas(table, found)
    peer = time.perf_counter() - start
    differing = sum(theirs[_key(one)] != one.median_days for one in ours if one.list_size)
    if differing or not theirs:
        raise Failed(f"{differing} of {len(theirs)} medians differ from those of pandas")
    raw = {"compared": len(theirs)}
    return Row(f"snapshots, {len(FEW)} weeks", "s", round(seconds, 3), peer=round(peer, 3), peer_name="pandas", raw=raw)


def _key(one: Snapshot) -> Key:
    return str(one.level), one.service, one.org, one.period_end


def _by_pandas(table: pa.Table, found: Clocks) -> dict[Key, float]:
    names = {level: f"organisation_identifier_code_of_{who}" for level, who in LEVELS.items()}
    frame = pd.DataFrame({
        "service": table.column("service").to_pandas(),
        **{level: table.column(name).to_pandas() for level, name in names.items()},
        "start": found.start,
        "stop": np.where(found.stop == MISSING, NEVER, found.stop),
    })[found.is_counted & ~found.is_review]  # fmt: skip
    edges = [-1, *(band.to_days for band in CHS_BANDS[:-1]), NEVER]
    medians: dict[Key, float] = {}
    for end in FEW:
        day = day_number(end)
        here = frame[(frame["start"] <= day) & (frame["stop"] > day)]
        here = here.assign(waited=day - here["start"])
        here = here.assign(band=pd.cut(here["waited"], edges, labels=False))
        for level in LEVELS:
            here.groupby(["service", level, "band"]).size().unstack(fill_value=0)
            waited = here.groupby(["service", level])["waited"]
            waited.mean(), waited.quantile(0.92), waited.max()
            medians |= {(level, service, org, end): value for (service, org), value in waited.median().items()}
    return medians
