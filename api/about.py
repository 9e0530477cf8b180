"""What a question about one list is about: its service, its organisation, the day, and the version that answers."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from waitlists.domain import Level
from waitlists.organisations import Organisation
from waitlists.services import SUPPRESSED_BELOW_ENGLAND, Service
from waitlists.store.read import DatasetVersion


@dataclass(frozen=True, slots=True)
class About:
    """Which list was asked about, on which day, and the published version that answers."""

    service: Service
    organisation: Organisation
    as_of: date
    version: DatasetVersion | None

    @property
    def what(self) -> str:
        """The list as a sentence names it."""
        return f"{self.service.label}, {self.organisation.name}"

    @property
    def place(self) -> str:
        """The list as a part of an address."""
        return f"{quote(self.service.code, safe='')}/{quote(self.organisation.code, safe='')}"

    @property
    def day(self) -> str:
        """The day as it stands in an address."""
        return self.as_of.isoformat()

    @property
    def dataset_version(self) -> int | None:
        """The number of the version that answers, None while nothing was published."""
        return self.version.version if self.version else None

    @property
    def is_suppressed(self) -> bool:
        """Whether this line is published for England only: below it a blank means suppressed, not "not sent"."""
        return self.service.code in SUPPRESSED_BELOW_ENGLAND and self.organisation.level != Level.ENGLAND
