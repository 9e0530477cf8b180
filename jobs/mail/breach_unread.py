"""Files that came and are in no figure of the mail: which of them tell of a list, in sentences for its readers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from sqlalchemy import Connection

from waitlists.deliveries.unread import UnreadFile
from waitlists.store.unread import services_of, unread_files


@dataclass(frozen=True, slots=True)
class Unread:
    """Files of a day that were refused or are held, read once for all subscribers, and who keeps which lists."""

    files: Sequence[UnreadFile]
    lists: Mapping[str, Collection[str]]

    @classmethod
    def of(cls, connection: Connection, as_of: date) -> Self:
        """Those that are known of on a day."""
        files = unread_files(connection, as_of=as_of)
        senders = {code for one in files for code in one.sender.providers}
        return cls(files, services_of(connection, senders) if senders else {})

    def about(self, service: str, org: str, source: str | None) -> tuple[str, ...]:
        """A sentence on each file that may tell of a list, which is read from a source or from none yet."""
        mine = (one for one in self.files if one.concerns(service, org, source=source, lists=self.lists))
        return tuple(dict.fromkeys(one.sentence for one in mine))
