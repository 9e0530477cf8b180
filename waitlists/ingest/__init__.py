"""How figures arrive: files taken, workbooks read, each source parsed by its own contract.

`SOURCES` is the register of the collections that can be read; a workbook says itself which of them it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from waitlists import sources
from waitlists.domain import ParsedDelivery
from waitlists.errors import BadArgument, FileRefused
from waitlists.ingest import (
    adhd_management,
    autism_statistics,
    community_sitrep,
    ehc_plans,
    mhsds_four_week,
    phs_camhs,
    weekly_return,
)
from waitlists.ingest.sheets import Workbook
from waitlists.ingest.weekly_return_pages import nearly_a_return

__all__ = ["SOURCES", "Source", "recognise"]


@dataclass(frozen=True, slots=True)
class Source:
    """A collection that can be read: its name, what people call it, weekly or monthly, and its parser."""

    name: str
    label: str
    freq: sources.Freq
    recognises: Callable[[Workbook], bool]
    parse: Callable[[Workbook], ParsedDelivery]


_MODULES = (
    weekly_return,
    community_sitrep,
    mhsds_four_week,
    autism_statistics,
    adhd_management,
)
_READERS = (
    *((module.SOURCE, module.recognises, module.parse) for module in _MODULES),
    *((part.source, part.recognises, part.parse) for part in (*ehc_plans.COLLECTIONS, *phs_camhs.COLLECTIONS)),
)

SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        name: Source(name, sources.SOURCES[name].label, sources.SOURCES[name].freq, recognises, parse)
        for name, recognises, parse in _READERS
    }
)
"""Every collection that can be read, by name."""


def recognise(workbook: Workbook, *, name: str | None) -> Source:
    """The source a workbook is of.

    Parameters
    ----------
    name : the source the caller says it is, or None to go by the workbook's own words alone

    Raises
    ------
    BadArgument
        No source has that name.
    FileRefused
        UNKNOWN_SOURCE: the workbook is not of that source, or of none that can be read.
    """
    known = ", ".join(SOURCES)
    if name is not None and name not in SOURCES:
        raise BadArgument(f"no source has this name; there are {known}", field="source")
    for source in SOURCES.values():
        if name in {None, source.name} and source.recognises(workbook):
            return source
    wanted = f"a file of {SOURCES[name].label}" if name else f"a file of a known source ({known})"
    do = "a weekly return has the headings that `waitlists template weekly-return` writes, records need a mapping"
    near = f". {found}" if (found := nearly_a_return(workbook)) else ""
    raise FileRefused(
        f"expected {wanted}; neither its headings nor its tables say so: {do}{near}", code="UNKNOWN_SOURCE"
    )
