"""What may be shown of lists in mail: the very sheets that answers are made from, read once for all subscribers."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection

from forecasting.warnings.seen import Seen, alone, from_sheets, rounded
from forecasting.warnings.warning import Assessment, Counted
from waitlists.sources import PUBLISHED_SOURCES
from waitlists.store.decided import decided_of
from waitlists.store.read import StoredList
from waitlists.store.read_sheets import weeks_of
from waitlists.suppression import CountedList, Rule, protect, table_of_lists
from waitlists.suppression.sheets import Sheet, node, nothing


@dataclass(frozen=True, slots=True)
class Shelf:
    """Sheets of weeks by source, service and period; whatever is read from it is disclosed."""

    connection: Connection
    rule: Rule
    kept: dict[tuple[str, str, date], dict[str, Sheet]] = field(
        default_factory=dict[tuple[str, str, date], dict[str, Sheet]], init=False
    )

    def fetch(self, source: str, service: str, periods: Collection[date]) -> None:
        """Read some periods at once, where they are not here yet."""
        wanted = [period for period in dict.fromkeys(periods) if (source, service, period) not in self.kept]
        weeks = weeks_of(self.connection, source=source, service=service, periods=wanted) if wanted else []
        by_digest = {week.digest(self.rule): week for week in weeks}
        decided = decided_of(self.connection, by_digest, self.rule)
        for digest, week in by_digest.items():
            self.kept[source, service, week.period_end] = week.sheets(self.rule, decided.get(digest, ()))

    def sheet(self, source: str, service: str, counted: Counted) -> Sheet:
        """What may be shown of one list of one vintage."""
        self.fetch(source, service, [counted.period_end])
        found = self.kept[source, service, counted.period_end].get(node(counted.vintage_id, counted.org))
        return found or nothing(self.rule)

    def sheet_of(self, stored: StoredList) -> Sheet:
        """What may be shown of a list; of a published one as it stands by itself, since anybody may look it up."""
        if stored.source not in PUBLISHED_SOURCES:
            counted = Counted(stored.vintage.id, stored.org, stored.period_end)
            return self.sheet(stored.source, stored.service, counted)
        name = node(stored.vintage.id, stored.org)
        table = table_of_lists({name: CountedList(stored.bands)}, made_of={}, rule=self.rule)
        return Sheet(name, table, protect(table, self.rule))

    def seen(self, figures: Assessment) -> Seen:
        """The numbers of a warning as anybody may see them."""
        if figures.is_published:
            return alone(figures, rule=self.rule)
        look = from_sheets(lambda one: self.sheet(figures.source, figures.service, one))
        return rounded(figures, look, rule=self.rule)
