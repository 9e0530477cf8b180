"""Figures about days that have not ended are no figures: a year or a week was mistyped."""

from datetime import date

from waitlists.domain import ParsedDelivery
from waitlists.errors import FileRefused


def require_past(parsed: ParsedDelivery, today: date) -> None:
    """Pass silently over a delivery whose periods have all ended.

    Raises
    ------
    FileRefused
        FUTURE: a period has not ended, as one that ends today has not; the message names the first. The whole file is
        refused, since nobody can say which of its other dates are right.
    """
    ahead = sorted(vintage.period_end for vintage in parsed.vintages if vintage.period_end >= today)
    if ahead:
        day = f"{ahead[0].day} {ahead[0]:%B %Y}"
        raise FileRefused(
            f"the period ending {day} has not ended yet; correct the date, or send it when it is over", code="FUTURE"
        )
