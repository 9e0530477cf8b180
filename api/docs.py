"""The page for people who read the API's description: Swagger UI at /docs, all from here."""

from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from api.security import DOCS_POLICY

STATIC = Path(__file__).parent / "static"

DOCS = """\
<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Waiting lists: the questions this service answers</title>
<link rel="icon" type="image/png" href="/static/swagger-ui/favicon-32x32.png">
<link rel="stylesheet" href="/static/swagger-ui/swagger-ui.css">
<link rel="stylesheet" href="/static/docs.css">
</head>
<body>
<noscript><p>This page needs JavaScript; <a href="/openapi.json">/openapi.json</a> says the same.</p></noscript>
<div id="swagger-ui"></div>
<script src="/static/swagger-ui/swagger-ui-bundle.js"></script>
<script src="/static/docs.js"></script>
</body>
</html>
"""


def install(app: FastAPI) -> None:
    """Serve the page at /docs and the files it needs, with those of the other pages."""

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(DOCS, headers={"Content-Security-Policy": DOCS_POLICY})

    app.mount("/static", GZipMiddleware(_Kept(directory=STATIC)), name="static")


class _Kept(StaticFiles):
    """Files that a browser may keep, asking each time whether they are still the same."""

    def file_response(self, *args: Any, **options: Any) -> Response:
        """The file or, to whoever holds it, 304."""
        answer = super().file_response(*args, **options)
        answer.headers["Cache-Control"] = "no-cache"
        return answer
