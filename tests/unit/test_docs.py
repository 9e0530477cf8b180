"""The documents name only what exists: commands, targets, settings, files, exit codes; each word is defined once."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer.main

from api.examples.lists import WAITING_LIST
from tests import record_page
from waitlists.errors import WaitlistsError
from waitlists.record.fields import REQUIRED, SENT
from waitlists.settings import PREFIX, TEST_PREFIX, Settings

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
ADRS = sorted((ROOT / "docs/adr").glob("*.md"))


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def named(pattern: str) -> list[tuple[str, str]]:
    """Every match of a pattern in every page, with the page's name."""
    return [
        (page.relative_to(ROOT).as_posix(), found) for page in PAGES for found in re.findall(pattern, text_of(page))
    ]


def code_named(pattern: str) -> list[tuple[str, str]]:
    """The same within code spans and blocks, where a word is meant literally."""
    spans = r"```.*?```|`[^`\n]+`"
    return [
        (page.relative_to(ROOT).as_posix(), found)
        for page in PAGES
        for span in re.findall(spans, text_of(page), re.DOTALL)
        for found in re.findall(pattern, span)
    ]


def test_every_command_named_exists():
    from jobs.cli import app

    commands = set(typer.main.get_command(app).commands)
    assert [
        (page, name) for page, name in code_named(r"(?:^|[`/\s])waitlists ([a-z]+)\b") if name not in commands
    ] == []


def test_every_command_is_in_the_handbook():
    from jobs.cli import app

    operations = text_of(ROOT / "docs/operations.md")
    commands = typer.main.get_command(app).commands
    assert [
        name for name in commands if f"`waitlists {name} " not in operations and f"`waitlists {name}`" not in operations
    ] == []


def test_every_option_named_with_a_command_is_one_of_its_own():
    """`waitlists load FILE --as-of DATE`: the words after a command are followed down to it, its options looked up."""
    from jobs.cli import app

    waitlists = typer.main.get_command(app)
    wrong = [
        (page, line)
        for page, line in code_named(r"(?:^|[`\n$] ?)waitlists ([a-z][^`\n]*)")
        if options_unknown(waitlists, line)
    ]
    assert wrong == []
    assert options_unknown(waitlists, "keys create --role admin --colour red") == {"--colour"}


def options_unknown(command, line: str) -> set[str]:
    for word in line.split():
        within = getattr(command, "commands", {})
        if word not in within:
            break
        command = within[word]
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    return set(re.findall(r"(?<=\s)--[a-z][\w-]*", line)) - known - {"--help"}


def test_every_make_target_named_exists_and_is_explained():
    makefile = text_of(ROOT / "Makefile")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert [(page, name) for page, name in code_named(r"\bmake ([a-z]+)\b") if name not in targets] == []
    assert targets == set(re.findall(r"^([a-z]+):.*## \S", makefile, re.MULTILINE))


def test_every_setting_named_exists_and_every_setting_is_documented():
    settings = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    used = {name for _, name in named(r"WAITLISTS_[A-Z_]+[A-Z]") if not name.startswith(TEST_PREFIX)}
    assert used <= settings
    operations = text_of(ROOT / "docs/operations.md")
    assert {name for name in settings if f"| `{name}` |" in operations} == settings


def test_defaults_in_the_table_are_those_of_the_code():
    rows = re.findall(r"^\| `(WAITLISTS_\w+)` \| (.+?) \|", text_of(ROOT / "docs/operations.md"), re.MULTILINE)
    for name, shown in rows:
        default = Settings.model_fields[name.removeprefix(PREFIX).lower()].default
        assert shown == ("none" if default in {None, ""} else f"`{default}`"), name


def test_every_exit_code_is_explained():
    def tree(error: type[WaitlistsError]) -> set[int]:
        return {error.exit_code}.union(*map(tree, error.__subclasses__()))

    rows = re.findall(r"^\| (\d+) \|", text_of(ROOT / "docs/operations.md"), re.MULTILINE)
    assert {int(code) for code in rows} == tree(WaitlistsError) | {0}


def test_every_route_is_documented_and_every_route_documented_exists():
    from api.app import create_app

    app = create_app(Settings(database_url="sqlite:///unused.db"), clock=lambda: datetime.now(UTC))
    served = set(app.openapi()["paths"])
    table = re.search(r"## Routes(.*?)\n## ", text_of(ROOT / "docs/api.md"), re.DOTALL)
    assert table is not None
    assert set(re.findall(r"(/(?:v1|health|metrics)[\w/{}-]*)[`?]", table[1])) == served


def test_the_answer_that_the_readme_quotes_is_quoted_whole():
    quoted = re.findall(r"^> (.*)$", text_of(ROOT / "README.md"), re.MULTILINE)
    assert " ".join(quoted) == WAITING_LIST["sentence"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path):
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text_of(page))
    inside = [target for target in targets if not target.startswith(("http://", "https://"))]
    assert [target for target in inside if not (page.parent / target).exists()] == []


def test_files_and_folders_named_exist():
    paths = code_named(r"(?<![\w/.-])((?:waitlists|forecasting|api|jobs|tests|docs)/[\w./-]+)")
    later = {"tests/golden"}
    missing = [(page, path) for page, path in paths if not (ROOT / path.rstrip("/.")).exists()]
    assert [item for item in missing if item[1] not in later and "NAME" not in item[1]] == []


@pytest.mark.parametrize("page", ADRS, ids=lambda page: page.stem)
def test_a_decision_record_is_short_and_whole(page: Path):
    text = text_of(page)
    assert re.match(rf"# {page.stem[:4]}\. \S", text)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert re.search(r"^\*\*Status:\*\* (accepted|superseded by \d{4})$", text, re.MULTILINE)
    assert len(text.splitlines()) <= 20


def test_decision_records_are_numbered_without_a_gap():
    assert [int(page.stem[:4]) for page in ADRS] == list(range(1, len(ADRS) + 1))


def test_each_word_is_defined_once():
    terms = [term.lower() for term in re.findall(r"^- \*\*(.+?)\*\*:", text_of(ROOT / "GLOSSARY.md"), re.MULTILINE)]
    assert len(terms) > 50
    assert sorted(terms) == sorted(set(terms))


def test_words_not_to_be_said_of_children_are_not_said():
    barred = r"(?i)\b(backlog kids|DNA rate|pathway patients|sufferers?)\b"
    assert named(barred) == []


def test_findings_named_are_those_the_code_makes():
    sources = "\n".join(text_of(path) for room in ("waitlists", "jobs") for path in (ROOT / room).rglob("*.py"))
    listed = re.search(r"## Findings(.*?)\n## ", text_of(ROOT / "docs/methods.md"), re.DOTALL)
    assert listed is not None
    codes = re.findall(r"`([a-z]+(?:_[a-z]+)+)`", "\n".join(re.findall(r"^\| (`.+?) \|", listed[1], re.MULTILINE)))
    assert len(codes) >= 10
    assert [code for code in codes if f'"{code}"' not in sources] == []


def test_the_page_of_records_holds_every_field_as_it_is():
    text = text_of(record_page.PAGE)
    assert record_page.SECTION.search(text)
    assert record_page.written(text) == text
    assert all(f"| `{name}` | {'must' if name in REQUIRED else 'may'} |" in text for name in SENT)
