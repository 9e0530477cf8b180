"""Two ways to the same list: a provider's extract, clocked and counted by us, and the return it fills in itself."""

from collections import Counter
from datetime import date, timedelta

from waitlists.bands import CHS_BANDS
from waitlists.clock import clocks, differences
from waitlists.snapshot import snapshots
from waitlists.stages import stage_of
from waitlists.synthetic.kent import PROVIDERS, extract, population, weekly_return

END = date(2026, 11, 15)
WEEKS = (END - timedelta(weeks=12), END - timedelta(weeks=1), END)


def from_the_return(rows):
    """Bands of each list, and flows of each service's own list, as the provider counts them."""
    bands, flows = Counter(), Counter()
    for row in rows:
        if row.measure == "waiting":
            bands[row.service, stage_of(row.service, row.waiting_for), row.band] += row.children
        elif not row.waiting_for or stage_of(row.service, row.waiting_for) == "list":
            flows[row.service, row.measure, row.reason] += row.children
    return bands, flows


def flows_of(one):
    removed = {(one.service, "removed", reason): count for reason, count in one.removals.items()}
    return removed | ({(one.service, "referrals", ""): one.referrals} if one.referrals else {})


def test_lists_and_flows_are_the_same_from_records_and_from_the_return():
    invented = population(3, end=END, weeks=30, scale=0.05)
    compared = 0
    for provider in PROVIDERS:
        table = extract(invented, provider, on=END)
        found = clocks(table, on=END)
        assert differences(table, found) == ()
        for week in WEEKS:
            bands, flows = from_the_return(weekly_return(invented, provider, week_ending=week))
            sent = {service for service, *_ in bands}
            for one in snapshots(table, found, ends=[week], freq="W"):
                if one.level == "provider" and one.service in sent:
                    compared += 1
                    assert one.bands == tuple(bands[one.service, one.stage, band.label] for band in CHS_BANDS)
                    if one.stage == "list":
                        assert flows_of(one) == {
                            key: count for key, count in flows.items() if key[0] == one.service and count
                        }
    assert compared > 60
