"""The words and codes that invented referrals carry, by service, list or reason; national codes where we know them."""

from waitlists.synthetic.kent.lists import LISTS

CLOCK_RULES = {
    "ASD": "asd_first_contact", "ADHD": "adhd_first_assessment", "CAMHS": "cypmh_4w", "CAMHS_ED": "cyped_treatment",
    "SALT": "community_first_contact", "COMM_PAEDS": "community_first_contact", "WHEELCHAIR": "wheelchair_handover",
    "EHC": "ehc_plan",
}  # fmt: skip

NO_CLOCK = frozenset({"NQ7"})
"""Providers that leave the clock to us: no start and no rule in what they send."""

FIRST_STAGE = {
    "ASD": "assessment", "ADHD": "assessment", "CAMHS": "first_contact", "CAMHS_ED": "treatment",
    "SALT": "first_contact", "COMM_PAEDS": "first_contact", "WHEELCHAIR": "first_contact", "EHC": "assessment",
}  # fmt: skip
NEXT_STAGE = {"ASD": "treatment", "ADHD": "treatment", "SALT": "treatment", "COMM_PAEDS": "assessment"}
"""What a child waits for at first, and once the wait has ended and the child is not discharged."""

MAIN_REASON = {"ASD": "25", "ADHD": "24", "CAMHS_ED": "12"}
MENTAL_HEALTH_REASONS = ("05", "06", "14", "15", "18")
TEAM = {"ASD": "C01", "ADHD": "C04", "CAMHS": "A06", "CAMHS_ED": "C10"}
EARLY_HELP_TEAM, EARLY_HELP = "F01", frozenset({"LOCAL:THERAPEUTIC_ALLIANCE", "LOCAL:SALUS"})
TREATMENT_FUNCTION = {"COMM_PAEDS": "290", "CAMHS": "711", "CAMHS_ED": "711", "SALT": "652"}
NEED_LEVELS = ("low", "medium", "medium", "high", "high", "specialist")

CLOSURES = {
    "seen": "01", "assessed": "01", "treated": "01", "equipment_delivered": "01", "declined": "03",
    "discharged_unseen": "05", "transferred": "04", "aged_out": "06", "died": "07", "data_correction": "08",
}  # fmt: skip
REJECTIONS = ("01", "02", "03")

SYSTEMS = {
    "RYY": "SYNTHETIC RiO", "NQ7": "SYNTHETIC SystmOne", "RPA": "SYNTHETIC Lorenzo", "RVV": "SYNTHETIC Lorenzo",
    "RAT": "SYNTHETIC RiO", "RXY": "SYNTHETIC RiO", "E10000016": "SYNTHETIC Synergy", "E06000035": "SYNTHETIC Synergy",
}  # fmt: skip
OTHER_SYSTEM = "SYNTHETIC SystmOne"
"""What every row says it comes from, so that no invented referral is taken for a child's."""


def by_list(words: dict[str, str]) -> list[str | None]:
    """The word of each list's service, None where there is none."""
    return [words.get(item.service) for item in LISTS]
