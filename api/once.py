"""POST routes answer once: each asks for `FirstTime`, whose `answer` does the work or gives the first answer again.

The work and its kept answer are one transaction, so a request that was answered was done, and one that was not may be
sent again with its key. What is refused or fails is not kept, for it did nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import Depends, Header
from sqlalchemy import Connection
from starlette.responses import Response

from api.answers import JSON, Question
from api.dependencies import Ask
from api.problems import FirstAtWork, KeyMissing, KeyReused
from waitlists.security.once import Claim, Done, Fate, claimed, is_key
from waitlists.store.once import claim_first, keep_first, release
from waitlists.store.session import writing

REPLAYED = "Idempotent-Replayed"

Work = Callable[[Connection], tuple[int, Any]]
"""Does what was asked for; a status below 400 and the body of the answer."""


@dataclass(frozen=True, slots=True)
class Once:
    """A request that changes something, and its claim to be the first under its key."""

    ask: Question
    claim: Claim

    def answer(self, work: Work) -> Response:
        """The answer of the work, done now or when this was asked first.

        Raises
        ------
        FirstAtWork
            The first request under the key has not ended.
        KeyReused
            The key was used for something else.
        """
        engine, now = self.ask.running.engine, self.ask.running.clock()
        with writing(engine) as connection:
            fate, first = claim_first(connection, self.claim, now=now)
        if fate is Fate.REFUSE:
            raise KeyReused("this Idempotency-Key was used with other parameters: take a new one for a new request")
        if fate is Fate.WAIT:
            raise FirstAtWork("the first request with this Idempotency-Key is still at work: ask again in a moment")
        return _response(first, is_replay=True) if fate is Fate.REPLAY and first else _response(self._done(work, now))

    def _done(self, work: Work, started_at: datetime) -> Done:
        engine = self.ask.running.engine
        try:
            with writing(engine) as connection:
                status, body = work(connection)
                done = Done(status, orjson.dumps(body, option=orjson.OPT_UTC_Z))
                self._keep(connection, done, started_at)
        except BaseException:
            with writing(engine) as connection:
                release(connection, self.claim, started_at=started_at)
            raise
        return done

    def _keep(self, connection: Connection, done: Done, started_at: datetime) -> None:
        if not keep_first(connection, self.claim, done, started_at=started_at):
            raise FirstAtWork("this took so long that it was given up: ask again with the same key")


async def first_time(
    ask: Ask,
    idempotency_key: Annotated[
        str | None,
        Header(description="Names this request: sent again with the same key, it is done once."),
    ] = None,
) -> Once:
    """The request with its claim, or 400 where it names none."""
    return await once_named(ask, idempotency_key or "")


async def once_named(ask: Question, key: str) -> Once:
    """The request with its claim under a key that came with it, or 400 where it is none."""
    if not is_key(key):
        raise KeyMissing("send an Idempotency-Key of 1 to 255 visible ASCII characters, a new one for each request")
    request = ask.request
    parameters = request.scope["path"].encode() + b"?" + request.scope["query_string"]
    return Once(
        ask,
        claimed(
            ask.view.actor,
            key,
            route=f"{request.method} {request.scope['route'].path}",
            parameters=parameters,
            body=await request.body(),
        ),
    )


FirstTime = Annotated[Once, Depends(first_time)]


def _response(done: Done, *, is_replay: bool = False) -> Response:
    return Response(done.body, done.status, {REPLAYED: "true"} if is_replay else {}, JSON)
