"""`make mutants`: break the pure rules on purpose, one small change at a time, and see whether a test notices.

Each mutant is compiled in a forked child, in place of the module it comes from, and the module's own unit, spec and
property tests run until the first failure. A mutant that no test notices is printed with its line: either a test is
missing or the line says nothing. Sentences, docstrings, annotations and decorators are left alone. Gate: 90% noticed.
"""

import argparse
import ast
import contextlib
import importlib.util
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path

import hypothesis
import numpy as np
import pydantic_settings
import pytest

ROOT = Path(__file__).parents[1]
GATE = 0.90
LIMIT_SECONDS = 30
PRELOADED = (hypothesis, np, pydantic_settings)
"""Heavy imports made once, before forking; nothing of the project itself may be loaded by then."""

RULES = {
    "waitlists/bands.py": ("band",),
    "waitlists/spread.py": ("band",),
    "waitlists/single_weeks.py": ("single_weeks",),
    "waitlists/periods.py": ("period",),
    "waitlists/vintages.py": ("vintage",),
    "waitlists/counts/histories.py": ("series",),
    "waitlists/series.py": ("series",),
    "waitlists/suppression/rules.py": ("suppression",),
    "waitlists/suppression/moved.py": ("suppression",),
    "waitlists/suppression/insiders.py": ("suppression_insiders",),
    "waitlists/suppression/spans.py": ("suppression",),
    "waitlists/suppression/tables.py": ("suppression",),
    "waitlists/suppression/lists.py": ("suppression",),
    "waitlists/suppression/thresholds.py": ("suppression_thresholds",),
    "waitlists/suppression/derived.py": ("suppression_derived", "suppression_thresholds", "suppression_tables"),
    "waitlists/suppression/answers.py": ("suppression",),
    "waitlists/suppression/shapes.py": ("suppression",),
    "waitlists/suppression/sheets.py": ("suppression",),
    "waitlists/suppression/columns.py": ("suppression_answers",),
    "waitlists/suppression/pointers.py": ("suppression",),
    "waitlists/clock/__init__.py": ("clock_rules",),
    "waitlists/clock/rules.py": ("clock_rules",),
    "waitlists/clock/standing.py": ("clock_rules", "snapshot_rules"),
    "waitlists/clock/spells.py": ("clock_rules",),
    "waitlists/snapshot/stays.py": ("snapshot_rules",),
    "waitlists/snapshot/boards.py": ("snapshot_rules",),
    "waitlists/snapshot/counts.py": ("snapshot_counts", "snapshot_rules"),
    "waitlists/counts/due.py": ("due",),
    "waitlists/deliveries/digest.py": ("referral_digest",),
    "waitlists/deliveries/emptied.py": ("referral_gate",),
    "waitlists/deliveries/gate.py": ("referral_gate",),
    "waitlists/deliveries/merge.py": ("referral_merge",),
    "waitlists/deliveries/moves.py": ("referral_moves",),
    "waitlists/deliveries/answered.py": ("answered",),
    "waitlists/deliveries/unread.py": ("unread_files",),
    "waitlists/security/once.py": ("once",),
    "forecasting/flow/answers.py": ("clearance",),
    "forecasting/flow/learnt.py": ("replay",),
    "forecasting/flow/panel.py": ("replay",),
    "forecasting/flow/replay.py": ("replay",),
    "forecasting/flow/tracks.py": ("clearance", "replay"),
    "forecasting/warnings/falls.py": ("breach_falls",),
    "forecasting/warnings/headline.py": ("warnings_headline",),
    "forecasting/warnings/life.py": ("breach_life",),
    "forecasting/warnings/watched.py": ("breach_rules",),
    "forecasting/warnings/severity.py": ("breach_rules",),
    "waitlists/running/slots.py": ("slots",),
    "waitlists/alerts/rules.py": ("alert_rules",),
    "waitlists/running/backups.py": ("backups",),
    "waitlists/running/ledger.py": ("ledger_rules",),
    "waitlists/mail/outgoing.py": ("outgoing",),
    "waitlists/mail/subscribers.py": ("subscribers",),
    "waitlists/mail/addresses.py": ("subscribers",),
    "waitlists/mail/server.py": ("mail_server",),
    "waitlists/formulas.py": ("formula", "queue"),
    "waitlists/queue.py": ("queue",),
    "waitlists/security/sessions.py": ("sessions",),
    "waitlists/security/warned.py": ("test_warned",),
    "waitlists/charts/reading.py": ("charts",),
    "waitlists/charts/layout.py": ("chart_layout",),
    "waitlists/charts/leading.py": ("chart_leading",),
    "waitlists/stages.py": ("stages",),
    "waitlists/quality/balance.py": ("balance",),
    "waitlists/quality/beside.py": ("findings_beside", "findings_of_unknown"),
    "waitlists/quality/elsewhere.py": ("two_sources",),
    "waitlists/quality/late.py": ("late_returns",),
    "waitlists/ingest/people_names.py": ("people_names",),
    "waitlists/ingest/street_lines.py": ("street_lines",),
    "waitlists/ingest/birth_days.py": ("birth_days",),
    "waitlists/ingest/referral_dates.py": ("referral_dates",),
    "waitlists/ingest/referral_date_forms.py": ("referral_date_forms",),
    "waitlists/ingest/dated_bands.py": ("dated_bands",),
    "waitlists/trends/rules.py": ("trends_answer", "trends_windows", "trends_mdc", "trends_against"),
    "waitlists/trends/verdict.py": ("trends_answer", "trends_windows", "trends_mdc", "trends_against"),
    "waitlists/trends/xmr.py": ("trends_answer", "trends_windows", "trends_mdc", "trends_against"),
    "waitlists/trends/rounding.py": ("trends_rounding",),
    "waitlists/trends/stored.py": ("trends_stored", "stored_trend"),
    "waitlists/trends/presence.py": ("trends_presence",),
    "waitlists/trends/decisions.py": ("trends_decisions",),
    "waitlists/trends/unbalanced.py": ("trends_unbalanced",),
    "waitlists/trends/measures.py": ("trends_stored",),
    "waitlists/quality/presence.py": ("finding", "presence", "quality"),
    "waitlists/quality/repeated.py": ("repeated_weeks",),
    "waitlists/quality/steps.py": ("finding", "quality", "step"),
    "waitlists/quality/swapped.py": ("swapped_lists",),
    "waitlists/quality/whole.py": ("findings_of_unknown",),
}
"""Source file -> words by which its tests are found among unit, spec and property tests."""

OPPOSITES: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
}  # fmt: skip
Changes = list[tuple[str, Callable[[], None]]]
OTHER_NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Mutant:
    path: str
    line: int
    change: str
    index: int
    variant: int


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="mutation testing of the pure rules")
    parser.add_argument("--only", default="", help="part of a source file's path")
    only = parser.parse_args(arguments).only
    started, results = time.monotonic(), {}
    for path in (path for path in RULES if only in path):
        if not (tests := tests_of(path)):
            print(f"{path}: no tests found for it")
            return 1
        results[path] = judged(path, tests)
    noticed, made = (sum(result[key] for result in results.values()) for key in ("noticed", "made"))
    share = noticed / made if made else 0.0
    print(f"mutants: {noticed} of {made} noticed, {share:.1%} (gate {GATE:.0%}), {time.monotonic() - started:.0f} s")
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build/mutants.json").write_text(json.dumps({"share": share, "files": results}, indent=1), encoding="utf-8")
    return 0 if share >= GATE else 1


def tests_of(path: str) -> list[str]:
    folders = (ROOT / "tests" / folder for folder in ("unit", "unit/forecasting", "spec", "properties"))
    files = (file for folder in folders for file in sorted(folder.glob("test_*.py")))
    return [str(file) for file in files if any(word in file.stem for word in RULES[path])]


def judged(path: str, tests: list[str]) -> dict[str, object]:
    if _wait(_start(path, None, tests)) != 0:
        raise SystemExit(f"{path}: its tests fail without any change; mend them first")
    every = list(mutants(path))
    survivors = [mutant for mutant, noticed in _verdicts(every, tests) if not noticed]
    for mutant in survivors:
        print(f"  not noticed: {mutant.path}:{mutant.line}: {mutant.change}", flush=True)
    print(f"{path}: {len(every) - len(survivors)} of {len(every)} noticed", flush=True)
    listed = [f"{mutant.line}: {mutant.change}" for mutant in survivors]
    return {"noticed": len(every) - len(survivors), "made": len(every), "survivors": listed}


def mutants(path: str) -> Iterator[Mutant]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    left_alone = {id(node) for node in _left_alone(tree)}
    for index, node in enumerate(ast.walk(tree)):
        if id(node) not in left_alone:
            for variant, (change, _) in enumerate(changes(node)):
                yield Mutant(path, getattr(node, "lineno", 0), change, index, variant)


def changes(node: ast.AST) -> Changes:
    """Every small change that can be made to one node, in words, with what makes it in place."""
    find = CHANGES.get(type(node))
    return find(node) if find else []


def _operators(node: ast.Compare | ast.BinOp | ast.BoolOp) -> Changes:
    operators = node.ops if isinstance(node, ast.Compare) else [node.op]
    found: Changes = []
    for place, operator in enumerate(operators):
        if opposite := OPPOSITES.get(type(operator)):

            def change(place: int = place, opposite: type[ast.AST] = opposite) -> None:
                if isinstance(node, ast.Compare):
                    node.ops[place] = opposite()
                else:
                    node.op = opposite()

            found.append((f"{type(operator).__name__} -> {opposite.__name__}", change))
    return found


def _constant(node: ast.Constant) -> Changes:
    value = node.value
    if isinstance(value, bool):
        return _field(node, "value", not value)
    if isinstance(value, int | float):
        return _field(node, "value", value + 1)
    is_word = isinstance(value, str) and 0 < len(value.split()) <= 3
    return _field(node, "value", f"{value}x") if is_word else []


def _negation(node: ast.UnaryOp) -> Changes:
    turned = ast.UnaryOp(ast.Not(), node.operand)
    return [("not dropped", lambda: setattr(node, "operand", turned))] if isinstance(node.op, ast.Not) else []


def _condition(node: ast.If | ast.IfExp | ast.While) -> Changes:
    return [("condition turned", lambda: setattr(node, "test", ast.UnaryOp(ast.Not(), node.test)))]


def _returned(node: ast.Return) -> Changes:
    if node.value is None or (isinstance(node.value, ast.Constant) and node.value.value is None):
        return []
    return [("returns None", lambda: setattr(node, "value", ast.Constant(None)))]


def _named(node: ast.Name) -> Changes:
    return _field(node, "id", OTHER_NAMES[node.id]) if node.id in OTHER_NAMES else []


def _raised(node: ast.Raise) -> Changes:
    return [("raises something else", lambda: setattr(node, "exc", ast.Name("SystemError", ast.Load())))]


def _continued(node: ast.Continue) -> Changes:
    return [("continue -> break", lambda: setattr(node, "__class__", ast.Break))]


def _field(node: ast.AST, name: str, other: object) -> Changes:
    return [(f"{getattr(node, name)!r} -> {other!r}", lambda: setattr(node, name, other))]


CHANGES: dict[type[ast.AST], Callable[..., Changes]] = {
    ast.Compare: _operators, ast.BinOp: _operators, ast.BoolOp: _operators, ast.Constant: _constant,
    ast.UnaryOp: _negation, ast.If: _condition, ast.IfExp: _condition, ast.While: _condition, ast.Return: _returned,
    ast.Name: _named, ast.Raise: _raised, ast.Continue: _continued,
}  # fmt: skip


def _left_alone(tree: ast.AST) -> Iterator[ast.AST]:
    """Nodes within messages, docstrings, annotations, decorators and `__all__`, and what guards a `zip`."""
    for node in ast.walk(tree):
        yield from (inner for head in _heads(node) for inner in ast.walk(head))


def _heads(node: ast.AST) -> list[ast.AST]:
    match node:
        case ast.JoinedStr() | ast.Expr(value=ast.Constant()) | ast.Assign(targets=[ast.Name(id="__all__")]):
            return [node]
        case ast.Raise(exc=ast.expr() as head):
            return [head]
        case ast.AnnAssign(annotation=head) | ast.arg(annotation=ast.expr() as head):
            return [head]
        case ast.Subscript(value=ast.Name("Literal"), slice=head) | ast.keyword(arg="strict", value=head):
            return [head]
        case ast.FunctionDef(decorator_list=decorators, returns=returns):
            return [*decorators, *([returns] if returns else [])]
        case ast.ClassDef(decorator_list=decorators):
            return list(decorators)
        case _:
            return []


def _verdicts(every: list[Mutant], tests: list[str]) -> Iterator[tuple[Mutant, bool]]:
    """Run as many at a time as there are cores; a mutant that hangs is stopped and counts as noticed."""
    running: dict[int, Mutant] = {}
    for mutant in every:
        running[_start(mutant.path, mutant, tests)] = mutant
        if len(running) >= len(os.sched_getaffinity(0)):
            yield _finished(running)
    while running:
        yield _finished(running)


def _finished(running: dict[int, Mutant]) -> tuple[Mutant, bool]:
    pid, status = os.wait()
    return running.pop(pid), os.waitstatus_to_exitcode(status) != 0


def _wait(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _start(path: str, mutant: Mutant | None, tests: list[str]) -> int:
    pid = os.fork()
    if pid:
        return pid
    signal.alarm(LIMIT_SECONDS)
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - a device, not a file of ours
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    code = 70
    with contextlib.suppress(BaseException):
        sys.meta_path.insert(0, _Finder(path, mutant))
        os.environ.update(HYPOTHESIS_PROFILE="mutants", PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
        plain = ["-x", "-q", "-c", os.devnull, f"--rootdir={ROOT}", "--import-mode=importlib", "-p", "no:cacheprovider"]
        code = int(pytest.main([*plain, *tests]))
    os._exit(code)


class _Finder:
    """Puts the mutated module in place of the real one when the tests import it."""

    def __init__(self, path: str, mutant: Mutant | None) -> None:
        self._name, self._path, self._mutant = path.removesuffix(".py").replace("/", "."), ROOT / path, mutant

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        if name != self._name or self._mutant is None:
            return None
        loader = _Loader(name, str(self._path))
        loader.mutant = self._mutant
        return importlib.util.spec_from_file_location(name, self._path, loader=loader)


class _Loader(SourceFileLoader):
    mutant: Mutant

    def get_code(self, _fullname: str) -> object:
        tree = ast.parse(Path(self.path).read_text(encoding="utf-8"))
        node = next(node for index, node in enumerate(ast.walk(tree)) if index == self.mutant.index)
        changes(node)[self.mutant.variant][1]()
        return compile(ast.fix_missing_locations(tree), self.path, "exec")


if __name__ == "__main__":
    sys.exit(main())
