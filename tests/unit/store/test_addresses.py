"""Which database addresses are taken, and what is said of the others."""

import pytest

from waitlists.errors import BadArgument, DatabaseUnavailable
from waitlists.store.session import make_engine


@pytest.mark.parametrize(
    "url", ["mysql://ann:secret@db/waitlists", "not an address", "sqlite://", "sqlite:///:memory:", "sqlite:///file:x"]
)
def test_an_address_that_cannot_be_used_is_refused_without_being_repeated(url):
    with pytest.raises(BadArgument) as refused:
        make_engine(url)
    assert refused.value.field == "DATABASE_URL"
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("url", ["postgresql://ann@db/waitlists", "postgresql+psycopg2://ann@db/waitlists"])
def test_postgresql_is_spoken_to_by_one_driver(url):
    assert make_engine(url).dialect.driver == "psycopg"


def test_a_relative_file_stays_where_it_was_when_the_folder_changes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    engine = make_engine("sqlite:///waitlists.db")
    monkeypatch.chdir("/")
    engine.connect().close()
    engine.dispose()
    assert (tmp_path / "waitlists.db").exists()


def test_a_new_file_is_for_its_owner_alone(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'waitlists.db'}")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE x (y)")
        connection.commit()
        modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    engine.dispose()
    assert set(modes.values()) == {0o600}


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(DatabaseUnavailable, match="does not exist"):
        make_engine(f"sqlite:///{tmp_path / 'nowhere' / 'waitlists.db'}")


def test_a_file_that_cannot_be_created_is_named(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    engine = make_engine(f"sqlite:///{folder / 'waitlists.db'}")
    folder.rmdir()
    with pytest.raises(DatabaseUnavailable, match="cannot be created"):
        engine.connect()
