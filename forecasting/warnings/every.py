"""All warnings of a day: every list beside every standard that is watched of it, taken on from the run before."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from forecasting.flow.ranges import pool_of
from forecasting.warnings.assess import Looked, assessed, looked_at
from forecasting.warnings.life import gone_on, stands_on
from forecasting.warnings.newly import with_newly_told
from forecasting.warnings.past import ListPast
from forecasting.warnings.seen import exactly
from forecasting.warnings.severity import severity_of
from forecasting.warnings.warning import (
    SEVERITIES,
    Acknowledgement,
    Assessment,
    BreachWarning,
    Life,
    Severity,
    warning_id,
)
from forecasting.warnings.watched import Watch, watched
from forecasting.warnings.words import sentence_of
from waitlists.domain import Level
from waitlists.quality.words import level_of

WARNED_OF = (Level.PROVIDER, Level.ICB)
"""Where an organisation stands that can act on its list."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was known before a run: the warnings as the run before left them, and who has taken which since."""

    before: Mapping[str, BreachWarning] = field(default_factory=dict[str, BreachWarning])
    taken: Mapping[str, Sequence[Acknowledgement]] = field(default_factory=dict[str, Sequence[Acknowledgement]])


def warnings_of(
    pasts: Iterable[ListPast], known: Known, *, as_of: date, levels: Mapping[str, Level]
) -> tuple[BreachWarning, ...]:
    """Every warning that stands or is cleared on a day, in order of service, organisation and standard.

    Parameters
    ----------
    pasts
        Lists of any sources and services, each list once.
    levels
        Where organisations stand that are in no register.
    """
    by_source: dict[str, list[tuple[Looked, Level]]] = defaultdict(list)
    sources: dict[tuple[str, str], str] = {}
    for past in pasts:
        sources[past.history.service, past.org] = past.history.source
        level = level_of(past.org, levels)
        if level in WARNED_OF:
            by_source[past.history.source] += [(one, level) for one in _looked(past, known)]
    found: list[BreachWarning] = []
    for looked in by_source.values():
        pool = pool_of(one.prospect.outlook for one, _ in looked if one.prospect.outlook)
        figures = with_newly_told(assessed(one, pool, level=level, as_of=as_of) for one, level in looked)
        found += [warning for one in figures if (warning := _warning(one, known)) is not None]
    found += _unseen(found, known, as_of, sources)
    return tuple(sorted(found, key=lambda one: (one.figures.service, one.figures.org, one.figures.standard_id)))


def _looked(past: ListPast, known: Known) -> Iterable[Looked]:
    service, org = past.history.service, past.org
    for standard in watched(service, past.history.source):
        before = known.before.get(warning_id(service, org, standard.id))
        watch = Watch(before.figures.over_days, before.figures.subject) if before else None
        looked = looked_at(past, standard, before=watch, known_to=_known_to(before, known) if before else None)
        if looked is not None:
            yield looked


def _known_to(before: BreachWarning, known: Known) -> date:
    """The last day on which a warning was raised or taken."""
    return max([before.life.raised_on, *(one.on for one in known.taken.get(before.id, ()))])


def _warning(figures: Assessment, known: Known) -> BreachWarning | None:
    before, seen = known.before.get(figures.id), exactly(figures)
    was = before.life if before and before.life.state != "cleared" else None
    severity = _held_back(severity_of(seen, figures), figures, was)
    life = gone_on(was, figures, severity, taken=known.taken.get(figures.id, ()))
    if figures.moved_to is not None:
        life = replace(was, state="cleared", since=figures.as_of, calm=0, acknowledged=None) if was else None
    return None if life is None else BreachWarning(figures, life, sentence_of(seen, figures))


def _held_back(severity: Severity | None, figures: Assessment, was: Life | None) -> Severity | None:
    """What figures that are older than usual may say: they raise no warning, and make none worse."""
    if severity is None or not figures.is_old:
        return severity
    if was is None:
        return None
    return was.severity if SEVERITIES.index(was.severity) < SEVERITIES.index(severity) else severity


def _unseen(
    found: Iterable[BreachWarning], known: Known, as_of: date, sources: Mapping[tuple[str, str], str]
) -> Iterable[BreachWarning]:
    """Warnings that stand and of whose list nothing was read this time: they stay, since nobody said it is over.

    One under a standard that the source now read is not watched under ends: another goes on in its place.
    """
    seen = {one.id for one in found}
    for one in known.before.values():
        if one.id not in seen and one.life.state != "cleared":
            source = sources.get((one.figures.service, one.figures.org))
            if source and one.figures.standard_id not in {it.id for it in watched(one.figures.service, source)}:
                life = replace(one.life, state="cleared", since=as_of, calm=0, acknowledged=None)
            else:
                life = stands_on(one.life, known.taken.get(one.id, ()), as_of)
            yield BreachWarning(replace(one.figures, as_of=as_of, is_whole=False), life, one.sentence)
