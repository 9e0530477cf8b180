"""One provider's extract as its own system writes it, and the mapping that turns it into the canonical record.

Other headings, other words, days before months, semicolons: what a mapping file is for. The layout is invented; it is
no system's real one.
"""

from types import MappingProxyType

from waitlists.record.schema import SENT
from waitlists.synthetic.kent.codes import SYSTEMS
from waitlists.synthetic.kent.files import Dialect
from waitlists.synthetic.kent.lists import KENT_AND_MEDWAY

FOREIGN_PROVIDER = "RPA"

_CONSTANTS = {
    "organisation_identifier_code_of_provider": FOREIGN_PROVIDER,
    "organisation_identifier_code_of_commissioner": KENT_AND_MEDWAY,
}
_SENT_ELSEWHERE = {*_CONSTANTS, "source_system"}

_HEADINGS = {
    "pseudonym_id": "ClientKey",
    "service": "ServiceLine",
    "waiting_for": "WaitStage",
    "service_request_identifier": "ReferralKey",
    "referral_request_received_date": "RefReceivedDt",
    "original_referral_request_received_date": "RefOriginalDt",
    "clock_start_date": "ClockStartDt",
    "clock_stop_date": "ClockStopDt",
    "clock_stop_reason": "Outcome",
    "age_band": "AgeGroup",
    "person_stated_gender_code": "Sex",
    "ethnic_category": "Ethnicity",
    "district_code": "DistrictOfResidence",
    "first_care_contact_date": "FirstSeenDt",
    "service_discharge_date": "DischargeDt",
    "was_not_brought_count": "WNB",
    "next_appointment_date": "NextApptDt",
    "snapshot_date": "ExtractDt",
}

_WORDS = {
    "service": {"COMM_PAEDS": "Community Paediatrics"},
    "waiting_for": {"first_contact": "1ST", "assessment": "ASSMT", "treatment": "TX", "review": "FU"},
    "age_band": {"0-4": "Under 5", "5-10": "5 to 10", "11-15": "11 to 15", "16-17": "16 to 17", "18-25": "18 to 25"},
    "person_stated_gender_code": {"1": "M", "2": "F", "X": "NK", "Z": "NS"},
    "clock_stop_reason": {
        "seen": "SEEN", "rejected": "REJ", "declined": "DEC", "discharged_unseen": "DISCH", "aged_out": "AGE",
        "died": "RIP", "data_correction": "ERR",
    },
}  # fmt: skip

FOREIGN = Dialect(
    delimiter=";",
    encoding="cp1252",
    date_format="%d/%m/%Y",
    empty="NULL",
    headings=MappingProxyType(_HEADINGS),
    words=MappingProxyType({name: MappingProxyType(words) for name, words in _WORDS.items()}),
    left_out=frozenset(_SENT_ELSEWHERE),
    more=MappingProxyType({"ReportVersion": "4.2"}),
)
"""How the provider writes it."""


def foreign_mapping(kind: str) -> str:
    """The mapping file of the provider's extracts, in TOML.

    Parameters
    ----------
    kind : `snapshot` for whole lists, `delta` for changes
    """
    columns = {name: _HEADINGS.get(name, name) for name in SENT if name not in _SENT_ELSEWHERE}
    codes = {name: {theirs: ours for ours, theirs in words.items()} for name, words in _WORDS.items()}
    tables = {"columns": columns, "constants": _CONSTANTS, **{f"codes.{name}": words for name, words in codes.items()}}
    head = (
        f'source_system = "{SYSTEMS[FOREIGN_PROVIDER]}"\nkind = "{kind}"\nencoding = "cp1252"\ndelimiter = ";"\n'
        'date_format = "DD/MM/YYYY"\nempty = ["NULL"]\nignore = ["ReportVersion"]\n'
    )
    return head + "".join(f"\n[{title}]\n{_lines(entries)}" for title, entries in tables.items())


def _lines(entries: dict[str, str]) -> str:
    return "".join(f'"{name}" = "{value}"\n' for name, value in entries.items())
