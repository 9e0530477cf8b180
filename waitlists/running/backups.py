"""What a backup says of itself: which database, at which schema revision, holding what, and how to tell it is whole.

And by its name when it was made, from which it follows how long it stays.

The file is a zip archive (`store/archive.py`): its parts are the database's own copy, its *manifest* is what stands
here. Nothing in a manifest is about a child: an erased pseudonym is told by a salted digest, which cannot be read back.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from waitlists.errors import FileRefused, SchemaMismatch

FORM: Final = 1
"""The form of the archive; another one is refused, not guessed at."""

SUFFIX: Final = ".backup"

_NAME: Final = f"waitlists-%Y%m%dT%H%M%SZ{SUFFIX}"


@dataclass(frozen=True, slots=True, order=True)
class Erased:
    """A pseudonym that was erased, as the digest of its salt and itself."""

    salt: str
    digest: str

    @classmethod
    def of(cls, pseudonym: str, *, salt: str) -> "Erased":
        """The digest of a pseudonym under a salt."""
        return cls(salt, _digest(salt, pseudonym))


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands in a backup.

    `kind` is the database's name as its address begins, `parts` are checksums by name, `rows` counts by table.
    """

    kind: str
    revision: str
    software: str
    made_at: datetime
    dataset_version: int
    content_hash: str
    rows: Mapping[str, int]
    parts: Mapping[str, str]
    erased: tuple[Erased, ...]
    form: int = FORM

    def to_bytes(self) -> bytes:
        """The manifest as it is written; the same for the same backup."""
        told = {**asdict(self), "made_at": self.made_at.isoformat()}
        return json.dumps(told, indent=1, sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Manifest":
        """The manifest of a backup.

        Raises
        ------
        FileRefused
            It is none, or of a form this version does not know.
        """
        try:
            told: dict[str, Any] = json.loads(content)
            if told["form"] != FORM:
                raise refused("was written in another form: restore it with the version of the software that made it")
            erased = tuple(Erased(one["salt"], one["digest"]) for one in told["erased"])
            told.update(made_at=datetime.fromisoformat(told["made_at"]), erased=erased)
            return cls(**told)
        except (KeyError, TypeError, ValueError):
            raise refused("holds no list of its parts that can be read") from None


def name_of(made_at: datetime) -> str:
    """The name that a backup is given where nobody names it."""
    return f"{made_at.astimezone(UTC):{_NAME}}"


def made_at(name: str) -> datetime | None:
    """When a backup was made, by its name; None for a file that somebody else named."""
    try:
        moment = datetime.strptime(name, _NAME).replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment if name_of(moment) == name else None


def beyond(names: Iterable[str], *, keep: int) -> set[str]:
    """Backups that are not among the newest so many."""
    return set(sorted(name for name in names if made_at(name))[:-keep])


def past_nights(names: Iterable[str], *, today: date, nights: int, weeks: int | None) -> set[str]:
    """Backups that are not the newest of one of the last so many days that have any, or as old as records may become.

    By the days of their names, in UTC. Those of days to come, when a clock stood wrong, neither count nor go.
    """
    own = {name: made.date() for name in sorted(names) if (made := made_at(name)) and made.date() <= today}
    newest = {day: name for name, day in own.items()}
    oldest = date.min if weeks is None else today - timedelta(weeks=weeks)
    return own.keys() - {newest[day] for day in sorted(newest)[-nights:] if day > oldest}


def refused(why: str) -> FileRefused:
    """The refusal of a backup, which names no path: the caller knows which file it asked for."""
    return FileRefused(f"the backup {why}", code="NOT_A_BACKUP")


def check_fits(manifest: Manifest, *, kind: str, revision: str) -> None:
    """Return quietly when a backup can be restored into a database of this kind at this schema revision.

    Raises
    ------
    FileRefused
        It is a backup of the other kind of database.
    SchemaMismatch
        It is of another revision.
    """
    if manifest.kind != kind:
        raise refused(f"is of a {manifest.kind} database, WAITLISTS_DATABASE_URL names a {kind} one")
    if manifest.revision != revision:
        raise SchemaMismatch(
            f"the backup is at schema revision {manifest.revision}, this version needs {revision}: restore it with "
            f"version {manifest.software} of the software, then upgrade and run `waitlists migrate`"
        )


def check_whole(manifest: Manifest, *, content_hash: str, rows: Mapping[str, int]) -> None:
    """Return quietly when what was restored is what was backed up.

    Raises
    ------
    FileRefused
        A table has more or fewer rows, or the figures and records have another checksum.
    """
    other = [name for name in manifest.rows if rows.get(name) != manifest.rows[name]]
    if other:
        raise refused(f"does not hold the rows it says: {other[0]} differs; nothing was restored")
    if content_hash != manifest.content_hash:
        raise refused("does not hold the data it says; nothing was restored")


def erased_among(pseudonyms: Iterable[str], erased: Iterable[Erased]) -> list[str]:
    """Those pseudonyms that were erased."""
    # A list may hold a million pseudonyms: an object for each would take longer than all else.
    known: dict[str, set[str]] = {}
    for one in erased:
        known.setdefault(one.salt, set()).add(one.digest)
    return sorted({name for name in pseudonyms for salt, found in known.items() if _digest(salt, name) in found})


def _digest(salt: str, pseudonym: str) -> str:
    return sha256(f"{salt}:{pseudonym}".encode()).hexdigest()
