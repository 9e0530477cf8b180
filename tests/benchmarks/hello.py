"""The least that FastAPI can answer: what our own answers are compared with, behind the same server."""

from fastapi import FastAPI


def app() -> FastAPI:
    """One route, no layer around it, no key, no log line, no audit."""
    plain = FastAPI(openapi_url=None)

    @plain.get("/hello")
    async def hello() -> dict[str, str]:
        return {"hello": "world"}

    return plain
