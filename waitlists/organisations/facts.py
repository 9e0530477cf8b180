"""Facts on England, its regions, ICBs (integrated care boards), Kent and Medway's other bodies, and successions.

Codes, names and regions of ICBs: Office for National Statistics, sub-ICB locations to ICBs to NHS England regions, July
2022 (Open Government Licence v3.0). The short names are those the NHS England community health workbooks print.
"""

REGIONS = """
Y56 | London
Y58 | South West
Y59 | South East
Y60 | Midlands
Y61 | East of England
Y62 | North West
Y63 | North East and Yorkshire
"""

ICBS = """
QE1 | Y62 | Lancashire and South Cumbria
QF7 | Y63 | South Yorkshire
QGH | Y60 | Herefordshire and Worcestershire
QH8 | Y61 | Mid and South Essex
QHG | Y61 | Bedfordshire, Luton and Milton Keynes
QHL | Y60 | Birmingham and Solihull
QHM | Y63 | North East and North Cumbria
QJ2 | Y60 | Derby and Derbyshire
QJG | Y61 | Suffolk and North East Essex
QJK | Y58 | Devon
QJM | Y60 | Lincolnshire
QK1 | Y60 | Leicester, Leicestershire and Rutland
QKK | Y56 | South East London
QKS | Y59 | Kent and Medway
QM7 | Y61 | Hertfordshire and West Essex
QMF | Y56 | North East London
QMJ | Y56 | North Central London
QMM | Y61 | Norfolk and Waveney
QNC | Y60 | Staffordshire and Stoke-on-Trent
QNQ | Y59 | Frimley
QNX | Y59 | Sussex
QOC | Y60 | Shropshire, Telford and Wrekin
QOP | Y62 | Greater Manchester
QOQ | Y63 | Humber and North Yorkshire
QOX | Y58 | Bath and North East Somerset, Swindon and Wiltshire
QPM | Y60 | Northamptonshire
QR1 | Y58 | Gloucestershire
QRL | Y59 | Hampshire and Isle of Wight
QRV | Y56 | North West London
QSL | Y58 | Somerset
QT1 | Y60 | Nottingham and Nottinghamshire
QT6 | Y58 | Cornwall and the Isles of Scilly
QU9 | Y59 | Buckinghamshire, Oxfordshire and Berkshire West
QUA | Y60 | Black Country
QUE | Y61 | Cambridgeshire and Peterborough
QUY | Y58 | Bristol, North Somerset and South Gloucestershire
QVV | Y58 | Dorset
QWE | Y56 | South West London
QWO | Y63 | West Yorkshire
QWU | Y60 | Coventry and Warwickshire
QXU | Y59 | Surrey Heartlands
QYG | Y62 | Cheshire and Merseyside
"""

KENT_BODIES = """
91Q | sub_icb | QKS from 2022-07-01 | NHS Kent and Medway ICB - 91Q | NHS Kent and Medway CCG | ONS code E38000237
LOCAL:SALUS | provider | QKS from 2026-04-01 | Salus (tier 1 and 2 emotional wellbeing support) | | no ODS code is known
LOCAL:THERAPEUTIC_ALLIANCE | provider | QKS, - from 2026-04-01 | Therapeutic Alliance (tier 1 and 2) | | \
no ODS code is known
LOCAL:WHEELCHAIR_KM | provider | QKS | Kent and Medway wheelchair service | | the provider of today is not confirmed
E10000016 | local_authority | - | Kent County Council | | owns its education, health and care plans
E06000035 | local_authority | - | Medway Council | | owns its education, health and care plans
"""
"""Code, level, parent with dates, name, other names, note. A key that begins with LOCAL: is ours and no ODS code."""

SUCCESSIONS = """
RAT | RXY | CAMHS, CAMHS_ED | 2026-04-01 | Children's mental health in Kent and Medway, awarded in June 2025; whether \
the autism and ADHD list for ages 11 to 17 moved too is not known, so it is not said to have moved. | \
contract award notice
R1C | RW1 | all | 2024-10-01 | Solent joined Southern Health, renamed Hampshire and Isle of Wight Healthcare. | \
workbooks: no row for R1C from October 2024
LOCAL:THERAPEUTIC_ALLIANCE | LOCAL:SALUS | CAMHS | 2026-04-01 | Early emotional wellbeing support changed hands. | \
contract award notice
R1F | RW1 | community | 2024-05-01 | Isle of Wight's community services joined Southern Health; the trust goes on. | \
workbooks: R1F stops after October 2023, RW1 prints its lines at their size from August 2024
RVY | RBN | all | 2023-07-01 | Southport and Ormskirk joined St Helens and Knowsley as Mersey and West Lancashire. | \
workbooks: one row from July 2023, community paediatrics 1,104 in it
RBZ | RH8 | all | 2022-04-01 | Northern Devon joined Royal Devon and Exeter as Royal Devon University Healthcare. | \
workbooks: RBZ is printed once, in January 2023, without a number
RRP | RAP | community | 2023-08-01 | Enfield's community services went to North Middlesex; the trust itself went on. | \
workbooks: RRP stops after July 2023, RAP begins in August 2023 with the same lines at the same size
RAP | RAL | all | 2025-01-01 | North Middlesex joined Royal Free London. | workbooks: RAP stops after November 2024
RY9 | RAX | all | 2024-12-01 | Hounslow and Richmond joined Kingston as Kingston and Richmond on 1 November 2024; \
November's figures still came under the old code. | workbooks: RY9 stops after November 2024
"""
"""Code, who carries its lists, which lists (`community`: the lines of the CHS workbooks), first day, note, source.

A day is that of the figures: the first on which they come under the new code. 91Q is not here: the clinical
commissioning group and the sub-ICB location that followed it on 1 July 2022 share the code and the boundary.
"""

SERVES_ELSEWHERE = """
RAT | QKS | CAMHS, CAMHS_ED, ASD, ADHD | organisations of Kent and Medway: its mental health services until the \
transfer, and autism and ADHD from age 11
E10000016 | QKS | EHC | education, health and care plans of Kent
E06000035 | QKS | EHC | education, health and care plans of Medway
"""
"""Who, for which board, which lists, source: a body that keeps a list for a board it is not counted in elsewhere."""

KEEPS = """
RYY | QKS | COMM_PAEDS, SALT, ASD, ADHD | organisations of Kent and Medway: autism and ADHD under age 11
NQ7 | QKS | COMM_PAEDS, SALT, ASD, ADHD | organisations of Kent and Medway: autism and ADHD under age 11
RPA | QKS | COMM_PAEDS | organisations of Kent and Medway
RVV | QKS | COMM_PAEDS | organisations of Kent and Medway
LOCAL:WHEELCHAIR_KM | QKS | WHEELCHAIR | organisations of Kent and Medway
"""
"""Who, for which board it is counted in, which lists, source: beside those in `SERVES_ELSEWHERE` and successors."""

MAY_HAVE_MOVED = """
RAT | 2026-04-01 | ASD, ADHD | organisations of Kent and Medway: whether the list from age 11 moved is not known
"""
"""Whose part of a list may be another's from which day on, which lists, source."""
