"""House rules that no linter knows, for `make check`: each prints where it is broken and what to do.

No registry address in the tree; every coverage pragma with its reason; files and functions short; the present moment
and the environment read only where they may be; container files that hold to the usual rules.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests import containers

ROOT = Path(__file__).parents[1]
SOURCES = ("waitlists", "forecasting", "api", "jobs")
LONGEST_FILE, LONGEST_FUNCTION = 300, 45
CLOCK_ROOMS = {"jobs/cli.py", "jobs/schedule.py", "api/app.py"}
ENVIRONMENT_ROOM = "waitlists/settings.py"

# Spelt with a gap, so that this file does not hold what it looks for.
REGISTRIES = re.compile(
    "|".join(
        pattern.replace("_", "")
        for pattern in (
            r"py_pi\.org", r"python_hosted\.org", r"npm_js\.(?:org|com)", r"ana_conda\.org", r"crates\._io/api",
            r"index-_url\s*[= ]\s*\S", r"proxy\._golang", r"reg_istry[.-]\w+\.\w+",
        )
    )
)  # fmt: skip
PRAGMA = re.compile(r"pragma: no (?:cover|branch)(?P<reason>.*)")


def main() -> int:
    rules: list[Callable[[], Iterator[str]]] = [
        registry_addresses, pragmas_without_reason, long_files_and_functions, moments_and_environment, container_files,
    ]  # fmt: skip
    faults = [fault for rule in rules for fault in rule()]
    print("\n".join(faults) or f"house rules: {len(rules)} kept")
    return 1 if faults else 0


def registry_addresses() -> Iterator[str]:
    for path in tree():
        for number, line in _lines(path):
            if REGISTRIES.search(line) and "--no-emit-index-" not in line:
                yield f"{path}:{number}: a package registry's address; locks and files carry none"


def pragmas_without_reason() -> Iterator[str]:
    for path in sources():
        for number, line in _lines(path):
            found = PRAGMA.search(line)
            if found and len(re.findall(r"\w+", found["reason"])) < 3:
                yield f"{path}:{number}: say why after the pragma, as in `# pragma: no cover - only on Windows`"


def long_files_and_functions() -> Iterator[str]:
    for path in sources():
        length = len((ROOT / path).read_text(encoding="utf-8").splitlines())
        if length > LONGEST_FILE:
            yield f"{path}: {length} lines; split it, {LONGEST_FILE} is the longest"
        if "migrations/versions" in str(path):
            continue
        for node in _nodes(path):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION:
                yield f"{path}:{node.lineno}: {node.name} is longer than {LONGEST_FUNCTION} lines"


def moments_and_environment() -> Iterator[str]:
    for path in sources():
        for node in _nodes(path):
            if _asks_the_time(node) and str(path) not in CLOCK_ROOMS:
                yield f"{path}:{node.lineno}: pass a clock or a date in; the present is read at the edges only"
            if _reads_environment(node) and str(path) != ENVIRONMENT_ROOM:
                yield f"{path}:{node.lineno}: settings come from {ENVIRONMENT_ROOM}, passed down"


def container_files() -> Iterator[str]:
    return containers.faults(ROOT)


def tree() -> list[Path]:
    """Every file that is or could be committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [Path(name) for name in sorted(listed.stdout.splitlines()) if (ROOT / name).is_file()]


def sources() -> list[Path]:
    return [path for path in tree() if path.suffix == ".py" and path.parts[0] in SOURCES]


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    return enumerate((ROOT / path).read_text(encoding="utf-8", errors="replace").splitlines(), start=1)


def _nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))


def _asks_the_time(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (node.func.attr in {"now", "today", "utcnow"} or ast.unparse(node.func) == "time.time")
    )


def _reads_environment(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return ast.unparse(node.func) in {"os.getenv", "os.environ.get"}
    return (
        isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and ast.unparse(node.value) == "os.environ"
    )


if __name__ == "__main__":
    sys.exit(main())
