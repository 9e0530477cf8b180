"""docs/safety/statement.md: no child is scored, ranked or prioritised. Here is what would have to be broken first."""

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

from api.app import create_app
from waitlists.record.schema import FIELDS
from waitlists.settings import Settings
from waitlists.store import tables

ROOT = Path(__file__).parents[2]
JUDGING = re.compile(r"score|rank|priorit|risk|triage|urgen|severity|percentile_of|order_by|sort")
OF_LISTS = {"scores", "severity", "urgency"}
"""The back-test of a model; how much a finding about a figure or a warning about a list matters; how soon an alert
about the service needs a person."""
AS_SENT = {"clinical_response_priority_type"}
"""What a clinician said, kept as the sender gave it: the clock of eating disorder services depends on it."""


def judging(names) -> set[str]:
    return {name for name in names if JUDGING.search(name.lower())}


def test_no_table_holds_a_score_rank_or_priority_of_ours():
    columns = [(table.name, column.name) for table in tables.metadata.tables.values() for column in table.c]
    assert judging(name for _, name in columns) <= OF_LISTS | AS_SENT
    assert {table for table, name in columns if name in OF_LISTS} == {
        "forecast",
        "finding",
        "breach_warning",
        "breach_acknowledgement",
    }


def test_no_answer_and_no_question_holds_one():
    app = create_app(Settings(database_url="sqlite:///unused.db"), clock=lambda: datetime.now(UTC))
    description = app.openapi()
    shapes = description["components"]["schemas"].items()
    fields = {(shape, field) for shape, found in shapes for field in found.get("properties", {})}
    assert judging(field for _, field in fields) <= OF_LISTS | AS_SENT
    holders = {shape for shape, field in fields if field in OF_LISTS}
    about_children = {shape for shape, field in fields if field in {"service_request_identifier", "pseudonym_id"}}
    assert holders & about_children == set()
    assert judging(asked_of(description)) <= {"severity"}


def asked_of(description) -> set[str]:
    ways = [way for path in description["paths"].values() for way in path.values()]
    return {parameter["name"] for way in ways for parameter in way.get("parameters", [])}


def test_no_model_reads_a_referral():
    """A forecast is made from series: nothing in its room imports what knows rows about children."""
    found = set()
    for path in (ROOT / "forecasting").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
                found |= {name for name in names if "referral" in name or "record" in name}
    assert found == set()


def test_what_is_forecast_is_a_list():
    facts_of_a_child = {field.name for field in FIELDS} - {"service"}
    for table in (tables.forecast, tables.clearance):
        assert facts_of_a_child & {column.name for column in table.c} == set()
        assert {"service", "org"} <= {column.name for column in table.c}


def test_the_test_would_notice():
    assert judging(["risk_score", "triage_band", "priority_rank", "list_size", "weeks_waited"]) == {
        "risk_score",
        "triage_band",
        "priority_rank",
    }
