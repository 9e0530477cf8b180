"""`waitlists keys` and `waitlists audit` as a person types them."""

import re
import sqlite3
from contextlib import closing

import pytest

from jobs.keys import Wanted, create
from tests.functional.jobs.kit import NOW
from waitlists.errors import BadArgument
from waitlists.security.access import Role
from waitlists.security.keys import keyed_hash, parse_key
from waitlists.store import keys
from waitlists.store.session import reading


def run_sql(folder, *statements):
    with closing(sqlite3.connect(folder / "waitlists.db")) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def test_a_key_is_printed_once_and_only_its_hash_is_kept(ready):
    made = ready("keys", "create", "--role", "provider", "--org", "RYY", "--org", "NQ7", KEY_PEPPER="pinch")
    assert made.code == 0
    key = parse_key(made.out.strip())
    assert key is not None
    assert f"provider key {key.prefix} for NQ7, RYY" in made.err
    kept = ready("keys", "list", "--json").json["items"]
    assert [(one["prefix"], one["role"], one["organisations"], one["state"]) for one in kept] == [
        (key.prefix, "provider", ["NQ7", "RYY"], "usable")
    ]
    everything = b"".join(path.read_bytes() for path in ready.folder.iterdir())
    assert key.secret.encode() not in everything
    assert keyed_hash(key, "pinch").encode() in everything


@pytest.mark.parametrize("role", Role)
def test_every_role_can_be_given_a_key(ready, role):
    own = ("--org", "RYY") if role is Role.PROVIDER else ()
    made = ready("keys", "create", "--role", role, *own, "--name", "The rota", "--days", 2, "--json").json
    assert parse_key(made["key"])
    assert (made["role"], made["name"], made["last_used_at"]) == (role, "The rota", None)


def test_a_key_for_no_organisation_says_what_it_will_not_see(ready):
    assert "published figures alone" in ready("keys", "create", "--role", "commissioner").err
    assert "published figures alone" not in ready("keys", "create", "--role", "public").err


@pytest.mark.parametrize(
    "words", [("--role", "emperor"), ("--role", "provider", "--org", "QSK"), ("--role", "public", "--days", "0"),
              ("--role", "public", "--name", "x" * 81), ("--role", "commissioner", "--org", "RYY"),
              ("--role", "provider", "--org", "QKS"), ()],
)  # fmt: skip
def test_a_key_that_cannot_be_made_is_not(ready, words):
    assert ready("keys", "create", *words).code == 2
    assert ready("keys", "list", "--json").json == {"items": []}


def test_a_key_of_a_provider_that_is_nobodys_is_told_what_it_needs(ready):
    said = ready("keys", "create", "--role", "provider")
    assert (said.code, said.out) == (2, "")
    assert "name at least one, as in --org RYY" in " ".join(said.err.split())
    assert ready("keys", "list", "--json").json == {"items": []}


def test_a_key_is_revoked_by_its_prefix_or_as_a_whole(ready):
    for form in ("prefix", "key"):
        made = ready("keys", "create", "--role", "board", "--json").json
        assert ready("keys", "revoke", made[form], "--json").json == {"prefix": made["prefix"], "state": "revoked"}
        again = ready("keys", "revoke", made[form])
        assert (again.code, made["key"] in again.err) == (2, False)
    assert {one["state"] for one in ready("keys", "list", "--json").json["items"]} == {"revoked"}
    made = ready("keys", "create", "--role", "board", "--json").json
    assert ready("keys", "revoke", f"wl_{made['prefix']}", "--json").json["prefix"] == made["prefix"]
    mistyped = ready("keys", "revoke", made["key"][:-1])
    assert (mistyped.code, made["key"][:-1] in mistyped.err) == (2, False)


def test_making_a_key_says_what_changes_with_it(ready):
    said = ready("keys", "create", "--role", "board").err
    assert "every caller of the API needs one" in said
    assert "setting it later ends this key" in said


def test_the_list_shows_prefixes_and_no_secret(ready):
    made = ready("keys", "create", "--role", "commissioner", "--org", "QKS", "--json").json
    shown = ready("keys", "list").out
    assert re.search(rf"{made['prefix']}\s+commissioner\s+QKS\s+usable .* never", shown)
    assert made["key"][12:] not in shown
    assert f"Revoked {made['prefix']}" in ready("keys", "revoke", made["prefix"]).out


def test_making_and_revoking_leave_their_trace(ready):
    made = ready("keys", "create", "--role", "commissioner", "--org", "QKS", "--json").json
    ready("keys", "revoke", made["prefix"])
    entries = ready("audit", "show", "--json").json["items"]
    assert [(one["actor"], one["action"], one["org"]) for one in entries] == [
        ("command", f"keys create {made['prefix']}", "QKS"),
        ("command", f"keys revoke {made['prefix']}", "QKS"),
    ]
    shown = ready("audit", "show", "--limit", "1").out
    assert f"keys revoke {made['prefix']}" in shown
    assert "keys create" not in shown
    assert ready("audit", "show", "--actor", "loopback", "--json").json == {"items": []}


def test_verifying_says_whole_or_names_the_broken_link(ready):
    for _ in range(3):
        ready("keys", "create", "--role", "public", "--org", "QKS", "--org", "QJG")
    whole = ready("audit", "verify")
    assert (whole.code, whole.out.startswith("Whole: 3 entries.")) == (0, True)
    run_sql(ready.folder, "DROP TRIGGER audit_no_update", "UPDATE audit SET result = 9 WHERE id = 2")
    broken = ready("audit", "verify")
    assert (broken.code, "BROKEN: entry 2 was changed" in broken.out) == (1, True)
    said = ready("audit", "verify", "--json")
    assert (said.code, said.json["whole"], said.json["entries"]) == (1, False, 1)


def test_keys_live_in_either_database(database):
    key, stored = create(database, Wanted(Role.ADMIN), now=NOW, pepper="", random=lambda size: b"\1" * size)
    assert key.prefix == "01010101"
    with reading(database) as connection:
        assert keys.stored_keys(connection) == [stored]


def test_a_name_is_short_and_printable(database):
    for name in ("x" * 81, "a\nb"):
        with pytest.raises(BadArgument, match="printable"):
            create(database, Wanted(Role.ADMIN, name=name), now=NOW, pepper="")
