"""What is said where senders' clock dates are not ours: which list and which date, never of how many children."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from waitlists.clock import ClockDifference
from waitlists.domain import Finding, Severity


def clock_findings(
    differences: Iterable[ClockDifference], *, period_end: date, known_from: date
) -> tuple[Finding, ...]:
    """A finding `clock_differs` for each list some of whose clocks its sender starts or stops on another day.

    Parameters
    ----------
    period_end
        The newest week counted of the provider.
    """
    dates: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in differences:
        dates[one.provider, one.service].add(one.date)
    return tuple(
        Finding(
            "clock_differs",
            Severity.INFO,
            f"{provider} gives another clock {' and '.join(sorted(said))} for some referrals of {service} than the "
            "rule of the service; ours is used.",
            period_end,
            known_from,
            service=service,
            org=provider,
        )
        for (provider, service), said in sorted(dates.items())
    )
