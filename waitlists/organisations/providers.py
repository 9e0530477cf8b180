"""Facts on providers: code, the ICB their figures are counted in, present name, and other names once printed.

Codes and names: as printed in the NHS England workbooks "Community Health Services Waiting Times", January 2023 to
March 2025, with the Organisation Data Service's codes for the eight that were printed by name only (Barnet, Enfield and
Haringey; Devon Partnership; Mid Yorkshire; Northern Devon; Southport and Ormskirk; St Helens and Knowsley; University
Hospitals of Derby and Burton; Warrington and Halton). RWF, RN7 and RXY are not printed; they are providers of Kent and
Medway.

ICBs: not printed. Worked out from the same workbooks, where every ICB row is the sum of its providers in every line,
band and month; so a provider stands where its figures are counted, which is not always where its office is (North East
London NHS Foundation Trust, RAT, counts in London and never in Kent). Those that printed no number there (RBZ, RNU,
RTG, RWV, RWW) stand in the ICB of their area. `from` is the first day of a change; `-` ends the membership of a
provider that stopped, after which its successor carries the lists.
"""

PROVIDERS = """
AJX | QNX | Sussex MSK Partnership 2
AXG | QOX | Wiltshire Health & Care
NAX | QMM | East Coast Community Healthcare C.I.C
NAY | QMF | Accelerate CIC
NDA | QYG | HCRG Care Services Ltd
NDJ | QXU | First Community Health and Care CIC
NDL | QJG | Suffolk GP Federation
NEC | QJG | Allied Health Professionals Suffolk CIC
NL3 | QOQ | Care Plus Group
NL8 | QWO | Locala Community Partnerships CIC
NLX | QUY | Sirona Care & Health
NMG | QHM | Connect Health Limited
NMK | QKS | Healthshare Ltd
NNF | QOQ | City Health Care Partnership CIC
NNV | QWE | Your Healthcare
NQ7 | QKS | Medway Community Healthcare
NQA | QJG, QH8 from 2023-02-01, QJG from 2023-08-01 | Provide
NQH | QWO | Novus Health Ltd
NQV | QKK | Bromley Healthcare
NR3 | QT1 | Nottingham Citycare Partnership
NR5 | QJK | Livewell Southwest
NTV | QXU | CSH Surrey
NWX | QNX | Here
NYE | QMF | Mildmay UK
R0A | QOP | Manchester University NHS Foundation Trust
R0B | QHM | South Tyneside and Sunderland NHS Foundation Trust
R0D | QVV | University Hospitals Dorset NHS Foundation Trust
R1A | QGH | Herefordshire and Worcestershire Health and Care NHS Trust
R1C | QRL, - from 2024-10-01 | Solent NHS Trust
R1D | QOC | Shropshire Community Health NHS Trust
R1F | QRL | Isle of Wight NHS Trust
R1H | QMF | Barts Health NHS Trust
R1K | QRV | London North West University Healthcare NHS Trust
R1L | QH8 | Essex Partnership University NHS Foundation Trust
RA2 | QXU | Royal Surrey County Hospital NHS Foundation Trust | Royal Surrey NHS Foundation Trust
RA9 | QJK | Torbay and South Devon NHS Foundation Trust
RAE | QWO | Bradford Teaching Hospitals NHS Foundation Trust
RAJ | QH8 | Mid and South Essex NHS Foundation Trust
RAL | QMJ | Royal Free London NHS Foundation Trust
RAP | QMJ, - from 2025-01-01 | North Middlesex University Hospital NHS Trust
RAT | QMF | North East London NHS Foundation Trust
RAX | QWE | Kingston and Richmond NHS Foundation Trust
RBD | QVV | Dorset County Hospital NHS Foundation Trust
RBK | QUA | Walsall Healthcare NHS Trust
RBL | QYG | Wirral University Teaching Hospital NHS Foundation Trust
RBN | QYG | Mersey and West Lancashire Teaching Hospitals NHS Trust | \
St Helens and Knowsley Teaching Hospitals NHS Trust
RBQ | QYG | Liverpool Heart and Chest Hospital NHS Foundation Trust
RBS | QYG | Alder Hey Children's NHS Foundation Trust
RBT | QYG | Mid Cheshire Hospitals NHS Foundation Trust
RBZ | QJK, - from 2023-02-01 | Northern Devon Healthcare NHS Trust
RC9 | QHG | Bedfordshire Hospitals NHS Foundation Trust
RCB | QOQ | York and Scarborough Teaching Hospitals NHS Foundation Trust
RCD | QOQ | Harrogate and District NHS Foundation Trust
RCF | QWO | Airedale NHS Foundation Trust
RCU | QF7 | Sheffield Children's NHS Foundation Trust
RDE | QJG | East Suffolk and North Essex NHS Foundation Trust
RDR | QNX | Sussex Community NHS Foundation Trust
RDU | QNQ | Frimley Health NHS Foundation Trust
RDY | QVV | Dorset Healthcare University NHS Foundation Trust
REF | QT6 | Royal Cornwall Hospitals NHS Trust
RFF | QF7 | Barnsley Hospital NHS Foundation Trust
RFR | QF7 | The Rotherham NHS Foundation Trust
RFS | QJ2 | Chesterfield Royal Hospital NHS Foundation Trust
RGP | QMM | James Paget University Hospitals NHS Foundation Trust
RGR | QJG | West Suffolk NHS Foundation Trust
RH5 | QSL | Somerset NHS Foundation Trust
RH8 | QJK | Royal Devon University Healthcare NHS Foundation Trust
RHA | QT1 | Nottinghamshire Healthcare NHS Foundation Trust
RHQ | QF7 | Sheffield Teaching Hospitals NHS Foundation Trust
RJ1 | QKK | Guy's and St Thomas' NHS Foundation Trust
RJ2 | QKK | Lewisham and Greenwich NHS Trust
RJ6 | QWE | Croydon Health Services NHS Trust
RJ7 | QWE | St George's University Hospitals NHS Foundation Trust
RJ8 | QT6 | Cornwall Partnership NHS Foundation Trust
RJC | QWU | South Warwickshire University NHS Foundation Trust
RJE | QNC | University Hospitals of North Midlands NHS Trust
RJL | QOQ | Northern Lincolnshire and Goole NHS Foundation Trust
RJN | QYG | East Cheshire NHS Trust
RJR | QYG | Countess of Chester Hospital NHS Foundation Trust
RK5 | QT1 | Sherwood Forest Hospitals NHS Foundation Trust
RK9 | QJK | University Hospitals Plymouth NHS Trust
RKB | QWU | University Hospitals Coventry and Warwickshire NHS Trust
RKE | QMJ | Whittington Health NHS Trust
RKL | QRV | West London NHS Trust
RL4 | QUA | The Royal Wolverhampton NHS Trust
RLQ | QGH | Wye Valley NHS Trust
RM3 | QOP | Northern Care Alliance NHS Foundation Trust
RMC | QOP | Bolton NHS Foundation Trust
RMP | QOP | Tameside and Glossop Integrated Care NHS Foundation Trust
RN3 | QOX | Great Western Hospitals NHS Foundation Trust
RN7 | QKS | Dartford and Gravesham NHS Trust
RNA | QUA | The Dudley Group NHS Foundation Trust
RNN | QHM | North Cumbria Integrated Care NHS Foundation Trust
RNU | QU9 | Oxford Health NHS Foundation Trust
RP1 | QPM | Northamptonshire Healthcare NHS Foundation Trust
RP5 | QF7 | Doncaster and Bassetlaw Teaching Hospitals NHS Foundation Trust
RPA | QKS | Medway NHS Foundation Trust
RPG | QKK | Oxleas NHS Foundation Trust
RQX | QMF | Homerton Healthcare NHS Foundation Trust
RR7 | QHM | Gateshead Health NHS Foundation Trust
RRE | QNC | Midlands Partnership University NHS Foundation Trust | Midlands Partnership NHS Foundation Trust
RRF | QOP | Wrightington, Wigan and Leigh NHS Foundation Trust
RRK | QHL | University Hospitals Birmingham NHS Foundation Trust
RRP | QMJ | Barnet, Enfield and Haringey Mental Health NHS Trust
RT1 | QUE | Cambridgeshire and Peterborough NHS Foundation Trust
RT5 | QK1 | Leicestershire Partnership NHS Trust
RTD | QHM | The Newcastle Upon Tyne Hospitals NHS Foundation Trust
RTF | QHM | Northumbria Healthcare NHS Foundation Trust
RTG | QJ2 | University Hospitals of Derby and Burton NHS Foundation Trust
RTH | QU9 | Oxford University Hospitals NHS Foundation Trust
RTQ | QR1 | Gloucestershire Health and Care NHS Foundation Trust
RTR | QHM | South Tees Hospitals NHS Foundation Trust
RTX | QE1 | University Hospitals of Morecambe Bay NHS Foundation Trust
RV3 | QRV | Central and North West London NHS Foundation Trust
RV9 | QOQ | Humber Teaching NHS Foundation Trust
RVR | QWE | Epsom and St Helier University Hospitals NHS Trust
RVV | QKS | East Kent Hospitals University NHS Foundation Trust
RVW | QHM | North Tees and Hartlepool NHS Foundation Trust
RVY | QYG, - from 2023-07-01 | Southport and Ormskirk Hospital NHS Trust
RW1 | QRL | Hampshire and Isle of Wight Healthcare NHS Foundation Trust | Southern Health NHS Foundation Trust
RW4 | QYG | Mersey Care NHS Foundation Trust
RW5 | QE1 | Lancashire & South Cumbria NHS Foundation Trust
RWA | QOQ | Hull University Teaching Hospitals NHS Trust
RWD | QJM | United Lincolnshire Teaching Hospitals NHS Trust | United Lincolnshire Hospitals NHS Trust
RWF | QKS | Maidstone and Tunbridge Wells NHS Trust
RWH | QM7 | East and North Hertfordshire NHS Trust
RWJ | QOP | Stockport NHS Foundation Trust
RWK | QMF | East London NHS Foundation Trust
RWV | QJK | Devon Partnership NHS Trust
RWW | QYG | Warrington and Halton Teaching Hospitals NHS Foundation Trust
RWX | QU9 | Berkshire Healthcare NHS Foundation Trust
RWY | QWO | Calderdale and Huddersfield NHS Foundation Trust
RX1 | QT1 | Nottingham University Hospitals NHS Trust
RXA | QYG | Cheshire and Wirral Partnership NHS Foundation Trust
RXC | QNX | East Sussex Healthcare NHS Trust
RXE | QF7 | Rotherham Doncaster and South Humber NHS Foundation Trust
RXF | QWO | Mid Yorkshire Teaching NHS Trust | Mid Yorkshire Hospitals NHS Trust
RXG | QWO | South West Yorkshire Partnership NHS Foundation Trust
RXK | QUA | Sandwell and West Birmingham Hospitals NHS Trust
RXL | QE1 | Blackpool Teaching Hospitals NHS Foundation Trust
RXM | QJ2 | Derbyshire Healthcare NHS Foundation Trust
RXP | QHM | County Durham and Darlington NHS Foundation Trust
RXQ | QU9 | Buckinghamshire Healthcare NHS Trust
RXR | QE1 | East Lancashire Hospitals NHS Trust
RXY | QKS | Kent and Medway Mental Health NHS Trust | Kent and Medway NHS and Social Care Partnership Trust
RY2 | QYG | Bridgewater Community Healthcare NHS Foundation Trust
RY3 | QMM | Norfolk Community Health and Care NHS Trust
RY4 | QM7 | Hertfordshire Community NHS Trust
RY5 | QJM | Lincolnshire Community Health Services NHS Trust
RY6 | QWO | Leeds Community Healthcare NHS Trust
RY7 | QYG | Wirral Community Health and Care NHS Foundation Trust
RY8 | QJ2 | Derbyshire Community Health Services NHS Foundation Trust
RY9 | QWE, - from 2024-12-01 | Hounslow and Richmond Community Healthcare NHS Trust
RYG | QWU | Coventry and Warwickshire Partnership NHS Trust
RYJ | QRV | Imperial College Healthcare NHS Trust
RYK | QUA | Dudley Integrated Health and Care NHS Trust
RYR | QNX | University Hospitals Sussex NHS Foundation Trust
RYV | QUE | Cambridgeshire Community Services NHS Trust
RYW | QHL | Birmingham Community Healthcare NHS Foundation Trust
RYX | QRV | Central London Community Healthcare NHS Trust
RYY | QKS | Kent Community Health NHS Foundation Trust
TAD | QWO | Bradford District Care NHS Foundation Trust
TAH | QF7 | Sheffield Health & Social Care NHS Foundation Trust
TAJ | QUA | Black Country Healthcare NHS Foundation Trust
"""
