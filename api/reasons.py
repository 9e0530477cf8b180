"""What a person writes freely with a warning: a few words that name nobody."""

from datetime import date
from typing import Final

from api.problems import NamesSomeone
from waitlists.errors import BadArgument
from waitlists.masks import may_name_someone

NAMES_SOMEONE: Final = (
    "Nothing was kept: leave out what looks like an NHS number, a mail address, a phone number, a date of birth or a"
    " key, and write no name of a child or parent"
)


def reason_of(written: str, today: date) -> str:
    """What a role wrote, in one line; owners read it and it is kept for good, so it must name nobody.

    Raises
    ------
    BadArgument
        It is empty.
    NamesSomeone
        It holds what may name a child or a person.
    """
    reason = " ".join(written.split())
    if not reason:
        raise BadArgument("reason: expected a few words", field="reason")
    if may_name_someone(reason, year=today.year):
        raise NamesSomeone(NAMES_SOMEONE, field="reason")
    return reason
