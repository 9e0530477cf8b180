"""Which lists are looked ahead of: those of children, in the sources that hold whole lists."""

from typing import Final

from waitlists.services import SERVICES

LIST_SOURCES: Final = ("referral_extract", "weekly_return", "chs_sitrep", "chs_sitrep_t2")
"""The one that answers first, first; of the two grids of referral records the weekly one."""

FOR_CHILDREN: Final = frozenset(code for code, service in SERVICES.items() if service.age_group == "children")
