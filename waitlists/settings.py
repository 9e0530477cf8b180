"""The settings, read once from the environment and `.env`, frozen, and passed down from there.

Every name is WAITLISTS_ and the field in capitals; docs/operations.md has the table. A value that cannot be used, or a
name nobody knows, stops the start with one line: a misspelt setting must not become a silent default. Nothing else in
the project reads the environment.
"""

import os
import re
from collections.abc import Iterable
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from waitlists.errors import BadArgument
from waitlists.mail.addresses import mail_address
from waitlists.mail.server import mail_server

PREFIX = "WAITLISTS_"
TEST_PREFIX = "WAITLISTS_TEST_"
"""Names under this prefix steer the tests and are no settings."""

PUBLISHERS = (
    "www.england.nhs.uk,files.digital.nhs.uk,digital.nhs.uk,explore-education-statistics.service.gov.uk,"
    "www.opendata.nhs.scot"
)
"""Hosts on which the figures are published that this service reads."""

_DATABASES = ("sqlite:///", "postgresql+psycopg://")


def _database_url(value: str) -> str:
    value = value.replace("postgresql://", "postgresql+psycopg://", 1)
    if not value.startswith(_DATABASES) or value in _DATABASES:
        raise ValueError("must be sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/DATABASE")
    return value


def _web_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be a web address that begins with http:// or https://")
    return value.rstrip("/")


def _smtp_url(value: str | None) -> str | None:
    if value is not None:
        try:
            mail_server(value)
        except BadArgument as error:
            raise ValueError(str(error)) from None
    return value


def _mail_address(value: str) -> str:
    try:
        return mail_address(value)
    except BadArgument:
        raise ValueError("must be one mail address and nothing else") from None


def _reply_address(value: str | None) -> str | None:
    return None if value is None else _mail_address(value)


def _proxies(value: str) -> str:
    for one in filter(None, value.split(",")):
        try:
            ip_network(one.strip())
        except ValueError:
            raise ValueError("must be addresses or networks such as 10.0.0.7,10.1.0.0/16") from None
    return value


def _origins(value: str) -> str:
    for one in filter(None, value.split(",")):
        parts = urlsplit(one)
        if parts.scheme not in {"http", "https"} or not parts.hostname or one != f"{parts.scheme}://{parts.netloc}":
            raise ValueError("must be origins such as https://board.example.org,https://other.example.org")
        if "*" in one or "@" in one or one != one.lower():
            raise ValueError("must name each origin as a browser does: lower case, no *, no user")
    return value


def _hosts(value: str) -> str:
    for one in filter(None, value.split(",")):
        if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", one):
            raise ValueError("must be names of hosts such as www.england.nhs.uk, each whole, in lower case")
    return value


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("must be a time zone such as Europe/London") from None
    return value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


class Settings(BaseSettings):
    """What a person may choose about this installation; frozen, and without passwords in its repr."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    database_url: Annotated[str, AfterValidator(_database_url)] = Field("sqlite:///waitlists.db", repr=False)
    inbox: Path = Path("inbox")
    outbox: Path = Path("outbox")
    backups: Path = Path("backups")
    mappings: Path | None = None
    smtp_url: Annotated[str | None, AfterValidator(_smtp_url)] = Field(None, repr=False)
    mail_from: Annotated[str, AfterValidator(_mail_address)] = "waitlists@localhost"
    mail_reply_to: Annotated[str | None, AfterValidator(_reply_address)] = None
    base_url: Annotated[str, AfterValidator(_web_url)] = "http://127.0.0.1:8000"
    timezone: Annotated[str, AfterValidator(_timezone)] = "Europe/London"
    cluster: str = ""
    key_pepper: str = Field("", repr=False)
    proxies: Annotated[str, AfterValidator(_proxies)] = ""
    rate_per_second: int = Field(200, ge=1, le=100_000)
    patience_seconds: float = Field(30, ge=0.1, le=3600)
    cors_origins: Annotated[str, AfterValidator(_origins)] = ""
    fetch_hosts: Annotated[str, AfterValidator(_hosts)] = PUBLISHERS
    suppression: Annotated[Literal["hes", "mhsds"], BeforeValidator(_lower)] = "hes"
    retention_weeks: int | None = Field(None, ge=1, le=5200)
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = "info"
    log_format: Annotated[Literal["console", "json"], BeforeValidator(_lower)] = "console"

    @classmethod
    def read(cls, *, env_file: Path | None = Path(".env")) -> Self:
        """Settings of this process: the environment first, then `.env`, then the defaults.

        Raises
        ------
        BadArgument
            A value cannot be used or a WAITLISTS_ name is unknown; the message names the variable, never the value.
        """
        _refuse_unknown_names([*os.environ, *(dotenv_values(env_file) if env_file else ())], known=cls.model_fields)
        try:
            return cls(_env_file=env_file)  # pyright: ignore[reportCallIssue]  # pydantic-settings adds it at run time
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            name = f"{PREFIX}{first['loc'][0]}".upper()
            reason = first["msg"].removeprefix("Value error, ") + _meant(first)
            raise BadArgument(f"{name} cannot be used: {reason}", field=name) from None

    @property
    def zone(self) -> ZoneInfo:
        """Whose mornings the clock goes by."""
        return ZoneInfo(self.timezone)

    @property
    def backs_up(self) -> bool:
        """Whether somebody named the folder of backups: then the clock makes them too."""
        return "backups" in self.model_fields_set

    @property
    def database_shown(self) -> str:
        """The database's address as it may be shown or logged: without its password."""
        return without_password(self.database_url)


def without_password(url: str) -> str:
    """The same address with `***` in place of a password.

    >>> without_password("postgresql+psycopg://waitlists:pa55@db:5432/waitlists")
    'postgresql+psycopg://waitlists:***@db:5432/waitlists'
    """
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    if ":" not in user:
        return url
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}:***{at}{host}"))


def _meant(error: ErrorDetails) -> str:
    """Of some words that a setting may be the one that a wrong one is most like; the wrong one is not repeated."""
    words = re.findall("'([^']+)'", str(error.get("ctx", {}).get("expected", "")))
    near = get_close_matches(str(error["input"]), words, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _refuse_unknown_names(names: Iterable[str], *, known: Iterable[str]) -> None:
    allowed = sorted(f"{PREFIX}{field}".upper() for field in known)
    for name in map(str.upper, names):
        if name.startswith(PREFIX) and not name.startswith(TEST_PREFIX) and name not in allowed:
            near = get_close_matches(name, allowed, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise BadArgument(f"{name} is not a setting{hint}", field=name)
