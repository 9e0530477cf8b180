"""The standards in force, as literals: what is promised for which service, on which clock, and how sure we are of it.

Collected in November 2026 from the authorities each standard names; `confidence` says what was not confirmed, and such
a part is checked before it is shown as fact.
"""

from datetime import date

from waitlists.standards.standard import Standard

FACTS: tuple[Standard, ...] = (
    Standard(
        id="ASD_NICE_13W",
        services=("ASD",),
        label="Autism assessment started within 3 months of referral to the autism team",
        plain="13 weeks to a first appointment (NICE)",
        authority="NICE quality standard QS51, statement 1 (January 2014); NICE CG128",
        kind="quality_standard",
        mandatory=False,
        threshold_days=91,
        within="le",
        applies_to=("completed", "waiting"),
        clock_start="referral received by the autism team",
        clock_stop=(
            "assessment started; the national statistics use the first attended contact, face to face or by video"
        ),
        confidence="verified",
        note=(
            'A marker of quality, with no required share. National text counts "at least 13 weeks" from day '
            "91, so day 91 can fall on either side: state the choice."
        ),
    ),
    Standard(
        id="ADHD_LOCAL_18W",
        services=("ADHD",),
        label="Local 18 week monitoring; no national standard exists",
        plain="the local 18 week mark (no national standard)",
        authority="NICE NG87 sets no time limit; NHS England management information since May 2025",
        kind="local",
        mandatory=False,
        threshold_days=126,
        within="le",
        applies_to=("waiting",),
        clock_start="referral received",
        clock_stop="first assessment contact (local choice; the national information counts open referrals only)",
        confidence="verified that none exists nationally",
        note="Never show as a national standard.",
    ),
    Standard(
        id="ADHD_LOCAL_52W",
        services=("ADHD",),
        label="Local 52 week monitoring; no national standard exists",
        plain="the local 52 week mark (no national standard)",
        authority="NICE NG87 sets no time limit; NHS England management information since May 2025",
        kind="local",
        mandatory=False,
        threshold_days=364,
        within="le",
        applies_to=("waiting",),
        clock_start="referral received",
        clock_stop="first assessment contact (local choice; the national information counts open referrals only)",
        confidence="verified that none exists nationally",
        note="Never show as a national standard.",
    ),
    Standard(
        id="CYPMH_4W",
        services=("CAMHS",),
        label="Help started within 4 weeks, community children and young people mental health",
        plain="4 weeks to the start of help (proposed by NHS England)",
        authority=(
            "NHS England clinically-led review of access standards, July 2021 (proposed); metrics published since 2024"
        ),
        kind="proposed_standard",
        mandatory=False,
        threshold_days=28,
        within="lt",
        long_wait_days=(364, 546, 728),
        applies_to=("completed", "waiting"),
        clock_start=(
            "earliest referral of a referral spell: referrals at the same provider with gaps of at most 5 "
            "days are one spell"
        ),
        clock_stop=(
            "the latest of: first contact, baseline outcome score, care plan or intervention; all three are "
            "needed. Autism and ADHD assessment count as an intervention"
        ),
        confidence="verified in the published metric code and measure names",
        note=(
            'Published measure says "in less than 4 weeks". Eating disorder, first-episode psychosis, crisis '
            "and inpatient referrals are outside."
        ),
    ),
    Standard(
        id="CYPED_URGENT",
        services=("CAMHS_ED",),
        label="Eating disorder, urgent: treatment within 1 week",
        plain="1 week to treatment, urgent (NHS England)",
        authority="NHS England access and waiting time standard",
        kind="access_standard",
        mandatory=True,
        threshold_days=7,
        within="le",
        target_share=0.95,
        applies_to=("completed",),
        clock_start="referral received",
        clock_stop="first attended contact with a NICE-concordant treatment code",
        confidence="verified",
        note="Policy says under 19; the published build takes ages 0 to 17.",
    ),
    Standard(
        id="CYPED_ROUTINE",
        services=("CAMHS_ED",),
        label="Eating disorder, routine: treatment within 4 weeks",
        plain="4 weeks to treatment (NHS England)",
        authority="NHS England access and waiting time standard",
        kind="access_standard",
        mandatory=True,
        threshold_days=28,
        within="le",
        target_share=0.95,
        applies_to=("completed",),
        clock_start="referral received",
        clock_stop="first attended contact with a NICE-concordant treatment code",
        confidence="verified",
        note="As urgent.",
    ),
    Standard(
        id="CHS_18W",
        services=(
            "SALT",
            "COMM_PAEDS",
            "WHEELCHAIR",
        ),
        label="Community health services: waiting within 18 weeks",
        plain="18 weeks on a community list (NHS England)",
        authority="NHS England Medium Term Planning Framework (October 2025)",
        kind="planning_target",
        mandatory=True,
        threshold_days=126,
        within="le",
        target_share_by_year={"2026/27": 0.78, "2028/29": 0.8},
        applies_to=("waiting",),
        clock_start="referral received",
        clock_stop="first contact (unconfirmed)",
        confidence="80% by 2028/29 verified in two accounts; 78% in 2026/27 unconfirmed: check before use",
        note=(
            "Share of those still waiting, not of those seen. For WHEELCHAIR show it beside WHEELCHAIR_18W, "
            "never instead."
        ),
    ),
    Standard(
        id="CHS_52W",
        services=(
            "SALT",
            "COMM_PAEDS",
            "WHEELCHAIR",
        ),
        label="Community health services: no wait over 52 weeks",
        plain="52 weeks on a community list (NHS England)",
        authority="NHS England planning guidance 2024/25 onward",
        kind="planning_target",
        mandatory=True,
        threshold_days=364,
        within="le",
        target_share=1.0,
        long_wait_days=(728,),
        applies_to=("waiting",),
        clock_start="referral received",
        clock_stop="first contact (unconfirmed)",
        confidence="verified for children in 2024/25; wording for 2026/27 unconfirmed",
        note="A plan to remove such waits, not a right.",
    ),
    Standard(
        id="WHEELCHAIR_18W",
        services=("WHEELCHAIR",),
        label="Wheelchair or equipment handed over within 18 weeks (children)",
        plain="18 weeks to wheelchair or equipment handed over (NHS England)",
        authority="NHS England planning guidance; National Wheelchair Data Collection (DCB2097)",
        kind="planning_target",
        mandatory=True,
        threshold_days=126,
        within="le",
        target_share=0.92,
        applies_to=("completed",),
        clock_start="referral or re-referral to the wheelchair service",
        clock_stop="equipment handed over, episode closed",
        confidence="verified",
        note=(
            'Quarterly, ICB level, closed episodes only. The return has lines "up to 18 weeks" and "19 weeks '
            'or more": days 127 to 132 have no line of their own.'
        ),
    ),
    Standard(
        id="RTT_18W",
        services=("RTT",),
        label="Referral to treatment, consultant-led: incomplete pathways within 18 weeks",
        plain="18 weeks to a consultant's treatment (NHS Constitution)",
        authority="NHS Constitution; 2012 Regulations; RTT rules suite, October 2022",
        kind="statutory_standard",
        mandatory=True,
        threshold_days=126,
        within="le",
        target_share=0.92,
        milestones={date(2026, 3, 31): 0.65, date(2027, 3, 31): 0.7, date(2029, 3, 31): 0.92},
        long_wait_days=(364, 455, 546, 728),
        applies_to=("waiting",),
        clock_start="referral to a consultant-led service received",
        clock_stop="first definitive treatment, or a decision not to treat",
        confidence="verified; under 1% over 52 weeks unconfirmed",
        note=(
            "No pauses for patient choice since 1 October 2015. Community pathways left RTT in February 2024 "
            "(exact scope unconfirmed). Comparator only here."
        ),
    ),
    Standard(
        id="EHC_20W",
        services=("EHC",),
        label="Education, health and care plan finalised within 20 weeks of request",
        plain="20 weeks to a final plan (by law)",
        authority="Children and Families Act 2014; SEND Regulations 2014",
        kind="statutory_standard",
        mandatory=True,
        threshold_days=140,
        within="le",
        target_share=1.0,
        applies_to=("completed",),
        clock_start="request for assessment received by the council",
        clock_stop="final plan issued",
        confidence="verified",
        note=(
            "The council owns it. Published with and without exceptions: carry both. Health advice inside it "
            "has its own 6-week limit (unconfirmed)."
        ),
    ),
    Standard(
        id="SCOT_CAMHS_18W",
        services=("CAMHS_SCOT",),
        label="Scotland: treatment started within 18 weeks",
        plain="18 weeks to treatment (Scotland)",
        authority="Scottish Government standard since December 2014",
        kind="comparator",
        mandatory=False,
        threshold_days=126,
        within="le",
        target_share=0.9,
        applies_to=("completed",),
        clock_start="referral received",
        clock_stop="treatment started",
        confidence="18 weeks verified; 90% unconfirmed",
        note="Benchmark only; bands are 0-18, 19-35, 36-52, over 52 weeks.",
    ),
)
