"""The gates themselves can fail: each is shown something it must refuse."""

import tomllib
from pathlib import Path

import pytest
from grimp import ImportGraph

from tests import gates, house
from tests.import_rules import Barred


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny source tree that the house rules look at instead of ours."""
    (tmp_path / "waitlists").mkdir()
    monkeypatch.setattr(house, "ROOT", tmp_path)
    monkeypatch.setattr(house, "tree", lambda: [path.relative_to(tmp_path) for path in sorted(tmp_path.rglob("*.*"))])
    return tmp_path


@pytest.mark.parametrize(
    ("source", "rule", "words"),
    [
        ("x = 1  # pragma: no cover", house.pragmas_without_reason, "say why"),
        ("x = 1  # pragma: no branch - ok", house.pragmas_without_reason, "say why"),
        ("url = 'https://py" + "pi.org/simple'", house.registry_addresses, "registry"),
        ("# --extra-index-" + "url https://example.org", house.registry_addresses, "registry"),
        ("x = 1\n" * 301, house.long_files_and_functions, "301 lines"),
        ("def f():\n" + "    x = 1\n" * 45, house.long_files_and_functions, "f is longer"),
        ("x = datetime.now(UTC)", house.moments_and_environment, "pass a clock"),
        ("x = date.today()", house.moments_and_environment, "pass a clock"),
        ("x = time.time()", house.moments_and_environment, "pass a clock"),
        ("x = os.environ['HOME']", house.moments_and_environment, "settings come from"),
        ("x = os.environ.get('HOME')", house.moments_and_environment, "settings come from"),
    ],
)
def test_a_broken_rule_is_found_with_its_place(project: Path, source: str, rule, words: str):
    (project / "waitlists" / "odd.py").write_text(source, encoding="utf-8")
    (fault,) = rule()
    assert fault.startswith("waitlists/odd.py:")
    assert words in fault


def test_what_the_rules_allow_is_left_alone(project: Path):
    (project / "waitlists" / "plain.py").write_text(
        "x = 1  # pragma: no cover - only Windows gets here\nenviron = {**os.environ}\nos.environ['A'] = 'b'\n",
        encoding="utf-8",
    )
    (project / "jobs").mkdir()
    (project / "jobs" / "cli.py").write_text("x = datetime.now(UTC)\n", encoding="utf-8")
    rules = (house.pragmas_without_reason, house.moments_and_environment, house.registry_addresses)
    assert [fault for rule in rules for fault in rule()] == []


CONTRACT = {
    "within": ["waitlists", "forecasting"],
    "outside": ["waitlists.store", "waitlists.logs", "forecasting.fanout"],
}


@pytest.mark.parametrize(
    ("path", "pure"),
    [
        ("waitlists/bands.py", True),
        ("waitlists/__init__.py", True),
        ("waitlists/store/read.py", False),
        ("waitlists/store/__init__.py", False),
        ("waitlists/logs.py", False),
        ("waitlists/logstash.py", True),
        ("forecasting/models/naive.py", True),
        ("forecasting/fanout.py", False),
        ("api/app.py", False),
    ],
)
def test_the_pure_core_is_what_the_import_contract_says(path: str, pure: bool):
    assert gates.is_pure(path, CONTRACT) is pure


def test_one_branch_not_taken_fails_the_pure_core(capsys: pytest.CaptureFixture[str]):
    entry = {
        "summary": {"covered_lines": 9, "covered_branches": 3, "num_statements": 9, "num_branches": 4},
        "missing_lines": [],
        "missing_branches": [[7, 9]],
    }
    file = gates.covered("waitlists/bands.py", entry)
    assert not gates.judge("pure core", [file], gates.PURE_CORE)
    assert gates.judge("elsewhere", [file], 0.9)
    assert "waitlists/bands.py: 92.3%, not run: 7->9" in capsys.readouterr().out


def test_our_own_contract_names_the_rooms():
    contract = gates.pure_core_contract(tomllib.loads((gates.ROOT / "pyproject.toml").read_text(encoding="utf-8")))
    assert gates.is_pure("waitlists/domain.py", contract)
    assert not gates.is_pure("waitlists/settings.py", contract)


def barred(**options: object) -> Barred:
    return Barred("rule", {}, {"within": ["core"], "modules": ["os"], **options})


def test_an_import_through_another_module_counts():
    graph = ImportGraph()
    graph.add_import(importer="core.rule", imported="core.reader")
    graph.add_import(importer="core.reader", imported="os")
    check = barred(outside=["core.reader"]).check(graph, verbose=False)
    assert check.metadata["chains"] == [("core.rule", "core.reader", "os")]
    assert barred(outside=["core.reader"], direct_only="true").check(graph, verbose=False).kept


def test_a_new_file_falls_under_the_rule_by_itself():
    graph = ImportGraph()
    graph.add_import(importer="core.brand_new", imported="os")
    assert not barred().check(graph, verbose=False).kept
    assert barred(outside=["core.brand_new"]).check(graph, verbose=False).kept
