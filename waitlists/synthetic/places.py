"""Where the synthetic figures live: two regions, six integrated care boards, thirteen providers and their lists.

Codes and names are real, so that the registers recognise them; every number is invented. Kent and Medway is sized on
its published lists of March 2025, the comparators on round figures. Nothing here knows about time or layout.

Source: NHS England, Community Health Services Waiting Times, March 2025, for the sizes and band shares of Kent.
"""

from typing import NamedTuple

PAEDIATRICS = "(CYP) Community paediatric service"
SPEECH = "(CYP) Therapy interventions: Speech and language"
OCCUPATIONAL = "(CYP) Therapy interventions: Occupational therapy"
PHYSIO = "(CYP) Therapy interventions: Physiotherapy"
DIETETICS = "(CYP) Therapy interventions: Dietetics"
AUDIOLOGY = "(CYP) Audiology"
SCREENING = "(CYP) Antenatal, new-born and children screening and immunisation services"
HEARING = "(CYP) New-born hearing screening"
LONG_TERM = "(CYP) Nursing and Therapy teams support for long term conditions"
NURSING = "(CYP) Community nursing services (planned care and rapid response teams)"
WHEELCHAIR = "(CYP) Wheelchair, orthotics, prosthetics and equipment"
RAPID = "(CYP) Rapid Response Services"
MUSCULOSKELETAL = "(A) Musculoskeletal service"
PODIATRY = "(A) Podiatry and podiatric surgery"
ADULT_SPEECH = "(A) Therapy interventions: Speech and language"

HIDDEN_LINES = {"(A) Adult safeguarding": 14, "(CYP) Looked after children teams": 290, "(CYP) Safeguarding": 6}
"""Printed for England alone, and only as a total; below England a `*` or a blank stands for them."""


class Place(NamedTuple):
    """A region or board: its code, the name printed and the code of what it belongs to."""

    code: str
    name: str
    parent: str


REGIONS = (Place("Y60", "Midlands", "ENG"), Place("Y59", "South East", "ENG"))

BOARDS = (
    Place("QHL", "Birmingham and Solihull", "Y60"),
    Place("QWU", "Coventry and Warwickshire", "Y60"),
    Place("QRL", "Hampshire and Isle of Wight", "Y59"),
    Place("QKS", "Kent and Medway", "Y59"),
    Place("QK1", "Leicester, Leicestershire and Rutland", "Y60"),
    Place("QNX", "Sussex", "Y59"),
)

PROVIDERS = (
    Place("RYW", "Birmingham Community Healthcare NHS Foundation Trust", "QHL"),
    Place("RYG", "Coventry and Warwickshire Partnership NHS Trust", "QWU"),
    Place("RVV", "East Kent Hospitals University NHS Foundation Trust", "QKS"),
    Place("RXC", "East Sussex Healthcare NHS Trust", "QNX"),
    Place("RYY", "Kent Community Health NHS Foundation Trust", "QKS"),
    Place("RT5", "Leicestershire Partnership NHS Trust", "QK1"),
    Place("NQ7", "Medway Community Healthcare", "QKS"),
    Place("RPA", "Medway NHS Foundation Trust", "QKS"),
    Place("R1C", "Solent NHS Trust", "QRL"),
    Place("RJC", "South Warwickshire University NHS Foundation Trust", "QWU"),
    Place("RW1", "Southern Health NHS Foundation Trust", "QRL"),
    Place("RDR", "Sussex Community NHS Foundation Trust", "QNX"),
    Place("RYR", "University Hospitals Sussex NHS Foundation Trust", "QNX"),
)

RENAMED = {"RW1": "Hampshire and Isle of Wight Healthcare NHS Foundation Trust"}
"""The name printed once Solent's lists have moved there, in October 2024."""


class Shape(NamedTuple):
    """How a list is spread over the eight wait bands (shares that need not add up to one) and its growth a year."""

    bands: tuple[float, ...]
    growth: float


LONG = Shape((0.015, 0.013, 0.032, 0.11, 0.05, 0.28, 0.39, 0.11), 0.03)
MIDDLING = Shape((0.030, 0.026, 0.062, 0.20, 0.08, 0.46, 0.13, 0.012), 0.02)
SHORT = Shape((0.050, 0.046, 0.085, 0.28, 0.14, 0.39, 0.003, 0.0), 0.02)
THERAPY = Shape((0.105, 0.095, 0.145, 0.31, 0.065, 0.22, 0.055, 0.0), 0.08)
QUICK = Shape((0.16, 0.14, 0.20, 0.36, 0.09, 0.05, 0.0, 0.0), 0.02)


class SyntheticList(NamedTuple):
    """One list: whose, which line, how long it is at the start and its shape."""

    provider: str
    line: str
    size: int
    shape: Shape


UNREPORTED = SyntheticList("RYW", PAEDIATRICS, 14_200, LONG)
"""A neurodevelopmental list that exists from the start and is first sent in the month of the coverage step."""

_KENT = (
    SyntheticList("NQ7", PAEDIATRICS, 4_020, LONG),
    SyntheticList("RYY", PAEDIATRICS, 3_350, MIDDLING),
    SyntheticList("RPA", PAEDIATRICS, 760, MIDDLING),
    SyntheticList("RVV", PAEDIATRICS, 860, SHORT),
    # One pooled number that the trust prints under three lines: the copies are made when it reports.
    SyntheticList("RYY", SPEECH, 800, QUICK),
    SyntheticList("NQ7", SPEECH, 700, THERAPY),
    SyntheticList("NQ7", OCCUPATIONAL, 150, THERAPY),
    SyntheticList("NQ7", PHYSIO, 245, QUICK),
    SyntheticList("NQ7", DIETETICS, 200, QUICK),
    SyntheticList("NQ7", LONG_TERM, 14, QUICK),
    SyntheticList("RYY", AUDIOLOGY, 670, THERAPY),
    SyntheticList("RYY", SCREENING, 120, QUICK),
    SyntheticList("RYY", HEARING, 85, QUICK),
    SyntheticList("RYY", LONG_TERM, 0, QUICK),
    SyntheticList("RYY", PODIATRY, 5_200, QUICK),
    SyntheticList("NQ7", MUSCULOSKELETAL, 3_900, QUICK),
)

_SOUTH_EAST = (
    SyntheticList("RDR", PAEDIATRICS, 1_400, MIDDLING),
    SyntheticList("RXC", PAEDIATRICS, 1_950, MIDDLING),
    SyntheticList("RYR", PAEDIATRICS, 1_050, SHORT),
    SyntheticList("RDR", SPEECH, 1_900, THERAPY),
    SyntheticList("RDR", NURSING, 520, QUICK),
    SyntheticList("RDR", WHEELCHAIR, 55, SHORT),
    SyntheticList("RDR", MUSCULOSKELETAL, 8_900, QUICK),
    SyntheticList("R1C", PAEDIATRICS, 820, SHORT),
    SyntheticList("R1C", SPEECH, 1_900, THERAPY),
    SyntheticList("RW1", SPEECH, 75, QUICK),
    SyntheticList("RW1", DIETETICS, 120, QUICK),
    SyntheticList("RW1", PODIATRY, 6_100, QUICK),
)

_MIDLANDS = (
    SyntheticList("RYW", PAEDIATRICS, 1_550, SHORT),
    UNREPORTED,
    SyntheticList("RYW", SPEECH, 2_050, THERAPY),
    SyntheticList("RYW", OCCUPATIONAL, 290, THERAPY),
    SyntheticList("RYW", MUSCULOSKELETAL, 14_200, QUICK),
    SyntheticList("RYG", PAEDIATRICS, 560, SHORT),
    SyntheticList("RYG", SPEECH, 650, THERAPY),
    SyntheticList("RYG", PHYSIO, 290, QUICK),
    SyntheticList("RJC", PAEDIATRICS, 590, SHORT),
    SyntheticList("RJC", SPEECH, 880, THERAPY),
    SyntheticList("RJC", RAPID, 0, QUICK),
    SyntheticList("RT5", PAEDIATRICS, 6_600, LONG),
    SyntheticList("RT5", SPEECH, 800, THERAPY),
    SyntheticList("RT5", AUDIOLOGY, 2_250, THERAPY),
    SyntheticList("RT5", ADULT_SPEECH, 640, QUICK),
)

LISTS = _KENT + _SOUTH_EAST + _MIDLANDS
