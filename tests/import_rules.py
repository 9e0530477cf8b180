"""An import contract that import-linter lacks: all of some packages, but for named rooms, stays off some modules.

New files fall under the rule on their own; only an exception is ever written down. Used from pyproject.toml.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class Barred(Contract):
    """`within` may not reach `modules`, not even through another module; `outside` lists the rooms that may."""

    type_name = "barred"

    within = fields.ListField(subfield=fields.StringField())
    modules = fields.ListField(subfield=fields.StringField())
    outside = fields.ListField(subfield=fields.StringField(), required=False)
    direct_only = fields.BooleanField(required=False, default=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        output.verbose_print(verbose, f"searching {', '.join(self.within)}")
        chains = sorted(self._chains(graph))
        return ContractCheck(kept=not chains, metadata={"chains": chains})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for chain in check.metadata["chains"]:
            output.print_error(" -> ".join(chain))

    def _chains(self, graph: ImportGraph) -> Iterator[tuple[str, ...]]:
        barred = [name for name in graph.modules if is_in(name, self.modules)]
        for source in graph.modules:
            if not is_in(source, self.within) or is_in(source, self.outside or ()):
                continue
            for name in barred:
                if chain := self._chain(graph, source, name):
                    yield chain

    def _chain(self, graph: ImportGraph, source: str, name: str) -> tuple[str, ...] | None:
        if self.direct_only:
            found: Any = graph.direct_import_exists(importer=source, imported=name)
            return (source, name) if found else None
        return graph.find_shortest_chain(importer=source, imported=name)


def is_in(name: str, packages: Iterable[str]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)
