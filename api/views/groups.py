"""The JSON form of a list by groups of children: one fixed division at a time, never two crossed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from api import words
from api.about import About
from api.views.lists import vintage
from api.views.missing import coverage_of, is_provisional, missing_providers
from api.views.waits import DAYS_A_WEEK
from waitlists.counts.groups import BANDS, Grouped
from waitlists.domain import Level
from waitlists.sources import PUBLISHED_SOURCES, freq_of
from waitlists.store.read import StoredList

BY: Final[Mapping[str, str]] = {
    "district": "district",
    "age_band": "age",
    "sex": "stated gender",
    "ethnicity": "ethnic group",
    "deprivation": "deprivation of the home area",
}
"""What a division is called in a sentence."""

PUBLISHED = "No groups are known: published figures are not told apart by group."
NOT_IN_RETURNS = "No groups are known: a return counts children by wait and not by group."
WHOLE_BOARDS = "Groups are counted of whole boards, not of single providers: ask for the board."
TOO_OLD = "No groups are known: they are counted at month ends and in the newest 13 weeks."


@dataclass(frozen=True, slots=True)
class ShownGroups:
    """A list with the groups of one division, and of all divisions for disclosure control."""

    stored: StoredList
    about: About
    cut: str
    divided: Mapping[str, Sequence[Grouped]]

    @property
    def groups(self) -> Sequence[Grouped]:
        """The groups asked for."""
        return self.divided[self.cut]


def groups_body(shown: ShownGroups) -> dict[str, Any]:
    """One division of a list as known on a day."""
    stored, about = shown.stored, shown.about
    place, same = about.place, urlencode({"as_of": about.day, "source": stored.source})
    return {
        "service": about.service.code,
        "service_label": about.service.label,
        "org": about.organisation.code,
        "org_name": about.organisation.name,
        "cut": shown.cut,
        "as_of": about.as_of,
        "period_end": stored.period_end,
        "dataset_version": about.dataset_version,
        "source": stored.source,
        "freq": freq_of(stored.source),
        "reconstructed": stored.vintage.is_reconstructed,
        "vintage": vintage(stored),
        "coverage": coverage_of(stored),
        "provisional": is_provisional(stored),
        "missing_providers": missing_providers(stored.coverage),
        "list_size": stored.bands.total,
        "groups": [_group(one) for one in shown.groups],
        "is_proxy": about.service.proxy_note_in(stored.source) is not None,
        "synthetic": stored.is_synthetic,
        "sentence": words.groups_sentence(stored, about, by=BY[shown.cut]),
        "links": {
            "self": f"/v1/waiting-lists/{place}/groups/{shown.cut}?{same}",
            "list": f"/v1/waiting-lists/{place}?{same}",
        },
    }


def _group(one: Grouped) -> dict[str, Any]:
    return {
        "group": one.group.code,
        "label": one.group.label,
        "list_size": one.list_size,
        "bands": [
            {"label": band.label, "from_days": band.from_days, "to_days": band.to_days, "count": count}
            for band, count in zip(BANDS, one.bands, strict=True)
        ],
        "over_18_weeks": one.bands[1] + one.bands[2],
        "over_52_weeks": one.bands[2],
        "median_wait": None if one.median_days is None else round(one.median_days / DAYS_A_WEEK, 2),
    }


def why_no_groups(stored: StoredList, about: About) -> str:
    """Why nobody knows the groups of a list."""
    if stored.source in PUBLISHED_SOURCES:
        return PUBLISHED
    if about.organisation.level != Level.ICB:
        return WHOLE_BOARDS
    return TOO_OLD if stored.own is not None else NOT_IN_RETURNS
