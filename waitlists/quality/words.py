"""Words for findings: names of organisations and services as a reader knows them, and lists joined for a sentence."""

from collections.abc import Mapping, Sequence

from waitlists.domain import Level
from waitlists.organisations import ORGANISATIONS
from waitlists.services import SERVICES
from waitlists.sources import Freq


def level_of(org: str, printed: Mapping[str, Level]) -> Level:
    """An organisation's level by register, else as the file prints it; a code that neither knows is a provider's."""
    return ORGANISATIONS[org].level if org in ORGANISATIONS else printed.get(org, Level.PROVIDER)


def name_of(org: str) -> str:
    """The registered name of an organisation; its code, or the name printed for it, where the register has none."""
    if org in ORGANISATIONS:
        return ORGANISATIONS[org].name
    return org.removeprefix("NAME:")


def listed(services: Sequence[str]) -> str:
    """Services by their labels, joined for a sentence: `a, b and c`."""
    return joined([SERVICES[service].label for service in services])


def sent_nothing(freq: Freq) -> str:
    """What a provider did that is missing from a figure.

    Of a return or an extract something may have come and been put aside, or a count been kept back; of a published
    month without a figure nothing did.
    """
    return "sent no figures that can be used" if freq == "W" else "sent no figures"


NAMED_AT_MOST = 3
"""More names than this make a sentence nobody reads; the rest are counted."""


def names_of(orgs: Sequence[str]) -> str:
    """Organisations by name, joined for a sentence; of many, the first few and how many others."""
    if len(orgs) <= NAMED_AT_MOST:
        return joined([name_of(org) for org in orgs])
    rest = len(orgs) - NAMED_AT_MOST + 1
    return joined([*(name_of(org) for org in orgs[: NAMED_AT_MOST - 1]), f"{rest} others"])


def share_in_words(share: float) -> str:
    """A share as whole percent; one too small for that is `less than 1%`, never `0%`."""
    return "less than 1%" if 0 < share < 0.005 else f"{share:.0%}"


def joined(words: Sequence[str]) -> str:
    """Words joined for a sentence: `a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
