"""Every error this project raises on purpose, and the exit code each one becomes.

A message says what is wrong, where, and what to do; it never holds a row's value, a pseudonym or an address.

    WaitlistsError                      (never raised itself)
    |-- BadArgument            exit 2   an option, date, service or organisation that cannot be used
    |   `-- NotFound           exit 2   a name that is in no register; `near` lists the closest known ones
    |-- FileRefused            exit 10  a file that breaks its contract; nothing of it is stored but checksum and reason
    |   `-- IdentifiersFound   exit 11  a column that could identify a child
    |-- DatabaseUnavailable    exit 12  the database cannot be reached, or is damaged
    |   `-- DiskFull           exit 12  its disk has no space left
    |-- BackupNotWritten       exit 12  the folder of backups is full or cannot be written; the database is well
    |-- SchemaMismatch         exit 13  the schema is not at the revision this code needs
    |-- FinishedInPart         exit 14  some files or series failed; the rest is published
    |-- HeldForApproval        exit 15  a delivery that a person has to look at first
    `-- LeaseLost              exit 1   another process does this job's slot; nothing of this one is stored
"""

from typing import ClassVar


class WaitlistsError(Exception):
    """The root of the tree: an error a person can act on, with the exit code commands end with."""

    exit_code: ClassVar[int] = 1


class BadArgument(WaitlistsError):
    """An argument that cannot be used; `field` names it as the caller wrote it."""

    exit_code = 2

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class NotFound(BadArgument):
    """A service, organisation or standard that is in no register; `near` holds the closest names, best first."""

    def __init__(self, message: str, *, field: str | None = None, near: tuple[str, ...] = ()) -> None:
        super().__init__(message, field=field)
        self.near = near


class FileRefused(WaitlistsError):
    """A whole file refused; `code` is one stable word (EMPTY, TOO_LARGE, NOT_XLSX, CONTRACT ...) for logs and tests."""

    exit_code = 10

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


class IdentifiersFound(FileRefused):
    """A file with a column that could identify a child; names the column, never a value."""

    exit_code = 11


class DatabaseUnavailable(WaitlistsError):
    """The database is down, out of connections, full or damaged."""

    exit_code = 12


class DiskFull(DatabaseUnavailable):
    """The database's disk has no space left; what was begun is taken back whole."""


class BackupNotWritten(WaitlistsError):
    """The folder of backups is full or cannot be written: for a person to mend, while the database goes on."""

    exit_code = 12


class SchemaMismatch(WaitlistsError):
    """The database is at another schema revision than this code; `waitlists migrate` is the way out."""

    exit_code = 13


class FinishedInPart(WaitlistsError):
    """A command that published what it could and names what failed."""

    exit_code = 14


class HeldForApproval(WaitlistsError):
    """A delivery so different from the last one that a person has to approve it."""

    exit_code = 15


class LeaseLost(WaitlistsError):
    """Another process has the slot of a job: it took over, or it was there first."""
