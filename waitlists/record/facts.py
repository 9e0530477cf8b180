"""Facts of the canonical referral record: for each field its name, type, whether it is required, meaning and values.

A block a field: name, type and R (required), O (optional) or A (added by us, never sent); what it means; what it may
hold; a note. Terms in capitals are those of the NHS Data Dictionary.
"""

FIELDS = """
pseudonym_id text R
The child, under a key only the sender can reverse
16 to 64 characters of A-Z a-z 0-9 - _; never 10 digits
keyed hash, stable across loads; PERSON PSEUDO ID; an NHS number is refused

service enum R
Which of our lists the referral is on
ASD | ADHD | CAMHS | CAMHS_ED | SALT | WHEELCHAIR | COMM_PAEDS | EHC
from reason for referral and team type

waiting_for enum R
What the child waits for
first_contact | assessment | treatment | equipment | review
review waits are named in the inspection findings; keep them apart from new referrals

service_request_identifier text R
The referral, unique within the provider
1 to 36 characters, never 10 digits; pseudonymised when it embeds an identifier
SERVICE REQUEST IDENTIFIER; key with provider and snapshot_date

referral_spell_id text O
Referrals that count as one wait
1 to 36 characters
for CYPMH_4W: same provider, gaps of at most 5 days; derived when empty

organisation_identifier_code_of_provider code R
Who holds the list
ODS code in organisations.csv

organisation_identifier_code_of_commissioner code R
Who pays
ODS code in organisations.csv; QKS for Kent and Medway
a provider row is not an ICB row

referral_request_received_date date R
When this provider received the referral
ISO date, not after snapshot_date, not before 2000-01-01
default clock start

original_referral_request_received_date date O
When the first provider received it
ISO date, not after referral_request_received_date
required when a list moves to a new provider; the wait is never reset

clock_start_date date O
Start of the clock under clock_rule_id
ISO date, not after snapshot_date
we compute it; the sender's date only fills missing inputs, and a difference is a finding

clock_rule_id enum O
The clock (start and stop rule) that applies; one clock may serve several standards
asd_first_contact | adhd_first_assessment | cypmh_4w | cyped_treatment | community_first_contact | \
wheelchair_handover | ehc_plan
derived from service when empty

source_of_referral code O
Who referred: school, GP, parent, health visitor, other
NHS Data Dictionary SOURCE OF REFERRAL (mental health or community)

primary_reason_for_referral code O
Why
25 suspected autism | 24 other neurodevelopmental | 12 eating disorder | other national codes
PRIMARY REASON FOR REFERRAL (MENTAL HEALTH)

service_or_team_type_referred_to code O
Team
national team type codes, e.g. A18 single point of access
SERVICE OR TEAM TYPE REFERRED TO

clinical_response_priority_type enum O
Urgency
routine | urgent | very_urgent | emergency | not_known
CLINICAL RESPONSE PRIORITY TYPE; drives the eating disorder clocks

wheelchair_need_level enum O
Need level, wheelchair only
low | medium | high | specialist
National Wheelchair Data Collection

treatment_function_code code O
Treatment function
290 community paediatrics | 291 paediatric neurodisability | 711 child and adolescent psychiatry | 652 speech and \
language therapy | other
codes unconfirmed: check

age_band enum R
Age at snapshot
0-4 | 5-10 | 11-15 | 16-17 | 18-25
derived by the sender; a date of birth is refused; 11 is where the Kent provider changes

person_stated_gender_code code O
Stated gender
1 | 2 | 3 | 4 | X | Z
PERSON STATED GENDER CODE

ethnic_category code O
Ethnic category
A to S, Z not stated, 99 not known
Z and 99 stay apart

imd_decile integer O
Deprivation decile of the home area
1 to 10; 1 is most deprived
sender derives it; LSOA and postcode are refused; Core20 is deciles 1 and 2

district_code code O
District of residence
one of the 13 codes in organisations.csv, or OUT
LOCAL AUTHORITY DISTRICT; OUT = lives outside Kent and Medway

referral_rejection_date date O
When the referral was not accepted
ISO date, not before the received date
ends the wait; is not activity

referral_rejection_reason code O
Why not accepted
national REFERRAL REJECTION REASON codes
required with a rejection date

first_care_contact_date date O
First attended contact
ISO date, not before clock_start_date
attended = ATTENDANCE STATUS 5 or 6

first_care_contact_medium code O
How
01 face to face | 02 telephone | 04 talk type | 11 video | other national codes
autism statistics count face to face or video only; meanings of 04 and 11 to check

baseline_outcome_date date O
Baseline outcome score taken
ISO date
needed for CYPMH_4W

plan_or_intervention_date date O
Care plan made or intervention started
ISO date
needed for CYPMH_4W

assessment_started_date date O
Assessment began
ISO date
ASD, ADHD

equipment_delivered_date date O
Equipment handed over
ISO date
WHEELCHAIR

next_appointment_date date O
Booked appointment, if any
ISO date; may be after snapshot_date
the weekly meeting asks: booked or not

clock_stop_date date O
End of the wait under clock_rule_id
ISO date, not before clock_start_date, not after snapshot_date
we compute it as above; empty = still waiting

clock_stop_reason enum O
Why it ended
seen | assessed | treated | equipment_delivered | rejected | declined | discharged_unseen | transferred | aged_out \
| died | data_correction
required with clock_stop_date; splits treated from removed

successor_provider code O
Where the list went
ODS code
required when clock_stop_reason is transferred

service_discharge_date date O
Discharged from the service
ISO date, not before clock_start_date
a discharge with no contact is a removal

reason_for_referral_closure code O
Closure reason
national REFERRAL CLOSURE REASON codes

was_not_brought_count integer O
Missed appointments
0 to 99
ATTENDANCE STATUS 3 (meaning unconfirmed); for a child say "was not brought"

patient_cancel_count integer O
Cancelled by the family
0 to 99
ATTENDANCE STATUS 2

provider_cancel_count integer O
Cancelled by the provider
0 to 99
ATTENDANCE STATUS 4

wait_adjustment_days integer O
Days the family chose to wait longer, or similar
0 or more
shown beside the headline wait, never taken off it

snapshot_date date R
The list as it stood on this day
ISO date; a Sunday for weekly extracts, month end for monthly
REPORTING PERIOD END DATE

source_system text R
System the row came from
1 to 40 characters, e.g. RiO, SystmOne, Lorenzo

source_file_sha256 text A
Checksum of the delivered file
64 hex characters
added on load; A = added by us, not sent

loaded_at datetime A
When it was loaded
UTC, ISO 8601
added on load
"""

DISTRICTS = """
E07000105 | Ashford
E07000106 | Canterbury
E07000107 | Dartford
E07000108 | Dover
E07000109 | Gravesham
E07000110 | Maidstone
E07000111 | Sevenoaks
E07000112 | Folkestone and Hythe
E07000113 | Swale
E07000114 | Thanet
E07000115 | Tonbridge and Malling
E07000116 | Tunbridge Wells
E06000035 | Medway
"""
"""Local authority districts of Kent and Medway: Office for National Statistics code and name."""
