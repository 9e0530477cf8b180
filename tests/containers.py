"""Rules for Dockerfile and compose.yaml, read as text: no container engine runs where this is checked.

They cover what goes wrong most: unpinned bases, root, unhashed installs, secrets in the file, no health check, data in
no volume. What only an engine can tell, that the image builds and starts, is not known; docs/operations.md says so.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

_PASSWORD = re.compile(r"(?i)(password|secret|token)\s*[:=]\s*(?!\$\{|\"?\$)[\"']?[\w-]+")


def faults(root: Path) -> Iterator[str]:
    yield from dockerfile_faults((root / "Dockerfile").read_text(encoding="utf-8"))
    yield from compose_faults((root / "compose.yaml").read_text(encoding="utf-8"))


def dockerfile_faults(text: str) -> Iterator[str]:
    steps = instructions(text)
    names = [name for name, _ in steps]
    last_stage = steps[len(names) - 1 - names[::-1].index("FROM") :] if "FROM" in names else []
    users = [value for name, value in last_stage if name == "USER"]
    for name, value in steps:
        yield from _step_faults(name, value)
    if not users or users[-1].split(":")[0] in {"root", "0"}:
        yield "Dockerfile: the last USER must not be root"
    for needed in ("HEALTHCHECK", "WORKDIR"):
        if needed not in names:
            yield f"Dockerfile: {needed} is missing"
    if not any("--require-hashes" in value for _, value in steps):
        yield "Dockerfile: install from the lock with --require-hashes"


def _step_faults(name: str, value: str) -> Iterator[str]:
    if name == "FROM" and not re.search(r":[\w.-]+|^\w+ AS", value):
        yield f"Dockerfile: FROM {value} has no version"
    if name == "FROM" and ":latest" in value:
        yield "Dockerfile: FROM must not follow `latest`"
    if name == "ADD":
        yield "Dockerfile: use COPY; ADD unpacks and downloads"
    if name in {"CMD", "ENTRYPOINT"} and not value.startswith("["):
        yield f"Dockerfile: {name} in its JSON form, or signals never reach the process"
    if name == "RUN" and "apt-get install" in value and "--no-install-recommends" not in value:
        yield "Dockerfile: apt-get install wants --no-install-recommends"
    if name in {"ENV", "ARG", "RUN"} and _PASSWORD.search(value):
        yield f"Dockerfile: a secret in {name}"


def instructions(text: str) -> list[tuple[str, str]]:
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^\s*#.*\n", "", text))
    split = (line.strip().partition(" ") for line in joined.splitlines() if line.strip())
    return [(name.upper(), value.strip()) for name, _, value in split]


def compose_faults(text: str) -> Iterator[str]:
    compose: Mapping[str, Any] = yaml.safe_load(text)
    for name, service in compose["services"].items():
        yield from (f"compose.yaml: {name} {fault}" for fault in _service_faults(service, compose.get("volumes") or {}))
    if _PASSWORD.search(text):
        yield "compose.yaml: a password in the file; take it from the environment"


def _service_faults(service: Mapping[str, Any], volumes: Mapping[str, Any]) -> Iterator[str]:
    if not re.search(r":[\w.-]*\d", service.get("image", "")):
        yield "has no version in its image"
    if service.get("privileged"):
        yield "must not be privileged"
    yield from (f"has no {key}" for key in ("healthcheck", "restart") if key not in service)
    for port in service.get("ports", []):
        if not str(port).startswith("127.0.0.1:"):
            yield f"opens {port} to the world; a proxy belongs in front"
    for mount in service.get("volumes", []):
        source = str(mount).partition(":")[0]
        if not source.startswith((".", "/", "$")) and source not in volumes:
            yield f"uses a volume that is not declared: {source}"
