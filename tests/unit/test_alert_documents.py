"""The alert rules and the table of what to do: one for every kind of alert, in the words of the code."""

import re
from pathlib import Path

import pytest

from waitlists.alerts import KINDS, Urgency

ROOT = Path(__file__).parents[2]
RULE = re.compile(
    r"- alert: (?P<name>\w+)\n +expr: (?P<expr>.+)\n +for: \d+m\n +labels: \{urgency: (?P<urgency>\w+)\}\n"
    r" +annotations: \{summary: \"(?P<summary>.+)\"\}\n"
)


def rules() -> dict[str, re.Match[str]]:
    return {found["name"]: found for found in RULE.finditer((ROOT / "docs/alerts.yml").read_text(encoding="utf-8"))}


@pytest.mark.parametrize("code", [code for code, kind in KINDS.items() if kind.urgency is not Urgency.NOTE])
def test_every_kind_that_asks_for_a_person_has_a_rule(code: str):
    rule = rules()["Waitlists" + "".join(map(str.capitalize, code.split("_")))]
    assert rule["expr"] == f'max(waitlists_alert{{code="{code}"}}) > 0'
    assert (rule["urgency"], rule["summary"]) == (KINDS[code].urgency.value, KINDS[code].title)


def test_there_is_no_rule_more_but_for_a_service_that_is_down():
    text = (ROOT / "docs/alerts.yml").read_text(encoding="utf-8")
    notes = [kind for kind in KINDS.values() if kind.urgency is Urgency.NOTE]
    assert text.count("- alert:") == len(rules()) == len(KINDS) - len(notes) + 1
    assert "waitlists_ready == 0" in rules()["WaitlistsDown"]["expr"]


def test_the_handbook_says_what_to_do_about_each():
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (now|soon|note) \| \S.+ \|$", text, re.MULTILINE)
    assert rows == [(code, kind.urgency.value) for code, kind in KINDS.items()]


def test_every_measurement_named_in_the_handbook_is_made():
    from prometheus_client import CollectorRegistry, generate_latest

    from api.metrics import Metrics
    from api.state_metrics import StateMetrics

    registry = CollectorRegistry()
    StateMetrics(registry)
    made = (generate_latest(registry) + Metrics().text()).decode()
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(waitlists_\w+)`", text)) - {"waitlists_serving"}
    assert len(named) >= 10
    assert [name for name in named if f"# HELP {name}" not in made] == []
