import ast
from pathlib import Path

import pytest

from tests import mutants

SOURCE = '''"""A rule."""
LIMIT = 18

def share(days: int, bands: "list[int]") -> float:
    """Shares, 0 to 1."""
    if not bands:
        raise ValueError("no bands at 0")
    return sum(bands) + min(days, LIMIT) > 7 and True
'''


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[mutants.Mutant]:
    (tmp_path / "rule.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    return list(mutants.mutants("rule.py"))


def test_every_small_change_is_made_once_and_words_are_left_alone(made: list[mutants.Mutant]):
    assert sorted(mutant.change for mutant in made) == [
        "'min' -> 'max'", "18 -> 19", "7 -> 8", "Add -> Sub", "And -> Or", "Gt -> GtE", "True -> False",
        "condition turned", "not dropped", "raises something else", "returns None",
    ]  # fmt: skip


def test_each_mutant_compiles_and_differs(made: list[mutants.Mutant]):
    plain = ast.unparse(ast.parse(SOURCE))
    for mutant in made:
        tree = ast.parse(SOURCE)
        node = list(ast.walk(tree))[mutant.index]
        mutants.changes(node)[mutant.variant][1]()
        assert ast.unparse(ast.fix_missing_locations(tree)) != plain
        compile(tree, "rule.py", "exec")


def test_rules_name_files_that_exist_and_have_tests():
    for path in mutants.RULES:
        assert (mutants.ROOT / path).is_file()
        assert mutants.tests_of(path)
