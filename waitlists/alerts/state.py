"""The state of the service at a moment, as far as alerts follow from it: facts, not yet judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from waitlists.periods import LONDON
from waitlists.running.ledger import State as SlotState


@dataclass(frozen=True, slots=True)
class LastRun:
    """The newest run of a command; `reason` is the kind of error of one that failed."""

    id: int
    command: str
    status: str
    started_at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that was refused and not loaded since."""

    id: int
    file_name: str
    received_at: datetime
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A delivery that waits for a person, and why."""

    file_name: str
    snapshot_date: date
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartFile:
    """A weekly return of which rows were put aside that nobody has sent again, and whose it is."""

    file_name: str
    org: str
    rows: int


@dataclass(frozen=True, slots=True)
class SlotRun:
    """What the ledger has of one slot: how it stands, and problems that were found in it.

    Of one that runs, when it was begun and until when no other process may take it.
    """

    slot: date
    state: SlotState
    reason: str | None
    problems: tuple[str, ...]
    since: datetime | None = None
    lease_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """Mail that waits and since when, mail given up lately, emails still to be made, and mail held for a word."""

    queued: int
    oldest_at: datetime | None
    dead: int
    unmade: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class Space:
    """Bytes that are free on the database's disk, and bytes the database takes there."""

    free: int
    used: int


@dataclass(frozen=True, slots=True)
class MissingGrants:
    """What a database user that serves may not do and has to: table and privilege, in PostgreSQL's words."""

    user: str
    lacks: tuple[tuple[str, str], ...]

    @property
    def sentence(self) -> str:
        """Which, and the command that mends it."""
        by_privilege = {word: [table for table, other in self.lacks if other == word] for _, word in self.lacks}
        which = "; ".join(f"{word} on {', '.join(tables)}" for word, tables in by_privilege.items())
        return (
            f"The database user {self.user} lacks {which}, so answers may fail: as the owner run `waitlists migrate "
            f"--grant {self.user}`."
        )


@dataclass(frozen=True, slots=True)
class State:
    """The state of the service at `now`.

    Parameters
    ----------
    sources : the newest period of each source
    late_returns : a sentence for each list whose weekly returns are missing
    quarantined : rows put aside lately, and the deliveries they came in
    slots : of each job of the clock its newest slots, newest first
    clock_since : when a clock first did a slot here; None where jobs are run by hand alone
    backup_at : when the newest backup was finished
    restored_of : when the backup was made that this database was last put back from
    began_at : when anything was first run here
    space : None for a server, whose disk is not seen from here
    zone : whose mornings the clock's slots go by
    ungranted : what users of PostgreSQL lack that serve
    """

    now: datetime
    sources: Mapping[str, date]
    late_returns: tuple[str, ...]
    runs: tuple[LastRun, ...]
    refused: tuple[RefusedFile, ...]
    held: tuple[HeldFile, ...]
    quarantined: tuple[int, int]
    slots: Mapping[str, tuple[SlotRun, ...]]
    clock_since: datetime | None
    mail: Mail
    backup_at: datetime | None
    began_at: datetime | None
    space: Space | None
    restored_of: datetime | None = None
    zone: ZoneInfo = LONDON
    in_part: tuple[PartFile, ...] = ()
    ungranted: tuple[MissingGrants, ...] = ()

    @property
    def today(self) -> date:
        """The local date."""
        return self.now.astimezone(self.zone).date()
