"""What a provider would send: the referrals it holds as they stood on a day, in the canonical record.

Only what had happened by the end of that day is in it, but for appointments booked by then.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pyarrow as pa

from waitlists.errors import BadArgument
from waitlists.record.schema import AGE_BANDS, REASONS, SCHEMA, STAGES
from waitlists.synthetic.kent import codes
from waitlists.synthetic.kent.calendar import NEVER, day_number
from waitlists.synthetic.kent.lists import KENT_AND_MEDWAY, LISTS, PROVIDERS
from waitlists.synthetic.kent.people import ETHNICITIES, GENDERS, HOMES, YEAR
from waitlists.synthetic.kent.population import MEDIA, SOURCES, Population
from waitlists.synthetic.kent.pseudonyms import pseudonyms
from waitlists.synthetic.kent.referrals import DATES, IS_REVIEW, SERVICE, Column, Referrals, happened, of_lists

_AGE_EDGES = (5, 11, 16, 18)
_AT_FIRST = of_lists(lambda item: STAGES.index(codes.FIRST_STAGE[item.service]))
_LATER = of_lists(lambda item: STAGES.index(codes.NEXT_STAGE.get(item.service, "treatment")))


def extract(population: Population, provider: str, *, on: date, since: date | None = None) -> pa.Table:
    """A provider's referrals as they stood on a day: all of them, or those that changed after `since`.

    Parameters
    ----------
    on : snapshot date, a Sunday for a weekly extract
    since : the snapshot date of the delivery before, for a delta

    Raises
    ------
    BadArgument
        For a provider without a list here, a day outside the population, or a `since` that is not before `on`.
    """
    if provider not in PROVIDERS:
        raise BadArgument(f"expected one of {', '.join(PROVIDERS)}", field="provider")
    if not population.weeks[0] <= on <= population.weeks[-1]:
        raise BadArgument("expected a day of the weeks that the population covers", field="on")
    if since is not None and since >= on:
        raise BadArgument("expected a day before the snapshot date", field="since")
    today = day_number(on)
    referrals = population.referrals
    held = (referrals.provider == PROVIDERS.index(provider)) & (referrals.received <= today)
    referrals = referrals.take(np.flatnonzero(held))
    if since is not None:
        referrals = referrals.take(_has_changed(referrals, day_number(since), today))
    columns = {**_texts(referrals, provider, population.seed), **_days(referrals, provider, today)}
    columns |= {**_numbers(referrals, today), **_states(referrals, provider, today)}
    return pa.table([columns[name] for name in SCHEMA.names], schema=SCHEMA)


def age_bands(referrals: Referrals, on: int) -> Column:
    """Place in `AGE_BANDS` of each child's age on a day, or on the last day of the referral where that was earlier."""
    over = np.where(referrals.stopped == NEVER, on, np.maximum(referrals.discharged, referrals.stopped))
    years = (np.minimum(over, on) - referrals.born) / YEAR
    return np.searchsorted(_AGE_EDGES, years, side="right")


def stages(referrals: Referrals, on: int) -> Column:
    """Place in `STAGES` of what each child waits for on a day, or waited for last."""
    is_met = happened(referrals.contact, on)
    is_assessed = happened(referrals.assessment, on)
    waits_on = happened(referrals.stopped, on) & (referrals.discharged > referrals.stopped)
    is_wheelchair = (SERVICE == "WHEELCHAIR")[referrals.list_index]
    is_mental_health = (SERVICE == "CAMHS")[referrals.list_index]
    stage = np.where(waits_on, _LATER[referrals.list_index], _AT_FIRST[referrals.list_index])
    stage = np.where(is_mental_health & is_met, STAGES.index("treatment"), stage)
    stage = np.where(is_wheelchair & is_met, STAGES.index("assessment"), stage)
    stage = np.where(is_wheelchair & is_assessed, STAGES.index("equipment"), stage)
    return np.where(IS_REVIEW[referrals.list_index], STAGES.index("review"), stage)


def _has_changed(referrals: Referrals, since: int, on: int) -> Column:
    changed = age_bands(referrals, since) != age_bands(referrals, on)
    for name in DATES:
        days = getattr(referrals, name)
        changed |= (days > since) & (days <= on)
    return changed


def _texts(referrals: Referrals, provider: str, seed: int) -> dict[str, pa.Array]:
    """Columns that never change."""
    by_list, size = referrals.list_index, len(referrals.number)
    team = [codes.EARLY_HELP_TEAM if provider in codes.EARLY_HELP else code for code in codes.by_list(codes.TEAM)]
    is_mental_health = (SERVICE == "CAMHS")[by_list]
    reasons = codes.by_list(codes.MAIN_REASON)
    various = np.where(is_mental_health, len(reasons) + referrals.number % len(codes.MENTAL_HEALTH_REASONS), by_list)
    need = np.where((SERVICE == "WHEELCHAIR")[by_list], referrals.number % 6, -1)
    spells = pseudonyms(referrals.spell, seed=seed, purpose="spell").to_numpy(zero_copy_only=False)
    return {
        "pseudonym_id": pseudonyms(referrals.child, seed=seed, purpose="child", lanes=2),
        "service": _words([item.service for item in LISTS], by_list),
        "service_request_identifier": pseudonyms(referrals.number, seed=seed, purpose="referral"),
        # Half the senders' spells are left for us to find.
        "referral_spell_id": pa.array(spells, mask=(referrals.spell < 0) | (referrals.spell % 2 == 1)),
        "organisation_identifier_code_of_provider": _same(provider, size),
        "organisation_identifier_code_of_commissioner": _same(KENT_AND_MEDWAY, size),
        "source_of_referral": _words(SOURCES, referrals.source),
        "primary_reason_for_referral": _words([*reasons, *codes.MENTAL_HEALTH_REASONS], various),
        "service_or_team_type_referred_to": _words(team, by_list),
        "clinical_response_priority_type": _words([item.priority for item in LISTS], by_list),
        "wheelchair_need_level": _words(codes.NEED_LEVELS, need),
        "treatment_function_code": _words(codes.by_list(codes.TREATMENT_FUNCTION), by_list),
        "person_stated_gender_code": _words(GENDERS, referrals.gender),
        "ethnic_category": _words(ETHNICITIES, referrals.ethnicity),
        "district_code": _words(HOMES, referrals.district),
        "source_system": _same(codes.SYSTEMS.get(provider, codes.OTHER_SYSTEM), size),
    }


def _days(referrals: Referrals, provider: str, on: int) -> dict[str, pa.Array]:
    started = np.where(provider in codes.NO_CLOCK, NEVER, referrals.started)
    stopped = _clock_stopped(referrals)
    is_booked = happened(referrals.booked, on) & (referrals.appointment > on) & ~happened(referrals.stopped, on)
    past = {
        "referral_request_received_date": referrals.received,
        "original_referral_request_received_date": referrals.original,
        "clock_start_date": started,
        "referral_rejection_date": referrals.rejected,
        "first_care_contact_date": referrals.contact,
        "baseline_outcome_date": referrals.baseline,
        "plan_or_intervention_date": referrals.plan,
        "assessment_started_date": referrals.assessment,
        "equipment_delivered_date": referrals.equipment,
        "clock_stop_date": stopped,
        "service_discharge_date": referrals.discharged,
    }
    return {
        **{name: _dates(days, happened(days, on)) for name, days in past.items()},
        "next_appointment_date": _dates(referrals.appointment, is_booked),
        "snapshot_date": _dates(np.full(len(referrals.number), on), np.full(len(referrals.number), fill_value=True)),
    }


def _clock_stopped(referrals: Referrals) -> Column:
    """The sender's clock stops; the clock of a spell does not stop with its first referral."""
    return np.where((referrals.spell >= 0) & (referrals.spell == referrals.number), NEVER, referrals.stopped)


def _numbers(referrals: Referrals, on: int) -> dict[str, pa.Array]:
    known = {
        "was_not_brought_count": (referrals.missed, referrals.missed_on),
        "patient_cancel_count": (referrals.family, referrals.family_on),
        "provider_cancel_count": (referrals.provider_on != NEVER, referrals.provider_on),
        "wait_adjustment_days": (referrals.adjustment, referrals.family_on),
    }
    counts = {name: np.where(happened(day, on), count, 0).astype(np.int32) for name, (count, day) in known.items()}
    return {name: pa.array(column) for name, column in {**counts, "imd_decile": referrals.decile}.items()}


def _states(referrals: Referrals, provider: str, on: int) -> dict[str, pa.Array]:
    """Columns of words that change with time."""
    closed = np.where(happened(referrals.stopped, on), referrals.reason, -1)
    reason = np.where(happened(_clock_stopped(referrals), on), referrals.reason, -1)
    is_rejected = happened(referrals.rejected, on)
    has_rule = provider not in codes.NO_CLOCK
    rules = [codes.CLOCK_RULES[item.service] if has_rule and not item.is_review else None for item in LISTS]
    return {
        "waiting_for": _words(STAGES, stages(referrals, on)),
        "clock_rule_id": _words(rules, referrals.list_index),
        "age_band": _words(AGE_BANDS, age_bands(referrals, on)),
        "referral_rejection_reason": _words(codes.REJECTIONS, np.where(is_rejected, referrals.number % 3, -1)),
        "first_care_contact_medium": _words(MEDIA, np.where(happened(referrals.contact, on), referrals.medium, -1)),
        "clock_stop_reason": _words(REASONS, reason),
        "successor_provider": _words(PROVIDERS, np.where(reason < 0, -1, referrals.successor)),
        "reason_for_referral_closure": _words(
            [codes.CLOSURES.get(word) for word in REASONS], np.where(happened(referrals.discharged, on), closed, -1)
        ),
    }


def _words(words: Sequence[str | None], places: Column) -> pa.Array:
    return pa.array(words, pa.string()).take(pa.array(places, mask=places < 0))


def _same(word: str, size: int) -> pa.Array:
    return _words([word], np.zeros(size, dtype=np.int8))


def _dates(days: Column, is_known: Column) -> pa.Array:
    return pa.array(days.astype(np.int32), mask=~is_known).cast(pa.date32())
