"""Keys for tests of the API: one of each role, and a client that sends one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from jobs.keys import Wanted, create
from waitlists.security.access import Role

NOW = datetime(2025, 6, 2, 9, tzinfo=UTC)
PEPPER = "pinch-canary-7f3a"

HOLDERS = {
    "public": Wanted(Role.PUBLIC),
    "board": Wanted(Role.BOARD, ("QKS",)),
    "commissioner": Wanted(Role.COMMISSIONER, ("QKS",)),
    "neighbour": Wanted(Role.COMMISSIONER, ("QNX",)),
    "provider": Wanted(Role.PROVIDER, ("RYY",)),
    "other_provider": Wanted(Role.PROVIDER, ("NQ7",)),
    "admin": Wanted(Role.ADMIN),
}


def give_keys(engine: Engine, **more: Wanted) -> dict[str, str]:
    """A key for each holder, as they have it."""
    return {name: str(create(engine, wanted, now=NOW, pepper=PEPPER)[0]) for name, wanted in (HOLDERS | more).items()}


def expired_key(engine: Engine) -> str:
    """A key that was good for a day, two days ago."""
    wanted = replace(HOLDERS["admin"], days=1)
    return str(create(engine, wanted, now=NOW - timedelta(days=2), pepper=PEPPER)[0])


def bearer(key: str) -> dict[str, str]:
    """The header that a key travels in."""
    return {"Authorization": f"Bearer {key}"}
