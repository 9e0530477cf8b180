"""Lists as sheets take them, by wait: what one sender, or the sum of several, says of a period."""

from datetime import date

from waitlists.bands import CHS_BANDS
from waitlists.suppression.sheets import Version

MONDAY, TUESDAY = date(2025, 5, 5), date(2025, 5, 6)
LABELS = [band.label for band in CHS_BANDS]


def version(
    org: str,
    *waits: int,
    at: int = 1,
    known: date = MONDAY,
    scope: str | None = None,
    run: int = 1,
    source: str = "weekly_return",
    **flows,
):
    """A list of an organisation by wait, of its own scope; all further bands are of nobody."""
    bands = {("waiting", label): count for label, count in zip(LABELS, waits, strict=False)}
    rest = {("waiting", label): 0 for label in LABELS[len(waits) :]}
    kinds = {(kind, "total"): count for kind, count in flows.items()}
    whole = {("waiting", "total"): sum(waits)}
    return Version(run, known, at, org if scope is None else scope, org, bands | rest | whole | kinds, source)
