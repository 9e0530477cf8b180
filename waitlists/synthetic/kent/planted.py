"""What was built into an imagined Kent and Medway, in sentences for whoever looks at its figures."""

from datetime import date

from waitlists.synthetic.kent.calendar import Faults
from waitlists.synthetic.kent.lists import SUCCESSIONS
from waitlists.synthetic.kent.population import Population


def planted(population: Population) -> tuple[str, ...]:
    """One sentence for each thing that happens in the weeks of the population, without a full stop."""
    first = population.weeks[0]
    return (*(said for begins, said in _faults(population.faults) if begins >= first), *_moves(population))


def _faults(wrong: Faults) -> tuple[tuple[date, str], ...]:
    """Each fault with the day it begins; one that is there all along has no beginning."""
    missing, frozen, (by, service) = sorted(wrong.missing_weeks), sorted(wrong.frozen_weeks), wrong.cleaned
    return (
        (missing[0], f"{wrong.missing} sends nothing for the weeks ending {missing[0]} to {missing[-1]}"),
        (wrong.starts_on, f"{wrong.starts} sends for the first time for the week ending {wrong.starts_on}"),
        (frozen[0], f"{wrong.frozen[0]} repeats one week's return for the weeks ending {frozen[0]} to {frozen[-1]}"),
        (date.max, f"{wrong.pooled[0]} prints its {wrong.pooled[1]} list under two more therapies"),
        (wrong.cleaned_week, f"{by} takes {wrong.cleaned_children} off {service} in the week to {wrong.cleaned_week}"),
        (
            wrong.late_week,
            f"{wrong.late}'s files for the week ending {wrong.late_week} come {wrong.late_by.days // 7} weeks late",
        ),
        (wrong.front_door, f"a needs summary comes before a referral for ASD or ADHD from {wrong.front_door}"),
    )


def _moves(population: Population) -> tuple[str, ...]:
    return tuple(
        f"{move.provider} hands {' and '.join(sorted(move.services))} to {move.successor} on {move.since}, waits kept"
        for move in SUCCESSIONS
        if population.weeks[0] <= move.since <= population.weeks[-1]
    )
