"""JSON pointers (RFC 6901) into an answer: every node that matters, patterns over them, a copy with some replaced."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeVar, cast

Found = TypeVar("Found")


def nodes(
    value: Any, *, find: Callable[[str], Found | None], pointer: str = ""
) -> Iterator[tuple[str, Any, Found | None]]:
    """Pointer, value and kind of every node of which one is found, and of everything else that is no container."""
    kind = find(pointer)
    inner = inside(value) if kind is None else None
    if inner is None:
        yield pointer, value, kind
        return
    for step, _, one in inner:
        yield from nodes(one, find=find, pointer=f"{pointer}/{step}")


def rebuilt(value: Any, new: Mapping[str, object], pointer: str = "") -> Any:
    """A copy of an answer with what stands in `new` at each of its `nodes`."""
    if pointer in new:
        return new[pointer]
    copied = [(key, rebuilt(one, new, f"{pointer}/{step}")) for step, key, one in inside(value) or ()]
    return dict(copied) if isinstance(value, Mapping) else [one for _, one in copied]


@lru_cache(maxsize=1024)
def regex(pattern: str) -> re.Pattern[str]:
    """A pattern of pointers: `*` is one step, `/**` at the end is everything below.

    >>> bool(regex("/bands/*/count").fullmatch("/bands/3/count")), bool(regex("/links/**").fullmatch("/links/self"))
    (True, True)
    """
    head, below = (pattern.removesuffix("/**"), "(?:/.*)?") if pattern.endswith("/**") else (pattern, "")
    return re.compile(re.escape(head).replace(r"\*", "([^/]*)") + below, re.DOTALL)


def inside(value: Any) -> list[tuple[str, Any, Any]] | None:
    """What a container holds, with the step to it as a pointer writes it and its key; None for anything else."""
    if isinstance(value, Mapping):
        pairs = list(cast("Mapping[Any, Any]", value).items())
    elif isinstance(value, list | tuple):
        pairs = list(enumerate(cast("list[Any]", value)))
    else:
        return None
    return [(escaped(key), key, one) for key, one in pairs]


def escaped(key: object) -> str:
    """A key or a place as a step of a pointer."""
    return str(key).replace("~", "~0").replace("/", "~1")


def says_something(value: object) -> bool:
    """Whether a value is a number, or prose with a figure in it."""
    if isinstance(value, str):
        return " " in value and any(sign.isdigit() for sign in value)
    return isinstance(value, int | float) and not isinstance(value, bool)
