"""The rules of the canonical referral record: a stable id each, in the order in which they are tried, and what it says.

A row is quarantined under the first rule it breaks (R_), or left out and counted as nobody of ours (X_). What is only
odd is a remark (W_) and refuses nothing. Ids are kept for good: stores, exports and people refer to them.
"""

NOTE = "X_NOTE"

RULES: dict[str, str] = {
    "R_CELLS": "The row has more or fewer cells than the header, so nobody knows which cell is which.",
    "X_ADULT": "The age is beyond 25 or none at all: an adult's referral, which is no part of these lists.",
    "R_IDENTIFIER": "A field holds ten digits that pass the check of NHS numbers; nothing of the row's content is kept."
    " One serial number in eleven passes by chance: put a 1 before each.",
    "R_ID_MISSING": "The child's pseudonym or the referral's identifier is empty.",
    "R_ID_SHAPE": "An identifier is too short, too long, holds other characters, was rounded by a spreadsheet (1.2E+9),"
    " or is a 10-digit number: put a 1 before it.",
    "R_REQUIRED_MISSING": "A field that no row may leave empty is empty.",
    "R_UNKNOWN_SERVICE": "The service is none of the record's; translate it in the mapping.",
    "R_UNKNOWN_ORG": "The organisation is in no register; a code is needed, not a name.",
    "R_UNKNOWN_CODE": "The code is none that the field may hold; translate it in the mapping.",
    "R_TEXT": "The text is too long or holds characters that are not printable ASCII.",
    "R_NUMBER": "The number is not whole, or outside what the field may hold; name words for nothing under `empty`.",
    "R_DATE_INVALID": "The date does not exist or is not written in the declared format; name words for nothing under"
    " `empty`.",
    "R_DATE_RANGE": "The date lies before 2000 or after 2099, as fillers such as 1 January 1900 or 31 December 9999 do;"
    " name fillers under `empty`.",
    "R_FUTURE": "The date lies after the day of the snapshot.",
    "R_ORIGINAL_AFTER_RECEIVED": "The first provider received the referral after this one did.",
    "R_CONTACT_BEFORE_REFERRAL": "A contact, assessment or handover lies before the wait began.",
    "R_STOP_BEFORE_START": "The wait ended before it began.",
    "R_REJECTION_BEFORE_REFERRAL": "The referral was rejected before it was received.",
    "R_DISCHARGE_BEFORE_REFERRAL": "The discharge lies before the wait began.",
    "R_REASON_MISSING": "The wait ended, but nothing says why.",
    "R_REJECTION_REASON_MISSING": "The referral was rejected, but nothing says why.",
    "R_SUCCESSOR_MISSING": "The referral was transferred, but nothing says where to.",
    "R_EQUIPMENT_SERVICE": "Equipment was handed over by a service that is not the wheelchair service.",
    NOTE: "The row stands below the list and has two cells at most: a note or a total, and nobody's referral.",
    "R_DUPLICATE_IDENTITY": "The same referral stands in the file twice with different content; neither is taken.",
}
"""Rule ids in the order in which they are tried, each with its sentence."""

EXCLUSIONS = frozenset({"X_ADULT", NOTE})

REMARKS: dict[str, str] = {
    "W_AGE_AT_PROVIDER": "The age after triage is one that another provider of Kent and Medway sees.",
    "W_REASON_WITHOUT_STOP": "A reason for ending stands without the day on which the wait ended.",
    "W_SUCCEEDED_PROVIDER": "Another provider had taken over this list by the day of the snapshot.",
    "W_UNIDENTIFIED": "Rows do not say which referral they are; a snapshot with such rows takes nobody off a list.",
    "W_SNAPSHOT_DAY": "The snapshot is neither of a Sunday nor of a month end.",
    "W_EMPTY_COLUMN": "The mapping names a column that is empty in every row: see that it was exported, or take it out"
    " of the mapping.",
    "W_LAST_LINE": "The last line has no line end, as all others have: see that the file was not cut off in it.",
    "W_DATE_FORM": "Most of the dates that cannot be read are alike; the remark says what to declare in the mapping.",
}

ODD_AGES = {("RYY", "11-15"), ("RAT", "5-10")}
"""Provider and age band that do not meet after triage: children change provider at 11."""

ETHNIC_CATEGORIES = frozenset("ABCDEFGHJKLMNPRSZ") | {"99"}
"""National codes A to S, of which I, O and Q were never given out, Z not stated, 99 not known."""

GENDERS = frozenset("1234XZ")

NUMBERS = {
    "imd_decile": (1, 10),
    "was_not_brought_count": (0, 99),
    "patient_cancel_count": (0, 99),
    "provider_cancel_count": (0, 99),
    "wait_adjustment_days": (0, 36_525),
}
"""Lowest and highest value of each number; a century of days bounds what has no bound in the record."""

MAY_LIE_AHEAD = frozenset({"next_appointment_date"})
"""Dates that may lie after the snapshot."""
