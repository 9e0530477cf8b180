"""docs/safety names only tests and files that exist, leaves no hazard without a control, and invents no number."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAFETY = ROOT / "docs/safety"
PAGES = sorted(SAFETY.glob("*.md"))
CITED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
HAZARDS_OF_THE_DOMAIN = (
    "Stale figures shown as fresh", "suppressed number read as zero", "forecast read as a promise", "wrong clock",
    "missed or misdirected email", "copied or missing list read as progress", "place lost in a provider change",
    "same child counted twice",
)  # fmt: skip


def text_of(name: str) -> str:
    return (SAFETY / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_named_exists(page):
    cited = CITED.findall(page.read_text(encoding="utf-8"))
    missing = [
        (file, name)
        for file, name in cited
        if not (ROOT / file).is_file()
        or not re.search(rf"^def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert missing == []


def test_no_test_is_named_in_a_way_that_is_not_looked_at():
    loose = [line for page in PAGES for line in re.findall(r"`[^`]*::[^`]*`", page.read_text(encoding="utf-8"))]
    assert [span for span in loose if not CITED.fullmatch(span)] == []


def test_the_index_leads_to_every_page():
    linked = set(re.findall(r"\]\((\w[\w-]*\.md)\)", text_of("README.md")))
    assert linked == {page.name for page in PAGES} - {"README.md"}


def test_every_hazard_is_whole():
    hazards = re.split(r"^## ", text_of("hazard-log.md"), flags=re.MULTILINE)[1:]
    for number, hazard in enumerate(hazards, start=1):
        title = hazard.splitlines()[0]
        assert title.startswith(f"H{number:02}. ")
        parts = re.findall(r"^- \*\*(.+?):\*\* \S", hazard, re.MULTILINE)
        assert parts == ["Cause", "Effect", "Controls", "Residual", "Owner"], title
        assert CITED.search(hazard), title
        assert re.search(r"\*\*Residual:\*\* (low|medium|high)\b", hazard), title
    for named in HAZARDS_OF_THE_DOMAIN:
        assert any(named in hazard.splitlines()[0] for hazard in hazards), named


def test_the_safety_case_names_hazards_that_are_in_the_log():
    named = set(re.findall(r"\bH\d{2}\b", text_of("safety-case.md")))
    assert len(named) > 10
    assert named <= set(re.findall(r"^## (H\d{2})\.", text_of("hazard-log.md"), re.MULTILINE))


def test_every_chapter_is_answered():
    rows = re.findall(r"^\| (V\d+)[^|]*\|[^|]*\| (.+) \|$", text_of("asvs.md"), re.MULTILINE)
    assert {chapter for chapter, _ in rows} == {f"V{number}" for number in range(1, 18)}
    unanswered = [row for row in rows if not re.search(r"`tests/|open: \w|does not apply: \w", row[1])]
    assert unanswered == []


def test_the_model_card_repeats_only_numbers_that_were_measured():
    measured = re.search(r"## Measured(.*?)\n## ", text_of("model-card.md"), re.DOTALL)
    assert measured is not None
    table = "".join(re.findall(r"^\| .+$", measured[1], re.MULTILINE))
    numbers = set(re.findall(r"\d[\d,]*(?:\.\d+)?%?", table))
    methods = (ROOT / "docs/methods.md").read_text(encoding="utf-8")
    assert len(numbers) > 8
    assert {number for number in numbers if number not in methods} == set()


def test_the_template_leaves_decisions_to_the_controller():
    template = text_of("dpia-template.md")
    for decision in ("Controller", "Article 6", "Article 9", "Data protection officer"):
        assert re.search(rf"^\| {decision}[^|]*\| \[", template, re.MULTILINE), decision
    assert "WAITLISTS_RETENTION_WEEKS" in template
