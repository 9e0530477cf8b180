"""A12, through every door at once: what identifies or opens goes in everywhere, and comes out only where it belongs.

Doors: names and cells of files, settings, paths, queries, headers and bodies of requests, statements that the database
refuses. Looked through: both forms of log, what commands print, problems, measurements, every column of every table,
and every file that was not put there by the test.
"""

import io
import logging
import re
from datetime import timedelta
from itertools import count, product
from pathlib import Path

import pytest
import structlog
from sqlalchemy import insert, make_url, select
from sqlalchemy.exc import DBAPIError

from api.app import create_app
from api.callers import COOKIE, COOKIE_HERE
from jobs.keys import Wanted, create
from jobs.warn import keep
from tests.functional.api.conftest import NOW, Client, settings_of
from tests.functional.jobs.conftest import waitlists
from tests.functional.jobs.kit import book, changed, content_of
from tests.warned import warning
from waitlists.logs import configure
from waitlists.record.schema import SENT
from waitlists.security.access import Role
from waitlists.settings import Settings
from waitlists.store import write
from waitlists.store.session import make_engine, reading, writing
from waitlists.store.tables import metadata

pytestmark = pytest.mark.no_cover

__all__ = ["waitlists"]

PSEUDONYM = "q7zk4canary0193"
IDENTIFIERS = {"pseudonym": PSEUDONYM, "mail": "canary.parent@example.org", "number": "9434765919",
               "spaced": "943 476 5919"}  # fmt: skip
PASSWORD, PEPPER, MAIL_PASSWORD = "pa55canary71", "pepper-canary-52", "m41lcanary88"
FOREIGN_KEY = "wl_0badf00d_" + "5ec2e7ca" * 8
CELL = "Cell Canary-Zebedee"

WORDS_OF_A_PUBLISHER = {"delivery.notes", "finding.sentence"}
BELONGS = {PSEUDONYM: {"delivery.file_name", "refusal.file_name"} | WORDS_OF_A_PUBLISHER, CELL: WORDS_OF_A_PUBLISHER}
"""What has no look of its own is not told from a word: it stands in a file's name, kept as a label, and in the notes of
a publisher, which are repeated. No other canary belongs anywhere."""


RECORDS = {"referral", "quarantine"}
"""Where rows about children are kept: a pseudonym belongs there, and nothing else does, since its file is refused."""


@pytest.fixture
def url(database_url):
    """An address with a password, wherever there can be one."""
    given = make_url(database_url)
    is_server = given.get_backend_name() == "postgresql"
    return given.set(password=PASSWORD).render_as_string(hide_password=False) if is_server else database_url


@pytest.fixture
def settings(url):
    return {
        "DATABASE_URL": url,
        "KEY_PEPPER": PEPPER,
        "SMTP_URL": f"smtps://post:{MAIL_PASSWORD}@mail.example.org",
        "MAIL_FROM": IDENTIFIERS["mail"],
        "LOG_LEVEL": "debug",
    }


def files(folder: Path) -> Path:
    """Files named after canaries and full of them: good, broken, and of kinds that are not taken."""
    folder.mkdir()
    good = book(2024, 4)
    for canary in IDENTIFIERS.values():
        (folder / f"{canary}.xlsx").write_bytes(b"PK\x03\x04" + canary.encode() * 40)
        (folder / f"{canary} list.csv").write_text(records(canary), encoding="utf-8")
        (folder / f"return {canary}.csv").write_text(weekly(canary), encoding="utf-8")
    (folder / "extract.csv").write_text(records(PSEUDONYM, "pseudonym_id"), encoding="utf-8")
    (folder / f"good {PSEUDONYM} 9434765919.xlsx").write_bytes(content_of(good))
    for number, broken in enumerate(damaged(good)):
        (folder / f"cell-{number}.xlsx").write_bytes(content_of(broken))
    return folder


def damaged(good):
    """The workbook with a canary where a number stands, and one in each row above it in turn."""
    sheet = next(one for one in good.sheets if one.name == "Table 4")
    row, column = next((row, column) for row, cells in enumerate(sheet.rows) for column, cell in enumerate(cells)
                       if isinstance(cell, int) and row > 3)  # fmt: skip
    canaries = [*IDENTIFIERS.values(), CELL]
    yield from (changed(good, sheet.name, row, column, canary) for canary in canaries)
    above = [head for head in range(row) if sheet.rows[head]]
    for canary, head in product(canaries, above):
        yield changed(good, sheet.name, head, min(column, len(sheet.rows[head]) - 1), canary)


def records(canary: str, last: str = "nhs_number") -> str:
    """A referral extract full of one text, by default with a column that may not be there."""
    header = [*(name for name in SENT if name != last), last]
    return "\n".join([",".join(header), ",".join([canary] * len(header)), ""])


def weekly(canary: str) -> str:
    header = "week_ending,provider,service,waiting_for,measure,band,reason,count"
    return "\n".join([header, ",".join([canary] * 8), f"2025-03-30,RYY,SALT,assessment,waiting,0-1,,{canary}", ""])


def found_in(text: str, *, among=None) -> set[str]:
    """The canaries in a text."""
    secrets = {PASSWORD, PEPPER, MAIL_PASSWORD, FOREIGN_KEY[12:], CELL}
    return {canary for canary in (among or {*IDENTIFIERS.values(), *secrets}) if canary in text}


def stored(engine) -> dict[str, set[str]]:
    """The columns in which each canary stands."""
    places: dict[str, set[str]] = {}
    with reading(engine) as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)).mappings():
                for column, value in row.items():
                    for canary in found_in(str(value)) - ({PSEUDONYM} if table.name in RECORDS else set()):
                        places.setdefault(canary, set()).add(f"{table.name}.{column}")
    return places


@pytest.mark.parametrize("form", ["json", "console"])
def test_what_is_loaded_leaves_nothing_behind_but_where_it_belongs(waitlists, url, settings, form):
    inbox = files(waitlists.folder / "inbox")
    before = set(waitlists.folder.rglob("*"))
    ended = [waitlists(*words, **settings, LOG_FORMAT=form)
             for words in (("load", inbox), ("load", inbox, "--json"), ("status",), ("keys", "list"),
                           ("audit", "show"), ("load", inbox / "9434765919.pdf"))]  # fmt: skip
    assert ended[0].code == 11, ended[0].err
    printed = "".join(one.out for one in ended)
    assert found_in(printed) <= set(BELONGS)
    assert found_in("".join(one.err for one in ended)) == set()
    engine = make_engine(url)
    try:
        assert stored(engine) == BELONGS
    finally:
        engine.dispose()
    for path in set(waitlists.folder.rglob("*")) - before:
        assert path.name.startswith("waitlists.db"), path
    log = "".join(one.err for one in ended)
    assert "load.refused" in log


HEADERS = ("Authorization", "X-Forwarded-For", "Forwarded", "Referer", "User-Agent", "Cookie", "Host", "If-None-Match",
           "Accept", "Accept-Language", "Idempotency-Key", "Origin", "X-Request-ID", "Content-Type")  # fmt: skip
PATHS = ("/v1/waiting-lists/{0}/QKS", "/v1/waiting-lists/SALT/{0}", "/v1/waiting-lists?org={0}", "/v1/deliveries/{0}",
         "/v1/findings?code={0}", "/v1/series/SALT/QKS/{0}", "/v1/services?cursor={0}", "/v1/runs?as_of={0}", "/{0}",
         "/static/{0}", "/health/{0}", "/v1/breaches/{0}", "/v1/breaches?standard={0}", "/v1/trends/SALT/{0}/list_size",
         "/v1/trends/summary?profile={0}", "/lists/{0}/QKS", "/lists/SALT/{0}/list.csv", "/?org={0}",
         "/breaches/{0}")  # fmt: skip


@pytest.mark.parametrize("form", ["json", "console"])
def test_what_is_asked_comes_back_nowhere(kent_file, form):
    key, _ = create(kent_file, Wanted(Role.ADMIN), now=NOW, pepper=PEPPER)
    secret = str(key)[12:]
    app = create_app(settings_of(kent_file, key_pepper=PEPPER, rate_per_second=100_000), clock=lambda: NOW)
    with logged(form) as log, Client(app) as client:
        answers = [*asked(client, {"Authorization": f"Bearer {key}"})]
        measured = client.get("/metrics", headers={"Authorization": f"Bearer {key}"}).text
    assert {answer.status_code for answer in answers} >= {200, 404, 405, 422}
    assert [answer.url.path for answer in answers if answer.status_code >= 500] == []
    said = "".join(answer.text + str(sorted(answer.headers.items())) for answer in answers)
    canaries = {*IDENTIFIERS.values(), FOREIGN_KEY[12:], PEPPER, secret}
    assert "api.answered" in log.getvalue()
    for text in (said, measured, log.getvalue(), str(stored(kent_file))):
        assert found_in(text, among=canaries) == set()


def asked(client, known):
    """Each canary through each door of a request, with a key and without."""
    strange = [*IDENTIFIERS.values(), FOREIGN_KEY]
    for canary, path in product(strange, PATHS):
        yield client.get(path.format(canary), headers=known)
    for canary, header in product(strange, HEADERS):
        value = f"Bearer {canary}" if header == "Authorization" else canary
        yield client.get("/v1/services", headers=known | {header: value})
    for canary, method in product(strange, ("POST", "PUT", "PATCH", "DELETE")):
        body = {"json": {"note": canary, canary: 1}} if method == "POST" else {"content": canary.encode()}
        yield client.request(method, "/v1/waiting-lists", headers=known, **body)
    for canary in strange:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        yield client.request("POST", "/sign-in", headers=form, content=f"key={canary}".encode())
        yield client.get("/", headers={"Cookie": f"{COOKIE_HERE}={canary}; {COOKIE}={canary}"})
        taken = {"reason": canary, "until": canary}
        for path in (f"/v1/breaches/{canary}/acknowledgement", f"/breaches/{canary}"):
            yield client.request("POST", path, headers=known | {"Idempotency-Key": canary}, json=taken)


class logged:  # noqa: N801 - read as the words of a with statement
    """The log of a block, at its most talkative, in one form."""

    def __init__(self, form: str) -> None:
        self.form = form

    def __enter__(self) -> io.StringIO:
        self.before = logging.root.handlers[:], logging.root.level
        stream = io.StringIO()
        configure(level="debug", form=self.form, stream=stream)
        # The client of this test is no part of the service, and logs what it asks.
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        return stream

    def __exit__(self, *_) -> None:
        logging.root.handlers[:], level = self.before
        logging.root.setLevel(level)
        structlog.reset_defaults()


ABOUT = ("--role", "board", "--service", "SALT", "--org", "QKS")


def test_what_is_written_to_people_and_kept_elsewhere_leaves_nothing_behind(waitlists, settings):
    """Addresses stand with their subscribers; what a backup is called and says of itself names nobody."""
    canary = IDENTIFIERS["mail"]
    (waitlists.folder / "SALT.xlsx").write_bytes(content_of(book(2024, 4)))
    settings = {name: value for name, value in settings.items() if name not in {"DATABASE_URL", "SMTP_URL"}}
    commands = (("load", "SALT.xlsx"), ("subscribers", "add", canary, *ABOUT), ("subscribers", "add", canary, *ABOUT),
                ("subscribers", "list"), ("subscribers", "list", "--json"), ("outbox", "list"), ("outbox", "send"),
                ("audit", "show"), ("backup", "one.backup"), ("backup", "one.backup", "--json"),
                ("restore", "one.backup"), ("restore", f"{canary}.backup"), ("status",))  # fmt: skip
    ended = [waitlists(*words, **settings) for words in commands]
    assert [one.code for one in ended[:2]] == [0, 0]
    assert found_in("".join(one.out + one.err for one in ended[:-2])) == set()
    assert found_in("".join(one.err for one in ended[-2:])) <= {canary}  # a file that is not there is named as typed
    assert [path.name for path in waitlists.folder.rglob("*") if found_in(path.name)] == []
    engine = make_engine(f"sqlite:///{waitlists.folder / 'waitlists.db'}")
    try:
        assert stored(engine) == {canary: {"subscriber.address"}}
    finally:
        engine.dispose()


def test_a_reason_that_names_somebody_is_refused_and_kept_nowhere(kent_file):
    """Only a pseudonym has no look of its own; who writes one into a reason says so to the owners of the list."""
    day, key = NOW.date(), create(kent_file, Wanted(Role.COMMISSIONER, ("QKS",)), now=NOW, pepper=PEPPER)[0]
    with writing(kent_file) as connection:
        run_id = write.start_run(connection, command="warn", as_of=day, now=NOW)
        keep(connection, [warning(as_of=day)], as_of=day, run_id=run_id)
        write.publish(connection, run_id=run_id, now=NOW)
        write.finish_run(connection, run_id, status="done", summary={}, now=NOW)
    headers, path = {"Authorization": f"Bearer {key}"}, f"/v1/breaches/{warning(as_of=day).id}/acknowledgement"
    named = {name: one for name, one in IDENTIFIERS.items() if name != "pseudonym"} | {"key": FOREIGN_KEY}
    passing = count()
    app = create_app(settings_of(kent_file, key_pepper=PEPPER), clock=lambda: NOW + timedelta(seconds=next(passing)))
    with Client(app) as client:
        answers = [
            client.request(
                "POST",
                path,
                headers=headers | {"Idempotency-Key": name},
                json={"reason": f"Asked {canary} about it.", "until": day.isoformat()},
            )
            for name, canary in named.items()
        ]
        answers.append(client.get(f"/v1/breaches/{warning(as_of=day).id}", headers=headers))
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 200]
    with reading(kent_file) as connection:
        reasons = connection.execute(select(metadata.tables["breach_acknowledgement"].c.reason)).scalars().all()
    assert reasons == []
    for text in (*(answer.text for answer in answers), str(stored(kent_file))):
        assert found_in(text, among={*named.values(), FOREIGN_KEY[12:]}) == set()


@pytest.fixture
def kent_file(sqlite_database):
    from tests.functional.api.kent import fill

    fill(sqlite_database)
    return sqlite_database


WRONG = {"DATABASE_URL": f"mysql://u:{PASSWORD}@h/d", "SMTP_URL": f"http://u:{MAIL_PASSWORD}@h", "BASE_URL": f"ftp://{CELL}",
         "MAIL_FROM": f"{IDENTIFIERS['mail']},x"}  # fmt: skip
FREE = {str, Path, Path | None}
"""What any text may be given for, so that no value is wrong."""
CHECKED = [
    name.upper() for name, field in Settings.model_fields.items() if field.metadata or field.annotation not in FREE
]


@pytest.mark.parametrize("name", CHECKED)
def test_a_setting_that_is_wrong_is_named_and_its_value_is_not(waitlists, name):
    ended = waitlists("status", **{name: WRONG.get(name, f"{PSEUDONYM} {FOREIGN_KEY}!")})
    assert (ended.code, f"WAITLISTS_{name}" in ended.err) == (2, True)
    assert found_in(ended.out + ended.err) == set()


def test_a_database_that_is_away_is_named_without_its_password(waitlists):
    away = f"postgresql+psycopg://keeper:{PASSWORD}@127.0.0.1:1/lists"
    for command in (("status",), ("migrate",), ("keys", "list")):
        ended = waitlists(*command, DATABASE_URL=away, LOG_LEVEL="debug")
        assert ended.code == 12
        assert found_in(ended.out + ended.err) == set()


def test_a_statement_the_database_refuses_is_told_without_its_values(database):
    """What nobody foresaw ends in a traceback; the row that caused it must not be in it."""
    table = metadata.tables["finding"]
    row = {"delivery_id": 77_777, "code": "odd", "severity": PSEUDONYM[:9], "period_end": NOW.date(), "details": {},
           "known_from": NOW.date(), "sentence": IDENTIFIERS["spaced"], "is_across": False}  # fmt: skip
    for wrong in (row, {**row, "severity": "info"}, {**row, "delivery_id": PSEUDONYM}):
        with pytest.raises(DBAPIError) as caught, writing(database) as connection:
            connection.execute(insert(table), [wrong])
        chain = [caught.value, caught.value.orig, caught.value.__cause__, caught.value.__context__]
        text = "".join(f"{error} {getattr(error, 'args', '')}" for error in chain if error)
        assert found_in(text, among={IDENTIFIERS["spaced"], PSEUDONYM, PSEUDONYM[:9], "77777"}) == set(), text
        assert re.search(r"finding|constraint|invalid input|FOREIGN KEY|datatype", text)
