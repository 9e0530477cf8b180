"""Everything an imagined Kent and Medway sends, as files in the order in which they come: returns and extracts.

Of returns the older weeks come in one file a provider, as a first load would, and the newest one by one; of extracts
one whole list and the changes of the weeks after it. What is missing is not there, and what is late comes late.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal, NamedTuple

from waitlists.errors import BadArgument
from waitlists.synthetic.kent.dirt import spoiled
from waitlists.synthetic.kent.extract import extract
from waitlists.synthetic.kent.files import to_csv
from waitlists.synthetic.kent.foreign import FOREIGN, FOREIGN_PROVIDER, foreign_mapping
from waitlists.synthetic.kent.lists import PROVIDERS
from waitlists.synthetic.kent.population import Population
from waitlists.synthetic.kent.returns import Delivery, deliveries, return_csv, weekly_returns

Kind = Literal["return", "snapshot", "delta"]

DIRTY_PROVIDER = "RYY"
"""Whose whole list comes with a few rows of every kind of dirt."""


class SentFile(NamedTuple):
    """A file: its name, whose it is, when it comes, and the mapping it is read under, empty for a return.

    Each mapping is named so that the names of its files, and of no other mapping's, begin with it.
    """

    name: str
    provider: str
    kind: Kind
    delivered_on: date
    content: bytes
    mapping_name: str = ""
    mapping: str = ""


def sent_returns(population: Population, *, newest: int) -> tuple[SentFile, ...]:
    """Every return, the `newest` weeks in files of their own, in order of the day they come.

    Raises
    ------
    BadArgument
        For no week, or more than the population has.
    """
    if not 1 <= newest <= len(population.weeks):
        raise BadArgument("expected at least one week and no more than the population covers", field="newest")
    starts = population.weeks[-newest]
    files: list[SentFile] = []
    for provider, found in _by_provider(population):
        older = [item for item in found if item.week_ending < starts]
        groups = [*([older] if older else []), *([item] for item in found if item.week_ending >= starts)]
        files += [_return_file(population, provider, group) for group in groups]
    return tuple(sorted(files, key=lambda file: (file.delivered_on, file.name)))


def sent_extracts(population: Population, *, deltas: int) -> tuple[SentFile, ...]:
    """A whole list of every provider as it stood `deltas` weeks before the end, and the changes of each week after.

    Notes
    -----
    One provider writes in its own layout. A week without changes has no file. Of a provider that ended before the first
    of these weeks there is the whole list of its last one.

    Raises
    ------
    BadArgument
        For more deltas than there are weeks after the first.
    """
    if not 0 <= deltas < len(population.weeks):
        raise BadArgument("expected fewer deltas than weeks", field="deltas")
    starts = population.weeks[-1 - deltas]
    files: list[SentFile] = []
    for _, found in _by_provider(population):
        sent = [item for item in found if item.week_ending >= starts] or found[-1:]
        before = [None, *(item.week_ending for item in sent[:-1])]
        made = (_extract_file(population, item, since=since) for item, since in zip(sent, before, strict=False))
        files += [file for file in made if file is not None]
    return tuple(sorted(files, key=lambda file: (file.delivered_on, file.name)))


def _by_provider(population: Population) -> Iterator[tuple[str, list[Delivery]]]:
    every = sorted(deliveries(population), key=lambda item: item.week_ending)
    for provider in PROVIDERS:
        yield provider, [item for item in every if item.provider == provider]


def _return_file(population: Population, provider: str, group: Iterable[Delivery]) -> SentFile:
    weeks = [item.week_ending for item in group]
    rows = [row for found in weekly_returns(population, provider, weeks=weeks) for row in found]
    name = f"synthetic-return-{_plain(provider)}-{weeks[-1]}.csv"
    return SentFile(name, provider, "return", max(item.delivered_on for item in group), return_csv(rows))


def _extract_file(population: Population, item: Delivery, *, since: date | None) -> SentFile | None:
    provider, on = item.provider, item.week_ending
    kind: Kind = "snapshot" if since is None else "delta"
    table = extract(population, provider, on=on, since=since)
    if not table.num_rows:
        return None
    name = f"synthetic-{kind}"
    if provider == FOREIGN_PROVIDER:
        named, mapping, content = f"{name}-{provider}", foreign_mapping(kind), to_csv(table, FOREIGN)
    else:
        is_dirty = provider == DIRTY_PROVIDER and since is None
        named, mapping = name, f'source_system = "SYNTHETIC"\nkind = "{kind}"\n'
        content = to_csv(spoiled(table, seed=population.seed).texts if is_dirty else table)
    file_name = f"{name}-{_plain(provider)}-{on}.csv"
    return SentFile(file_name, provider, kind, item.delivered_on, content, named, mapping)


def _plain(provider: str) -> str:
    return provider.replace("LOCAL:", "")
