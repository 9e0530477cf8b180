"""What the user that serves the API may do in PostgreSQL, table by table; a table that is not listed stops the command.

Two database users: the owner migrates, loads, forecasts and makes keys; the other one serves, and may do what stands
here and nothing else; the owner needs TEMPORARY on the database too, which everybody has unless it was taken away
(`rehearsal`). So whoever takes over the serving process can neither change a figure, nor make a key, nor read
or rewrite the audit.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from sqlalchemy import Connection, text

from waitlists.alerts import MissingGrants
from waitlists.errors import BadArgument
from waitlists.store.tables import metadata

NOTHING: Final = ()
_READS: Final = ("SELECT",)

SERVING: Final[Mapping[str, tuple[str, ...]]] = {
    "alembic_version": _READS,
    "api_key": ("SELECT", "UPDATE (last_used_at)"),
    # Written, never read: the trail is looked at by the owner's commands alone.
    "audit": ("INSERT",),
    "audit_tally": ("SELECT", "UPDATE (entries, head)"),
    # Added to by whoever takes a warning, and never changed.
    "breach_acknowledgement": ("SELECT", "INSERT"),
    "breach_assessment": _READS,
    "breach_warning": _READS,
    "clearance": _READS,
    "coverage": _READS,
    "dataset_version": _READS,
    "decided_week": _READS,
    "decision": _READS,
    "delivery": _READS,
    # Files as they came: no answer is made from them.
    "delivery_content": NOTHING,
    "detail": _READS,
    # Known to restores alone.
    "erased_pseudonym": NOTHING,
    # What commands may count again is their own business.
    "erasure": NOTHING,
    "figure": _READS,
    "finding": _READS,
    # Claimed, kept and forgotten by the routes that change something.
    "first_answer": ("SELECT", "INSERT", "UPDATE", "DELETE"),
    "forecast": _READS,
    # Why a delivery waits, for the alerts; of its rows nothing stands there.
    "held_delivery": _READS,
    "job_run": _READS,
    # Worked out by commands, which have published what it is of.
    "judged_list": _READS,
    "non_submission": _READS,
    "organisation": _READS,
    # Mail is counted for the alerts, never read.
    "outbox": ("SELECT (kind, slot, subscriber_id, state, queued_at, settled_at, held_at)",),
    # Rows that broke a rule are counted for the alerts, never read.
    "quarantine": ("SELECT (delivery_id, state)",),
    "referral": _READS,
    "referral_delivery": _READS,
    "referral_due": _READS,
    "refusal": _READS,
    "run": _READS,
    "series": _READS,
    "subscriber": NOTHING,
    "vintage": _READS,
}
"""Privileges by table, in PostgreSQL's words. A new table is decided on here, with the route that needs it."""


def grant_serving(connection: Connection, role: str) -> None:
    """Give a database user these privileges and take away all others it had on this database's tables.

    Raises
    ------
    BadArgument
        The database is SQLite, which knows no users; or the user does not exist, is a superuser or has the owner's
        rights, so that no grant would hold it back.
    """
    if connection.dialect.name != "postgresql":
        raise BadArgument("SQLite knows no users: its file belongs to whoever may open it", field="--grant")
    _check_role(connection, role)
    quoted = connection.dialect.identifier_preparer.quote_identifier(role)
    for statement in _statements(connection, quoted):
        connection.execute(text(statement))


def serving_users(connection: Connection) -> tuple[str, ...]:
    """Database users that were granted serving before: they may add to the audit, and have not the owner's rights."""
    if connection.dialect.name != "postgresql":
        return ()
    asked = """SELECT DISTINCT r.rolname FROM pg_class c, aclexplode(c.relacl) g JOIN pg_roles r ON r.oid = g.grantee
        WHERE c.oid = 'public.audit'::regclass AND g.privilege_type = 'INSERT'
          AND NOT r.rolsuper AND NOT pg_has_role(r.oid, current_user, 'MEMBER') ORDER BY r.rolname"""
    return tuple(connection.execute(text(asked)).scalars())


def missing_grants(connection: Connection) -> tuple[MissingGrants, ...]:
    """What users may not do that serve: the one that is connected, or for the owner all that were granted serving.

    One look at the catalogue; a table or column that is not there is the schema's matter and not told here.
    """
    if connection.dialect.name != "postgresql":
        return ()
    me, is_owner = connection.execute(text(_WHO)).one()
    users = serving_users(connection) if is_owner else (me,)
    if not users:
        return ()
    tables, privileges, columns = zip(*_wanted(), strict=True)
    asked = {"users": list(users), "tables": list(tables), "privileges": list(privileges), "columns": list(columns)}
    found: dict[str, list[tuple[str, str]]] = {}
    for user, table, privilege, column in connection.execute(text(_MISSING), asked):
        found.setdefault(user, []).append((table, privilege if column is None else f"{privilege} ({column})"))
    return tuple(MissingGrants(user, tuple(lacks)) for user, lacks in found.items())


_WHO: Final = """SELECT current_user, pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class
    WHERE oid = 'public.alembic_version'::regclass"""

# Whatever is null, as a table that is not there, is told by nobody: NOT NULL is null.
_MISSING: Final = """SELECT u.name, w.name, w.privilege, w.column_name
    FROM unnest(CAST(:users AS text[])) WITH ORDINALITY u(name, place),
      unnest(CAST(:tables AS text[]), CAST(:privileges AS text[]), CAST(:columns AS text[]))
        WITH ORDINALITY w(name, privilege, column_name, place)
      LEFT JOIN pg_attribute a ON a.attrelid = to_regclass('public.' || w.name) AND a.attname = w.column_name
    WHERE NOT CASE WHEN w.column_name IS NULL
        THEN has_table_privilege(u.name, to_regclass('public.' || w.name), w.privilege)
      ELSE has_column_privilege(u.name, a.attrelid, a.attnum, w.privilege) END
    ORDER BY u.place, w.place"""


def _wanted() -> Iterator[tuple[str, str, str | None]]:
    """Table, privilege and column of all that serving needs; no column is all of them."""
    for table, privileges in SERVING.items():
        for privilege in privileges:
            word, _, columns = privilege.partition(" ")
            yield from ((table, word, column or None) for column in re.findall(r"\w+", columns) or [""])


def _check_role(connection: Connection, role: str) -> None:
    asked = "SELECT rolsuper, pg_has_role(oid, current_user, 'MEMBER') AS is_owner FROM pg_roles WHERE rolname = :role"
    found = connection.execute(text(asked), {"role": role}).first()
    if found is None:
        raise BadArgument("there is no such database user; create it first (see docs/operations.md)", field="--grant")
    if found.rolsuper or found.is_owner:
        raise BadArgument("this user has the owner's rights, so grants would not hold it back", field="--grant")


def _statements(connection: Connection, role: str) -> list[str]:
    quote = connection.dialect.identifier_preparer.quote_identifier
    database = quote(str(connection.engine.url.database))
    given = [
        f"GRANT {privilege} ON TABLE {quote(table)} TO {role}"
        for table in (*sorted(metadata.tables), "alembic_version")
        for privilege in SERVING[table]
    ]
    return [
        # Taking a privilege from a table takes it from its columns too.
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {role}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {database} TO {role}",
        f"GRANT USAGE ON SCHEMA public TO {role}",
        *given,
    ]
