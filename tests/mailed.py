"""Invented weeks for the mail: one usual list with its warning, and what differs from it."""

from html.parser import HTMLParser
from typing import Any

from forecasting.warnings.seen import alone
from jobs.mail.breach_email import Email, compose
from jobs.mail.breach_facts import Figure, ListFacts, MarkFacts, Warned, WeekFacts
from tests.warned import MONDAY, SUNDAY, figures, life
from waitlists.suppression import Rule

BASE_URL = "https://waits.example.org"


def number(value: int | None, words: str | None = None) -> Figure:
    return Figure(value, words or f"{value:,}")


HIDDEN = number(None, "fewer than 8")


def warned(*, state: dict[str, Any] | None = None, **changes: Any) -> Warned:
    """A warning as anybody may see it."""
    own = figures(**changes)
    return Warned(own, alone(own, rule=Rule.HES), life(**({"period_end": own.period_end} | (state or {}))))


def mark(one: Warned | None, *, standard_id: str = "CHS_18W", over: Figure | None = None, parts=()) -> MarkFacts:
    return MarkFacts(one.figures.standard_id if one else standard_id, over or number(165), one, tuple(parts))


def calm(standard_id: str = "CHS_18W", over: Figure | None = None) -> MarkFacts:
    return MarkFacts(standard_id, over or number(0), None)


def listed(*marks: MarkFacts, **changes: Any) -> ListFacts:
    """Speech therapy of Kent and Medway, everything known; without marks one ordinary warning."""
    usual: dict[str, Any] = {
        "service": "SALT",
        "org": "QKS",
        "source": "referral_extract",
        "freq": "W",
        "period_end": SUNDAY,
        "latest_period": SUNDAY,
        "waiting": number(545),
        "marks": marks or (mark(warned(org="QKS")),),
        "balance": (("Waiting over 104 weeks", number(0)), ("Waiting for a review", HIDDEN)),
        "referrals": number(50),
        "left": number(40),
        "is_synthetic": True,
    }
    return ListFacts(**(usual | changes))


def week(*lists: ListFacts, **changes: Any) -> WeekFacts:
    usual: dict[str, Any] = {"as_of": MONDAY, "lists": lists or (listed(),)}
    return WeekFacts(**(usual | changes))


def email_of(one: WeekFacts, rule: Rule = Rule.HES) -> Email:
    return compose(one, base_url=BASE_URL, rule=rule)


class _Words(HTMLParser):
    """What somebody reads in HTML, block by block; pictures are told by their alternative."""

    BLOCKS = frozenset({"h1", "h2", "h3", "p", "li", "tr", "td", "title"})

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = [""]
        self.is_hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_hidden |= tag in {"style", "title"}
        if tag in self.BLOCKS:
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        self.is_hidden &= tag not in {"style", "title"}

    def handle_data(self, data: str) -> None:
        if not self.is_hidden:
            self.blocks[-1] += data


def words_of(html: str) -> list[str]:
    """The blocks of text of a page, blanks made single."""
    reader = _Words()
    reader.feed(html)
    return [text for block in reader.blocks if (text := " ".join(block.split()))]
