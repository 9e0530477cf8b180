"""The board's matrix, worked out once figures have been published: whoever asks for it then only looks it up.

What is worked out is what the API would answer, so the API's own code does it, and is named here as its server is told
which application to start. Whether this ran changes how long an answer takes, never what it says.
"""

from collections.abc import Callable
from datetime import date
from pkgutil import resolve_name
from typing import Final

from sqlalchemy import Engine

from jobs.outcomes import Progress
from waitlists.logs import logger
from waitlists.security.access import NOTHING_UNPUBLISHED
from waitlists.store.read_lists import count_of_lists
from waitlists.store.read_sheets import has_hidden_figures
from waitlists.store.session import reading
from waitlists.suppression import Rule

KEEPER: Final = "api.ahead:keep_ahead"


MOST_AT_ONCE: Final = 1_000
"""Lists that a load judges before it ends: a board's own by far, and not England's, which take many minutes."""


def is_judged_at_once(engine: Engine, *, most: int = MOST_AT_ONCE) -> bool:
    """Whether there are figures that nobody publishes, and lists few enough for who loads to wait for."""
    with reading(engine) as connection:
        is_own = has_hidden_figures(connection, NOTHING_UNPUBLISHED)
        return is_own and count_of_lists(connection) <= most


def judge_ahead(engine: Engine, rule: Rule, *, day: date, on_progress: Callable[[Progress], None]) -> int:
    """Judge the series of every service that is not judged as it stands; of how many services that was."""
    keep = resolve_name(KEEPER)

    def tell(done: int, total: int) -> None:
        on_progress(Progress("judging trends", done, total))

    services: int = keep(engine, rule, day=day, on_done=tell)
    if services:
        logger().info("trends.judged", services=services, rule=rule.value)
    return services
