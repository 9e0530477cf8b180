"""Keys made, revoked and listed; each act leaves its trace in the same transaction."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from waitlists.domain import Level
from waitlists.errors import BadArgument
from waitlists.organisations import find_organisation
from waitlists.security.access import Role, Scope
from waitlists.security.audit import Look
from waitlists.security.keys import PREFIX_BYTES, SECRET_BYTES, Key, StoredKey, keyed_hash, new_key, parse_key
from waitlists.store import audit, keys
from waitlists.store.session import reading, writing

LIFETIME_DAYS = 365
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Wanted:
    """A key to be made: for whom, and for how many days."""

    role: Role
    organisations: tuple[str, ...] = ()
    name: str = ""
    days: int = LIFETIME_DAYS


def create(
    engine: Engine,
    wanted: Wanted,
    *,
    now: datetime,
    pepper: str,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> tuple[Key, StoredKey]:
    """A new key, whole for the only time, and what is kept of it.

    Raises
    ------
    BadArgument
        The name is too long or holds what cannot be printed, or the role is not one of such organisations, or of none.
    NotFound
        An organisation is in no register.
    """
    if len(wanted.name) > LONGEST_NAME or not wanted.name.isprintable():
        raise BadArgument(f"a name is at most {LONGEST_NAME} printable characters", field="--name")
    scope = Scope(wanted.role, tuple(sorted(set(wanted.organisations))))
    _check_levels(scope)
    key = new_key(random(PREFIX_BYTES + SECRET_BYTES))
    expires_at = now + timedelta(days=wanted.days)
    stored = StoredKey(key.prefix, keyed_hash(key, pepper), scope, wanted.name, now, expires_at)
    with writing(engine) as connection:
        keys.add_key(connection, stored)
        _trace(connection, "keys create", stored, now)
    return key, stored


def _check_levels(scope: Scope) -> None:
    """A commissioner commissions from providers and a provider is one: a role mistaken would show a list exactly."""
    if scope.role is Role.PROVIDER and not scope.organisations:
        raise BadArgument(
            "a provider's key shows the lists of its organisations and nothing else that a public key does not: name "
            "at least one, as in --org RYY",
            field="--org",
        )
    for code in scope.organisations:
        keeps_lists = find_organisation(code).level in {Level.PROVIDER, Level.LOCAL_AUTHORITY}
        if scope.role is Role.COMMISSIONER and keeps_lists:
            raise BadArgument(
                f"{code} keeps lists and commissions none: a key of the role provider is its", field="--org"
            )
        if scope.role is Role.PROVIDER and not keeps_lists:
            raise BadArgument(f"{code} keeps no lists: a key of the role commissioner or board is its", field="--org")


def revoke(engine: Engine, text: str, *, now: datetime) -> StoredKey:
    """The key of a prefix (or of the whole key, if somebody has that), from now on refused.

    Raises
    ------
    BadArgument
        There is no such key, or it is revoked already.
    """
    whole = parse_key(text)
    prefix = whole.prefix if whole else text.removeprefix("wl_")
    with writing(engine) as connection:
        found = next((one for one in keys.stored_keys(connection) if one.prefix == prefix), None)
        # What was typed is not repeated: it may be a secret with a letter missing.
        if found is None:
            raise BadArgument("there is no key of this prefix; `waitlists keys list` shows them", field="PREFIX")
        if not keys.revoke_key(connection, prefix, now=now):
            raise BadArgument("this key is revoked already", field="PREFIX")
        _trace(connection, "keys revoke", found, now)
    return found


def listed(engine: Engine) -> list[StoredKey]:
    """Every key there ever was, the oldest first."""
    with reading(engine) as connection:
        return keys.stored_keys(connection)


def usable(found: Iterable[StoredKey], now: datetime) -> list[StoredKey]:
    """The keys that open something."""
    return [one for one in found if one.state(now) == "usable"]


def _trace(connection: Connection, action: str, key: StoredKey, now: datetime) -> None:
    orgs = key.scope.organisations
    about = orgs[0] if len(orgs) == 1 else "several" if orgs else None
    audit.append(connection, [Look(now, "command", key.scope.role, f"{action} {key.prefix}", None, about, 0)])
