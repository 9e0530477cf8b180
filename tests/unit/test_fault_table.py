"""docs/faults.md is true: every fault has its line, every test it names is there, every reason says something."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FAULTS = (("F", 35), ("I", 22), ("A", 15))
"""The kinds of fault, and how many there are of each."""

ROWS = re.findall(
    r"^\| ([FIA]\d\d) \| (.+?) \| (.+) \|$", (ROOT / "docs/faults.md").read_text(encoding="utf-8"), re.MULTILINE
)


@cache
def names_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_no_fault_is_left_out():
    assert [row[0] for row in ROWS] == [f"{kind}{number:02}" for kind, most in FAULTS for number in range(1, most + 1)]


@pytest.mark.parametrize(("fault", "what", "shown"), ROWS, ids=[row[0] for row in ROWS])
def test_what_is_said_to_show_it_is_there(fault: str, what: str, shown: str):
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", shown)
    assert named or len(shown.split()) >= 10, f"{fault} ({what}) has neither a test nor a reason"
    for path, name in named:
        assert (ROOT / path).is_file(), path
        assert not name or name in names_in(path), f"{path} has no {name}"
