"""Databases of both kinds, the command as a person runs it, and the published workbooks loaded once."""

import fcntl
import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import chdir, contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from unittest import mock

import pytest
import structlog
from sqlalchemy import Engine

from jobs.cli import main
from jobs.demo import stages
from jobs.load import Moment, load
from tests.conftest import unmeasured
from tests.databases import (
    database,
    database_url,
    empty_database,
    postgresql_url,
    sqlite_database,
    sqlite_template,
)
from waitlists.store.migrate import migrate
from waitlists.store.session import make_engine

__all__ = ["database", "database_url", "empty_database", "postgresql_url", "sqlite_database"]

ROOT = Path(__file__).parents[3]
LOADED_AT = datetime(2025, 9, 1, 9, tzinfo=UTC)
SMALL = stages.Size(scale=0.03, weeks=60)
"""The demonstration of the tests."""


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@dataclass(frozen=True)
class Shell:
    """Runs `waitlists` in a folder of its own, with settings of its own."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *words: object, **settings: str) -> Ended:
        """The command in this process, which is ten times faster than one of its own."""
        with self.monkeypatch.context() as patched:
            patched.chdir(self.folder)
            for name, value in settings.items():
                patched.setenv(f"WAITLISTS_{name}", value)
            self.capsys.readouterr()
            with pytest.raises(SystemExit) as ended:
                main([str(word) for word in words])
        return Ended(int(ended.value.code or 0), *self.capsys.readouterr())

    def start(self, *words: object, **settings: str) -> subprocess.Popen[str]:
        """The command as a process of its own, still running."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("WAITLISTS_")}
        given = {f"WAITLISTS_{name}": value for name, value in settings.items()}
        return subprocess.Popen(
            [sys.executable, "-m", "jobs", *map(str, words)],
            cwd=self.folder,
            env=clean | {"PYTHONPATH": str(ROOT), "COLUMNS": "200"} | given,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@contextmanager
def log_kept() -> Generator[None]:
    """A command sets up the log of its process, which is the tests' own."""
    handlers, level = logging.root.handlers[:], logging.root.level
    try:
        yield
    finally:
        logging.root.handlers[:] = handlers
        logging.root.setLevel(level)
        structlog.reset_defaults()


@pytest.fixture
def waitlists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Generator[Shell]:
    """The command, in a folder where nothing is yet."""
    with log_kept():
        yield Shell(tmp_path, monkeypatch, capsys)


@pytest.fixture
def ready(waitlists: Shell) -> Shell:
    """The command, in a folder with a database in which nothing is yet."""
    shutil.copy(sqlite_template(), waitlists.folder / "waitlists.db")
    return waitlists


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """What takes long to make, made once however many processes test; it is only read or copied."""
    base = factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / name).exists():
            make(shared / f"{name}.part")
            shutil.move(shared / f"{name}.part", shared / name)
    return shared / name


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where `waitlists demo` was run in small: its folder `demo`, and what it printed."""
    return made_once(tmp_path_factory, "demonstration", _demonstrate)


def _demonstrate(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    printed = StringIO()
    small = mock.patch.object(stages, "FULL", SMALL)
    with log_kept(), chdir(folder), redirect_stdout(printed), small, pytest.raises(SystemExit) as ended:
        main(["demo", "--no-serve", "--port", "8055"])
    assert not ended.value.code, printed.getvalue()
    (folder / "printed.txt").write_text(printed.getvalue(), encoding="utf-8")


@pytest.fixture(scope="session")
def real_file(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, chs_workbooks: list[Path]
) -> Path:
    """An SQLite file with all published workbooks."""
    with unmeasured(request.config):
        return made_once(tmp_path_factory, "published.db", lambda file: _load_all(file, chs_workbooks))


def _load_all(file: Path, workbooks: list[Path]) -> None:
    engine = make_engine(f"sqlite:///{file}")
    migrate(engine)
    # Latest first: the order must not matter, and this is the other one.
    outcome = load(engine, workbooks[::-1], moment=Moment(lambda: LOADED_AT), source=None, on_progress=lambda _: None)
    assert outcome.exit_code == 0, outcome.files
    engine.dispose()


@pytest.fixture
def published(real_file: Path) -> Generator[Engine]:
    """The published workbooks, to read from."""
    engine = make_engine(f"sqlite:///{real_file}")
    yield engine
    engine.dispose()
