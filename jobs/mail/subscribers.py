"""Subscribers added, removed and listed; each act leaves its trace in the same transaction, by number."""

from datetime import datetime

from sqlalchemy import Connection, Engine

from forecasting.warnings.watched import watched_anywhere
from waitlists.errors import BadArgument
from waitlists.mail.addresses import mail_address
from waitlists.mail.subscribers import Subscriber, Subscription
from waitlists.security.access import Role
from waitlists.security.audit import Look
from waitlists.store import audit
from waitlists.store import subscribers as store
from waitlists.store.session import reading, writing


def add(engine: Engine, address: str, wants: Subscription, *, now: datetime) -> Subscriber:
    """A new subscriber.

    Raises
    ------
    BadArgument
        It is no plain mail address, it has a subscription already, or a standard is watched of none of its services.
    """
    checked = mail_address(address)
    _check_watched(wants)
    with writing(engine) as connection:
        added = store.add_subscriber(connection, checked, wants, now=now)
        _trace(connection, "add", added.id, wants.role, now)
    return added


def unwatched(wants: Subscription) -> list[str]:
    """Services of which no warning can come under a subscription: its mail has their figures alone."""
    return [one for one in wants.services if not any(map(wants.asks_for, _watched(one)))]


def _check_watched(wants: Subscription) -> None:
    """A standard that none of the services is warned under would promise what never comes."""
    known = {service: _watched(service) for service in wants.services}
    lost = [one for one in wants.standards if not any(one in names for names in known.values())]
    if lost:
        there = "; ".join(f"{service}: {', '.join(names) or 'none'}" for service, names in known.items())
        why = f"no warning can come under {', '.join(lost)} of these services; they are watched under: {there}"
        raise BadArgument(why, field="--standard")


def _watched(service: str) -> list[str]:
    return [one.id for one in watched_anywhere(service)]


def remove(engine: Engine, which: str, *, now: datetime) -> int:
    """The number of the subscriber of that number or address, who is now forgotten.

    Raises
    ------
    BadArgument
        There is none.
    """
    with writing(engine) as connection:
        every = store.subscribers(connection)
        found = next((one for one in every if which in {str(one.id), one.address}), None)
        # What was typed is not repeated: it may be an address with a letter missing.
        if found is None:
            raise BadArgument("there is no such subscriber; `waitlists subscribers list` shows them", field="WHICH")
        store.remove_subscriber(connection, found.id, now=now)
        _trace(connection, "remove", found.id, found.wants.role, now)
    return found.id


def listed(engine: Engine) -> list[Subscriber]:
    """Everybody who gets mail, by number."""
    with reading(engine) as connection:
        return store.subscribers(connection)


def _trace(connection: Connection, act: str, number: int, role: Role, now: datetime) -> None:
    audit.append(connection, [Look(now, "command", role, f"subscribers {act} {number}", None, None, 0)])
