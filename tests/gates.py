"""The coverage gates: 100% of lines and branches in the pure core, 95% elsewhere; read after `make test`.

What is pure core is written once, in the import contract of pyproject.toml, and read from there.
"""

import json
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PURE_CORE, ELSEWHERE = 1.0, 0.95
READER_PROCESS = "waitlists.ingest.workbook_child"
"""The reader's other half: it runs isolated, without site, where coverage cannot follow; gated as the reader is."""


@dataclass(frozen=True)
class Covered:
    path: str
    hit: int
    of: int
    missing: tuple[str, ...]

    @property
    def share(self) -> float:
        return self.hit / self.of if self.of else 1.0


def main() -> int:
    report = json.loads((ROOT / "build/coverage.json").read_text(encoding="utf-8"))
    contract = pure_core_contract(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8")))
    files = [covered(path, entry) for path, entry in sorted(report["files"].items())]
    pure = [file for file in files if is_pure(file.path, contract)]
    rest = [file for file in files if file not in pure]
    passed = [judge("pure core", pure, PURE_CORE), judge("elsewhere", rest, ELSEWHERE)]
    return 0 if all(passed) else 1


def pure_core_contract(pyproject: Mapping[str, Any]) -> Mapping[str, Any]:
    contracts = pyproject["tool"]["importlinter"]["contracts"]
    return next(contract for contract in contracts if contract["name"].startswith("2. "))


def is_pure(path: str, contract: Mapping[str, Any]) -> bool:
    module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return _is_in(module, contract["within"]) and not _is_in(module, [*contract["outside"], READER_PROCESS])


def covered(path: str, entry: Mapping[str, Any]) -> Covered:
    summary = entry["summary"]
    branches = [f"{start}->{end}" for start, end in entry["missing_branches"]]
    return Covered(
        path,
        hit=summary["covered_lines"] + summary["covered_branches"],
        of=summary["num_statements"] + summary["num_branches"],
        missing=(*map(str, entry["missing_lines"]), *branches),
    )


def judge(name: str, files: list[Covered], goal: float) -> bool:
    share = sum(file.hit for file in files) / (sum(file.of for file in files) or 1)
    print(f"coverage, {name}: {share:.2%} of lines and branches in {len(files)} files (gate {goal:.0%})")
    if share >= goal:
        return True
    for file in sorted(files, key=lambda file: file.share):
        if file.share < goal:
            print(f"  {file.path}: {file.share:.1%}, not run: {', '.join(file.missing[:12])}")
    return False


def _is_in(module: str, packages: Iterable[str]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


if __name__ == "__main__":
    sys.exit(main())
