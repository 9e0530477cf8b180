"""`waitlists backup` and `waitlists restore` as a person runs them."""

from datetime import date
from pathlib import Path

from tests.deliveries import MARCH, load, parsed
from waitlists.store.session import make_engine


def filled(waitlists) -> str:
    waitlists("migrate")
    engine = make_engine(f"sqlite:///{waitlists.folder / 'waitlists.db'}")
    load(engine, parsed(MARCH, {("SALT", "QKS"): 1651}, published_on=date(2025, 5, 15)))
    engine.dispose()
    return f"sqlite:///{waitlists.folder / 'new.db'}"


def test_a_backup_is_written_and_put_back_on_an_empty_host(waitlists):
    new = filled(waitlists)
    written = waitlists("backup")
    assert (written.code, written.err) == (0, "")
    (file,) = (waitlists.folder / "backups").iterdir()
    assert f"Dataset version 1 is in {file.relative_to(waitlists.folder)}" in written.out
    assert "it was read back and is whole" in written.out
    restored = waitlists("restore", file, DATABASE_URL=new)
    assert restored.code == 0
    assert "every table has its rows" in restored.out
    assert "Readers see it as dataset version 2." in restored.out
    assert "THE DATABASE WAS EMPTY" in restored.out
    assert waitlists("audit", "verify", DATABASE_URL=new).code == 0


def test_a_full_database_is_replaced_only_when_asked(waitlists):
    new = filled(waitlists)
    made = waitlists("backup", "one.backup", "--json").json
    assert made["dataset_version"] == 1
    refused = waitlists("restore", "one.backup")
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "say --replace" in refused.err
    answer = waitlists("restore", "one.backup", "--replace", "--json").json
    assert (answer["content_hash"], answer["is_later_known"]) == (made["content_hash"], True)
    told = waitlists("restore", "one.backup", "--replace").out
    assert "THE DATABASE WAS EMPTY" not in told
    assert "Erased again" not in told
    assert waitlists("restore", "waitlists.db", DATABASE_URL=new).code == 10
    assert waitlists("restore", "none.backup", DATABASE_URL=new).code == 2


def test_on_another_host_no_mail_goes_out_without_a_persons_word(waitlists):
    """What the host that is gone sent since the backup is not known: mail that waited, and that of weeks since."""
    new = filled(waitlists)
    about = ("--role", "board", "--service", "SALT", "--org", "QKS")
    waitlists("subscribers", "add", "board@example.org", *about)
    waitlists("warn", "--as-of", "2025-06-02")
    waitlists("backup", "one.backup")
    told = waitlists("restore", "one.backup", DATABASE_URL=new).out
    assert "NOR IS IT KNOWN WHAT MAIL WAS SENT since: 1 mails that waited in the backup are held" in told
    # A key made on a new host before the restore makes it no host that knows.
    waitlists("keys", "create", "--role", "board", DATABASE_URL=new)
    again = waitlists("restore", "one.backup", "--replace", "--json", DATABASE_URL=new).json
    assert (again["is_later_known"], again["mail_held"]) == (True, 0)
    assert waitlists("outbox", "send", "--json", DATABASE_URL=new).json["sent"] == 0
    waitlists("subscribers", "add", "late@example.org", *about, DATABASE_URL=new)
    assert waitlists("warn", "--as-of", "2025-06-02", "--json", DATABASE_URL=new).json["mails_queued"] == 1
    assert waitlists("outbox", "send", "--json", DATABASE_URL=new).json["sent"] == 0
    assert "2 of the queued held" in waitlists("outbox", "list", DATABASE_URL=new).out
    assert "Mail is held, 2" in waitlists("status", DATABASE_URL=new).out
    assert waitlists("outbox", "release", "--json", DATABASE_URL=new).json == {"released": 2}
    assert waitlists("outbox", "send", "--json", DATABASE_URL=new).json["sent"] == 2


def test_a_database_of_another_history_does_not_know_what_was_sent(waitlists):
    new = filled(waitlists)
    waitlists("backup", "one.backup")
    waitlists("migrate", DATABASE_URL=new)
    waitlists("keys", "create", "--role", "board", DATABASE_URL=new)
    assert not waitlists("restore", "one.backup", "--replace", "--json", DATABASE_URL=new).json["is_later_known"]
    assert waitlists("outbox", "withdraw", "--json", DATABASE_URL=new).json == {"withdrawn": 0}


def test_older_backups_go_but_none_that_somebody_named(waitlists):
    filled(waitlists)
    folder = waitlists.folder / "backups"
    folder.mkdir()
    for day in (13, 14, 15):
        (folder / f"waitlists-202611{day}T020000Z.backup").touch()
    (folder / "before-the-move.backup").touch()
    assert "Deleted" not in waitlists("backup", "--keep", 9).out
    newest = max(folder.glob("waitlists-*"))
    said = waitlists("backup", folder / "mine.backup", "--keep", 2)
    assert "Deleted 2 older backups." in said.out
    left = {path.name for path in folder.iterdir()}
    assert left == {"waitlists-20261115T020000Z.backup", newest.name, "before-the-move.backup", "mine.backup"}
    assert waitlists("backup", "--keep", 0).code == 2


def test_an_older_backup_that_cannot_be_deleted_is_told(waitlists, monkeypatch):
    filled(waitlists)
    folder = waitlists.folder / "backups"
    folder.mkdir()
    (folder / "waitlists-20261113T020000Z.backup").touch()

    def refusing(path, **options):
        if path.name.startswith("waitlists-20261113"):
            raise PermissionError(1, "Operation not permitted")
        unlink(path, **options)

    unlink = Path.unlink
    monkeypatch.setattr(Path, "unlink", refusing)
    said = waitlists("backup", "--keep", 1)
    assert said.code == 14
    assert "it was read back and is whole" in said.out
    assert f"cannot be deleted from {folder.relative_to(waitlists.folder)} (Operation not permitted)" in said.err
    assert len(list(folder.iterdir())) == 2


def test_what_is_erased_again_is_counted(waitlists):
    from tests.faults.test_backup_faults import put_a_child

    filled(waitlists)
    engine = make_engine(f"sqlite:///{waitlists.folder / 'waitlists.db'}")
    put_a_child(engine, "a" * 64)
    engine.dispose()
    waitlists("backup", "one.backup")
    (waitlists.folder / "gone.txt").write_text("a" * 64 + "\n", encoding="utf-8")
    assert waitlists("erase", "--pseudonym-file", "gone.txt").code == 0
    told = waitlists("restore", "one.backup", "--replace").out
    assert "Erased again: 1 versions of referrals and 0 quarantined rows." in told
