"""The JSON form of a breach warning, from its numbers as this caller may see them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import quote, urlencode

from forecasting.warnings.life import stands_on
from forecasting.warnings.seen import Seen
from forecasting.warnings.told import life_told, severity_told
from forecasting.warnings.warning import Acknowledgement, Assessment, BreachWarning, Life, Severity
from forecasting.warnings.words import rests_on, sentence_of, stands
from waitlists.quality.whole import WHOLE_UNKNOWN
from waitlists.quality.words import name_of
from waitlists.store.newer import Shown
from waitlists.store.read import DatasetVersion

BEHIND: Final = "Worked out without the newest figures of this list."


@dataclass(frozen=True, slots=True)
class AskedWarning:
    """A warning as it was worked out, who has taken it, the day asked about, and the version that answers.

    `shown` are the figures that its list is shown from on the day, where it has not seen them or rests on others.
    """

    warning: BreachWarning
    taken: Sequence[Acknowledgement]
    as_of: date
    version: DatasetVersion | None
    shown: Shown | None

    @property
    def figures(self) -> Assessment:
        """What the figures say."""
        return self.warning.figures

    @property
    def life(self) -> Life:
        """Where it stands on the day by its exact figures."""
        return stands_on(self.warning.life, self.taken, self.as_of)


def breach_body(asked: AskedWarning, seen: Seen) -> dict[str, Any]:
    """Everything of one warning; the order of the fields is that of reading."""
    figures = asked.figures
    life = life_told(asked.life, seen, figures, taken=asked.taken, day=asked.as_of)
    return {
        **_about(asked),
        **_life(life, severity_told(life, seen, figures), is_exact=seen.is_exact),
        "waiting": seen.waiting,
        "about": seen.about,
        "over_now": seen.over_now,
        "over_standard": seen.over_standard,
        "newly_over_now": seen.newly_over_now,
        "newly_since": figures.newly_since,
        "newly_over": [due._asdict() for due in seen.newly_over],
        "method": figures.method,
        "basis": figures.basis,
        "ranges_checked": [one._asdict() for one in figures.held],
        "tail": [one._asdict() for one in seen.tail],
        "longest_band": seen.longest_band,
        "change_since_last_week": seen.change,
        "change_since": figures.change_since,
        "real_change": seen.real_change,
        "coverage": None if _may_lack_others(seen) else seen.coverage,
        "missing_providers": list(figures.missing),
        "provisional": not figures.is_whole or _may_lack_others(seen),
        "is_proxy": figures.is_proxy,
        "synthetic": figures.is_synthetic,
        "caveats": [one._asdict() for one in seen.caveats],
        "standing": stands(life, asked.as_of),
        "sentence": " ".join([sentence_of(seen, figures), *_beside(figures, asked.shown)]),
        "links": links_of(asked),
    }


def _may_lack_others(seen: Seen) -> bool:
    """Whether nobody can know who is expected in the figures besides those that are known."""
    return any(one.code == WHOLE_UNKNOWN for one in seen.caveats) and seen.coverage == 1


def _beside(figures: Assessment, shown: Shown | None) -> Iterator[str]:
    """What the figures beside a warning are of, where it does not rest on them."""
    if shown is not None and shown.source != figures.source:
        yield rests_on((figures.source, figures.period_end), (shown.source, shown.period_end))
    elif shown is not None:
        yield BEHIND


def _about(asked: AskedWarning) -> dict[str, Any]:
    figures = asked.figures
    return {
        "id": asked.warning.id,
        "service": figures.service,
        "org": figures.org,
        "org_name": name_of(figures.org),
        "level": figures.level,
        "standard_id": figures.standard_id,
        "threshold_days": figures.threshold_days,
        "over_days": figures.over_days,
        "subject": figures.subject,
        "source": figures.source,
        "freq": figures.freq,
        "as_of": asked.as_of,
        "warned_as_of": figures.as_of,
        "period_end": figures.period_end,
        "newer_figures": asked.shown is not None and asked.shown.is_newer,
        "vintage_id": figures.counted[0].vintage_id,
        "dataset_version": asked.version.version if asked.version else None,
    }


def _life(life: Life, severity: Severity | None, *, is_exact: bool) -> dict[str, Any]:
    """Where it stands; what somebody wrote is for those alone who may see exact figures, since it may hold some."""
    taken = life.acknowledged
    return {
        "severity": severity,
        "state": life.state,
        "state_since": life.since,
        "raised_at": life.raised_on,
        "owner": life.owner,
        "acknowledged_by": taken.role if taken else None,
        "acknowledged_on": taken.on if taken else None,
        "acknowledged_until": taken.until if taken else None,
        "acknowledged_reason": taken.reason if taken and is_exact else None,
    }


def links_of(asked: AskedWarning) -> dict[str, str]:
    """Addresses of what belongs with a warning."""
    figures, own = asked.figures, f"/v1/breaches/{asked.warning.id}"
    place = f"{quote(figures.service, safe='')}/{quote(figures.org, safe='')}"
    same = urlencode({"as_of": asked.as_of.isoformat(), "source": figures.source})
    return {
        "self": f"{own}?{urlencode({'as_of': asked.as_of.isoformat()})}",
        "acknowledgement": f"{own}/acknowledgement",
        "page": f"/breaches/{asked.warning.id}",
        "list": f"/v1/waiting-lists/{place}?{same}",
    }
