"""Facts of the service register: codes, plain names, printed lines, what is a proxy for what, and changes of meaning.

Lines: as printed in the NHS England workbooks "Community Health Services Waiting Times", August 2024 to March 2025.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from waitlists.errors import BadArgument
from waitlists.sources import PUBLISHED_SOURCES

AgeGroup = Literal["children", "adults", "all"]


@dataclass(frozen=True, slots=True)
class Service:
    """One kind of list: code, plain name, whose it is, the CHS line it is printed as, and what it stands in for.

    `is_proxy_for` names services for which this one is shown where they have no published figure of their own;
    `proxy_note` then stands in the sentence (`proxy_note_in`).
    """

    code: str
    label: str
    age_group: AgeGroup
    line: str | None = None
    is_proxy_for: tuple[str, ...] = ()
    proxy_note: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if not self.code.replace("_", "").isalnum() or self.code != self.code.upper():
            raise BadArgument("a service's code is upper-case letters, figures and underscores", field="service")
        if self.is_proxy_for and "proxy" not in self.proxy_note:
            raise BadArgument("a proxy says so in its note", field="proxy_note")

    def proxy_note_in(self, source: str) -> str | None:
        """What calls a figure of a source a proxy, None where it is one of the service itself.

        A line that stands in for its own service is wider than it where it is published; records and returns that
        providers send of the service are of nothing else.
        """
        stands_for_others = any(code != self.code for code in self.is_proxy_for)
        is_wider = bool(self.is_proxy_for) and source in PUBLISHED_SOURCES
        return self.proxy_note if stands_for_others or is_wider else None


@dataclass(frozen=True, slots=True)
class DefinitionBreak:
    """The first month whose figures mean something else than before, and one sentence that says what changed.

    `source` names the only source it concerns, None where it holds for every published figure.
    """

    service: str
    period_end: date
    sentence: str
    source: str | None = None


DEFINITION_BREAKS: tuple[DefinitionBreak, ...] = (
    DefinitionBreak(
        "ASD",
        date(2023, 9, 30),
        "From September 2023 an autism referral counts as open only while a row for it flows in the month,"
        " so open counts fell by 20 to 37% without anyone being seen.",
        "autism",
    ),
    DefinitionBreak(
        "COMM_PAEDS",
        date(2024, 2, 29),
        "In February 2024 community pathways left the referral to treatment statistics and joined this list,"
        " so it rose without more children being referred.",
        "chs_sitrep",
    ),
)
"""Changes of definition, by service and date (domain facts, section 3); figures on the two sides are never compared."""

NAMED: tuple[Service, ...] = (
    Service(
        "ASD",
        "Autism assessment",
        "children",
        note="National statistics cover mental health providers only and miss most children under 11,"
        " who wait in community paediatrics.",
    ),
    Service(
        "ADHD",
        "ADHD assessment",
        "children",
        note="Published for England only; there is no published figure for an ICB or a provider.",
    ),
    Service(
        "CAMHS",
        "Children and young people's mental health",
        "children",
        note="Published 4-week measures also hold autism and ADHD referrals,"
        " so waits are longer than for mental health alone.",
    ),
    Service(
        "CAMHS_ED",
        "Children and young people's eating disorder services",
        "children",
        note="The published measures (ED86, ED87) count who began treatment in three months, most of them hidden below"
        " England; they are no list and are not read.",
    ),
    Service(
        "SALT",
        "Speech and language therapy for children",
        "children",
        "(CYP) Therapy interventions: Speech and language",
        note="Kent Community Health (RYY) prints one pooled therapy number here and under other therapies.",
    ),
    Service(
        "WHEELCHAIR",
        "Wheelchairs, orthotics, prosthetics and equipment for children",
        "children",
        "(CYP) Wheelchair, orthotics, prosthetics and equipment",
        ("WHEELCHAIR",),
        "A proxy: the published line is wider than wheelchairs, and the wait ends at delivery.",
        "Kent and Medway reports no such line: no published figure. The national wheelchair collection counts finished"
        " episodes, and no list.",
    ),
    Service(
        "COMM_PAEDS",
        "Community paediatrics",
        "children",
        "(CYP) Community paediatric service",
        ("ASD", "ADHD"),
        "A proxy for autism and ADHD assessment under the age of 11; it also holds other paediatrics.",
    ),
    Service(
        "EHC",
        "Education, health and care plans",
        "children",
        note="The council owns the plan. Published figures are yearly, of plans issued and the share within 20 weeks:"
        " they say nothing of who waits.",
    ),
    Service(
        "CAMHS_SCOT",
        "Child and adolescent mental health in Scotland",
        "children",
        note="A comparator only: another country, another clock.",
    ),
    Service(
        "RTT",
        "Consultant-led referral to treatment",
        "all",
        note="A comparator only: the statutory clock of consultant-led care.",
    ),
)

_CHILDREN = """
CYP_SCREENING_AND_IMMUNISATION | Screening and immunisation of babies and children | \
Antenatal, new-born and children screening and immunisation services
CYP_AUDIOLOGY | Hearing services for children | Audiology
CYP_HEALTH_INFORMATION | Child health information service | Child health information service
CYP_COMMUNITY_NURSING | Community nursing for children | \
Community nursing services (planned care and rapid response teams)
CYP_LOOKED_AFTER | Health teams for looked after children | Looked after children teams
CYP_NEWBORN_HEARING | Hearing screening of new-born babies | New-born hearing screening
CYP_LONG_TERM_CONDITIONS | Nursing and therapy for children with long term conditions | \
Nursing and Therapy teams support for long term conditions
CYP_RAPID_RESPONSE | Rapid response for children | Rapid Response Services
CYP_SAFEGUARDING | Safeguarding of children | Safeguarding
CYP_DIETETICS | Dietetics for children | Therapy interventions: Dietetics
CYP_OCCUPATIONAL_THERAPY | Occupational therapy for children | Therapy interventions: Occupational therapy
CYP_ORTHOTICS | Orthotics for children | Therapy interventions: Orthotics
CYP_PHYSIOTHERAPY | Physiotherapy for children | Therapy interventions: Physiotherapy
CYP_VISION_SCREENING | Vision screening for children | Vision screening
"""

_ADULTS = """
ADULT_SAFEGUARDING | Safeguarding of adults | Adult safeguarding
ADULT_AUDIOLOGY | Hearing services for adults | Audiology
ADULT_CLINICAL_SUPPORT | Clinical support to social care, care homes and care at home | \
Clinical support to social care, care homes and domiciliary care
ADULT_COMMUNITY_NURSING | Community nursing for adults | Community nursing services
ADULT_HOME_OXYGEN | Home oxygen assessment | Home oxygen assessment services
ADULT_INTERMEDIATE_CARE | Intermediate care and reablement | Intermediate care and reablement
ADULT_MUSCULOSKELETAL | Musculoskeletal service for adults | Musculoskeletal service
ADULT_NEUROREHABILITATION | Neurorehabilitation of adults | Neurorehabilitation (multi-disciplinary)
ADULT_CONTINENCE | Continence and colostomy care for adults | \
Nursing and Therapy support for LTCs: Continence/ colostomy
ADULT_DIABETES | Diabetes support for adults | Nursing and Therapy support for LTCs: Diabetes
ADULT_FALLS | Falls support for adults | Nursing and Therapy support for LTCs: Falls
ADULT_HEART_FAILURE | Heart failure support for adults | Nursing and Therapy support for LTCs: Heart failure
ADULT_LYMPHOEDEMA | Lymphoedema support for adults | Nursing and Therapy support for LTCs: Lymphoedema
ADULT_MND | Motor neurone disease support for adults | Nursing and Therapy support for LTCs: MND
ADULT_MS | Multiple sclerosis support for adults | Nursing and Therapy support for LTCs: MS
ADULT_RESPIRATORY | Respiratory support for adults | Nursing and Therapy support for LTCs: Respiratory/COPD
ADULT_STROKE | Stroke support for adults | Nursing and Therapy support for LTCs: Stroke
ADULT_TB | Tuberculosis support for adults | Nursing and Therapy support for LTCs: TB
ADULT_TISSUE_VIABILITY | Wound care (tissue viability) for adults | \
Nursing and Therapy support for LTCs: Tissue viability
ADULT_PODIATRY | Podiatry and podiatric surgery for adults | Podiatry and podiatric surgery
ADULT_BED_REHABILITATION | Bed-based rehabilitation of adults | Rehabilitation bed-based care
ADULT_REHABILITATION | Integrated rehabilitation of adults | Rehabilitation services (integrated)
ADULT_DIETETICS | Dietetics for adults | Therapy interventions: Dietetics
ADULT_OCCUPATIONAL_THERAPY | Occupational therapy for adults | Therapy interventions: Occupational therapy
ADULT_ORTHOTICS | Orthotics for adults | Therapy interventions: Orthotics
ADULT_PHYSIOTHERAPY | Physiotherapy for adults | Therapy interventions: Physiotherapy
ADULT_SPEECH_AND_LANGUAGE | Speech and language therapy for adults | Therapy interventions: Speech and language
ADULT_URGENT_RESPONSE | Urgent community response for adults | Urgent Community Response/Rapid Response team
ADULT_WEIGHT_MANAGEMENT | Weight management and obesity services for adults | Weight management and obesity services
ADULT_WHEELCHAIR | Wheelchairs, orthotics, prosthetics and equipment for adults | \
Wheelchair, orthotics, prosthetics and equipment
"""


def _lines(table: str, prefix: str, age_group: AgeGroup) -> Iterator[Service]:
    for row in table.strip().splitlines():
        code, label, words = (field.strip() for field in row.split("|"))
        yield Service(code, label, age_group, f"{prefix} {words}")


CHILDREN_LINES = tuple(_lines(_CHILDREN, "(CYP)", "children"))
ADULT_LINES = tuple(_lines(_ADULTS, "(A)", "adults"))
