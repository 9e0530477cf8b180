"""The register of sources: what each is called, weekly or monthly, published or not, and which answers first.

A source is one collection as it reaches us. Two steps of one collection, such as the weeks and the month ends counted
from referral records, are two sources, so that no series mixes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Freq = Literal["W", "M"]
"""How far apart the figures of a source lie: weeks that end on Sunday, or month ends."""


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """One source; `is_published` where anyone may repeat its figures exactly, naming it.

    `adds_up` is false where parts are rounded or left out, so that they are not the sum of their whole. Its next
    file is about `step_months` later, and usually comes `lag_days` after the end of that.
    """

    name: str
    label: str
    freq: Freq
    is_published: bool
    adds_up: bool = True
    step_months: int = 1
    lag_days: int = 45


SOURCES: Mapping[str, SourceFacts] = MappingProxyType(
    {
        facts.name: facts
        for facts in (
            SourceFacts("referral_extract", "referral records, counted by us each Sunday", "W", False),
            SourceFacts("weekly_return", "the providers' own weekly returns", "W", False),
            SourceFacts("referral_extract_monthly", "referral records, counted by us each month end", "M", False),
            SourceFacts("chs_sitrep", "Community health services waiting lists (NHS England)", "M", True),
            SourceFacts(
                "chs_sitrep_t2", "Community health services waiting lists, England series (NHS England)", "M", True
            ),
            SourceFacts(
                "mhsds_four_week",
                "Children's mental health 4-week waits (NHS England)",
                "M",
                True,
                False,
                1,
                70,
            ),
            SourceFacts("adhd", "ADHD management information (NHS England)", "M", True, False, 3, 90),
            SourceFacts("autism", "Autism waiting time statistics (NHS England)", "M", True, False, 3, 90),
            SourceFacts(
                "dfe_ehc", "Education, health and care plans in 20 weeks, yearly (DfE)", "M", True, False, 12, 180
            ),
            SourceFacts(
                "dfe_sen2",
                "Education, health and care plans, management fields, yearly (DfE)",
                "M",
                True,
                False,
                12,
                180,
            ),
            SourceFacts("phs_camhs", "CAMHS in Scotland, waiting (Public Health Scotland)", "M", True, False, 3, 90),
            SourceFacts("phs_camhs_seen", "CAMHS in Scotland, seen (Public Health Scotland)", "M", True, False, 3, 90),
            SourceFacts(
                "phs_camhs_referrals",
                "CAMHS in Scotland, referrals (Public Health Scotland)",
                "M",
                True,
                False,
                3,
                90,
            ),
            SourceFacts(
                "phs_camhs_missed",
                "CAMHS in Scotland, appointments (Public Health Scotland)",
                "M",
                True,
                False,
                3,
                90,
            ),
        )
    }
)
"""Every source by name, the one that answers first where several hold a list: our own, newer and finer, come first."""

WEEKLY_SOURCES = frozenset(name for name, facts in SOURCES.items() if facts.freq == "W")

WEEKLY_OWN = frozenset(name for name, facts in SOURCES.items() if not facts.is_published and facts.freq == "W")
"""What providers send every week, as records or as returns: of one list, the fuller and newer answers."""

PUBLISHED_SOURCES = frozenset(name for name, facts in SOURCES.items() if facts.is_published)


RECORDS = "referral_extract"
"""What providers' deliveries of referral records are kept under, and the weekly counts that are made of them."""

COUNTED_SOURCES = frozenset({RECORDS, "referral_extract_monthly"})
"""Lists that we count from referral records: such a figure stands in no cell of any file."""


def freq_of(source: str) -> Freq:
    """Weekly or monthly; a source that is in no register is monthly, as all published collections are."""
    facts = SOURCES.get(source)
    return facts.freq if facts else "M"
