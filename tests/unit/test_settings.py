from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from waitlists.errors import BadArgument
from waitlists.settings import Settings, without_password

PASSWORD = "correct-horse"


def read(**environment: str) -> Settings:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(f"WAITLISTS_{name}", value)
        return Settings.read(env_file=None)


def test_with_nothing_set_a_newcomer_gets_a_file_next_to_the_code():
    settings = read()
    assert settings.database_url == "sqlite:///waitlists.db"
    assert (settings.inbox, settings.outbox) == (Path("inbox"), Path("outbox"))
    assert (settings.timezone, settings.suppression, settings.cluster) == ("Europe/London", "hes", "")
    assert (settings.log_level, settings.log_format) == ("info", "console")
    assert settings.smtp_url is None
    assert settings.retention_weeks is None


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DATABASE_URL", "mysql://x/y", "sqlite:///FILE"),
        ("DATABASE_URL", "sqlite:///", "sqlite:///FILE"),
        ("DATABASE_URL", f"postgres://u:{PASSWORD}@h/d", "postgresql+psycopg://"),
        ("SMTP_URL", f"http://u:{PASSWORD}@h", "smtp://"),
        ("SMTP_URL", "smtp://", "smtp://"),
        ("MAIL_FROM", "nobody", "one mail address"),
        ("MAIL_FROM", "a@b\r\nBcc: c@d", "one mail address"),
        ("MAIL_FROM", "a@b@c", "one mail address"),
        ("BASE_URL", "ftp://host", "http://"),
        ("BASE_URL", "https://", "http://"),
        ("TIMEZONE", "Kent/Maidstone", "Europe/London"),
        ("TIMEZONE", "../etc/passwd", "Europe/London"),
        ("SUPPRESSION", "none", "'hes' or 'mhsds'"),
        ("SUPPRESSION", "HESS", "'hes' or 'mhsds'; did you mean hes?"),
        ("LOG_LEVEL", "warn", "; did you mean warning?"),
        ("LOG_FORMAT", "jsonl", "; did you mean json?"),
        ("RETENTION_WEEKS", "0", "greater than or equal to 1"),
        ("RETENTION_WEEKS", "soon", "integer"),
        ("LOG_LEVEL", "loud", "debug"),
        ("LOG_FORMAT", "xml", "console"),
        ("CORS_ORIGINS", "*", "must be origins"),
        ("CORS_ORIGINS", "https://*.example.org", "no *"),
        ("CORS_ORIGINS", "https://a.example.org/", "must be origins"),
        ("CORS_ORIGINS", "https://a.example.org,null", "must be origins"),
        ("CORS_ORIGINS", "https://A.example.org", "as a browser does"),
        ("PATIENCE_SECONDS", "0", "greater than or equal to 0.1"),
        ("FETCH_HOSTS", "*.nhs.uk", "names of hosts"),
        ("FETCH_HOSTS", "https://www.england.nhs.uk", "names of hosts"),
        ("FETCH_HOSTS", "localhost", "names of hosts"),
    ],
)
def test_a_wrong_value_stops_the_start_with_one_line_that_names_the_variable(name: str, value: str, words: str):
    with pytest.raises(BadArgument) as caught:
        read(**{name: value})
    message = str(caught.value)
    assert message.startswith(f"WAITLISTS_{name} cannot be used: ")
    assert words in message
    assert caught.value.field == f"WAITLISTS_{name}"
    assert "\n" not in message
    assert PASSWORD not in message


@pytest.mark.parametrize(
    ("name", "hint"), [("DATABSE_URL", "did you mean WAITLISTS_DATABASE_URL?"), ("XYZZY", "WAITLISTS_XYZZY is not a")]
)
def test_a_misspelt_name_is_refused_and_never_a_silent_default(name: str, hint: str):
    with pytest.raises(BadArgument, match="is not a setting") as caught:
        read(**{name: "sqlite:///other.db"})
    assert hint in str(caught.value)


def test_names_for_the_tests_are_no_settings():
    assert read(TEST_POSTGRES_URL="postgresql://localhost/x") == read()


def test_the_environment_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    env_file = tmp_path / ".env"
    env_file.write_text(
        "WAITLISTS_LOG_FORMAT=json\nWAITLISTS_LOG_LEVEL=debug\nPOSTGRES_PASSWORD=other\n", encoding="utf-8"
    )
    monkeypatch.setenv("WAITLISTS_LOG_LEVEL", "ERROR")
    settings = Settings.read(env_file=env_file)
    assert (settings.log_format, settings.log_level) == ("json", "error")


def test_a_misspelt_name_in_the_file_is_refused_too(tmp_path: Path):
    (tmp_path / ".env").write_text("WAITLISTS_INBOXX=in\n", encoding="utf-8")
    with pytest.raises(BadArgument, match="did you mean WAITLISTS_INBOX"):
        Settings.read(env_file=tmp_path / ".env")


def test_an_empty_value_means_the_default():
    assert read(CLUSTER="", SMTP_URL="", DATABASE_URL="") == read()


def test_passwords_stay_out_of_repr_and_of_what_is_shown():
    settings = read(
        DATABASE_URL=f"postgresql://waitlists:{PASSWORD}@db:5432/waitlists",
        SMTP_URL=f"smtps://mail:{PASSWORD}@relay:465",
    )
    assert settings.database_url.startswith("postgresql+psycopg://")
    assert PASSWORD in settings.database_url
    assert PASSWORD not in repr(settings) + str(settings) + settings.database_shown
    assert settings.database_shown == "postgresql+psycopg://waitlists:***@db:5432/waitlists"


def test_settings_cannot_be_changed_once_read():
    settings = read()
    with pytest.raises(ValidationError, match="frozen"):
        settings.inbox = Path("elsewhere")


def test_a_base_url_loses_its_last_slash():
    assert read(BASE_URL="https://waits.example/").base_url == "https://waits.example"


@given(st.text("abcxyz019%._~-", min_size=1, max_size=20), st.booleans())
def test_no_password_survives_being_shown(password: str, has_port: bool):
    url = f"postgresql+psycopg://keeper:{password}@host{':5432' if has_port else ''}/base?sslmode=require"
    assert without_password(url) == url.replace(f":{password}@", ":***@")


def test_an_address_without_a_password_is_shown_as_it_is():
    assert without_password("sqlite:///waitlists.db") == "sqlite:///waitlists.db"
    assert without_password("postgresql+psycopg://keeper@host/base") == "postgresql+psycopg://keeper@host/base"
