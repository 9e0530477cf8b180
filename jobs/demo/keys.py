"""A key for each role, in a file beside the demonstration's database; readable by its owner alone."""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Engine

from jobs.keys import Wanted, create, listed, usable
from waitlists.errors import BadArgument
from waitlists.security.access import Role
from waitlists.security.keys import is_same_hash, keyed_hash, parse_key

NAME = "Demonstration"
HELD_FOR = {Role.COMMISSIONER: ("QKS",), Role.BOARD: ("QKS",), Role.PROVIDER: ("RYY",)}


def demo_keys(file: Path, engine: Engine, *, now: datetime, pepper: str) -> dict[str, str]:
    """The keys of the file, by role; new ones where the file is not there or any of them opens nothing.

    Raises
    ------
    BadArgument
        When the file cannot be written.
    """
    held = _held(file)
    if held and _all_open(held, engine, now=now, pepper=pepper):
        return held
    made = {
        role.value: str(create(engine, Wanted(role, HELD_FOR.get(role, ()), NAME), now=now, pepper=pepper)[0])
        for role in Role
    }
    try:
        file.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            json.dump(made, out, indent=2)
            out.write("\n")
    except OSError as error:
        raise BadArgument(f"cannot write {file}: {error.strerror}", field="--dir") from None
    return made


def _held(file: Path) -> dict[str, str]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    held = cast(dict[Any, Any], found) if isinstance(found, dict) else {}
    return {str(role): str(key) for role, key in held.items()}


def _all_open(held: dict[str, str], engine: Engine, *, now: datetime, pepper: str) -> bool:
    if set(held) != set(Role):
        return False
    stored = {key.prefix: key for key in usable(listed(engine), now)}
    keys = [parse_key(text) for text in held.values()]
    return all(
        key is not None and key.prefix in stored and is_same_hash(keyed_hash(key, pepper), stored[key.prefix].hash)
        for key in keys
    )
