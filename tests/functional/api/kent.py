"""Six months of Kent and Medway in small, with the figures of the published workbooks where they tell a story."""

from datetime import UTC, date, datetime

from sqlalchemy import Engine

from tests.deliveries import load, parsed
from waitlists.quality import check_delivery
from waitlists.store import write
from waitlists.store.session import writing

OCTOBER, NOVEMBER = date(2024, 10, 31), date(2024, 11, 30)
FEBRUARY, MARCH = date(2025, 2, 28), date(2025, 3, 31)
NOW = datetime(2025, 6, 2, 9, tzinfo=UTC)

LABELS = ("0-1", ">1-2", ">2-4", ">4-12", ">12-18", ">18-52", ">52-104", ">104")
PAEDIATRICS = dict(zip(LABELS, (204, 177, 418, 1326, 541, 3345, 2156, 551), strict=True))
SPEECH = dict(zip(LABELS, (173, 157, 239, 511, 107, 363, 101, 0), strict=True))


def paediatrics(**providers: int | None) -> dict:
    """Community paediatrics by provider and, as their sum, for Kent and Medway, the South East and England."""
    total = sum(count or 0 for count in providers.values())
    wholes = dict.fromkeys(("QKS", "Y59", "ENG"), total)
    return {("COMM_PAEDS", org): count for org, count in (providers | wholes).items()}


def march() -> dict:
    """March 2025: bands for Kent and Medway, and one number printed for three therapies at RYY."""
    lists: dict = paediatrics(RYY=2970, NQ7=4054, RPA=897, RVV=797)
    lists["COMM_PAEDS", "QKS"] = {"total": 8718, **PAEDIATRICS}
    lists["SALT", "QKS"] = {"total": 1651, **SPEECH}
    lists |= {("SALT", "RYY"): 882, ("SALT", "NQ7"): 769}
    for therapy in ("CYP_OCCUPATIONAL_THERAPY", "CYP_PHYSIOTHERAPY"):
        lists |= {(therapy, "RYY"): 882, (therapy, "QKS"): 882}
    lists["CYP_SAFEGUARDING", "QKS"] = None
    # A file may name an organisation that no register knows, and a name may look like a formula.
    lists["SALT", "NAME:=cmd"] = 12
    return lists


MONTHS = (
    (OCTOBER, date(2024, 12, 12), paediatrics(RYY=2900, NQ7=3921, RPA=1100, RVV=1130)),
    (NOVEMBER, date(2025, 1, 16), paediatrics(RYY=2970, RPA=1090, RVV=1004)),
    (FEBRUARY, date(2025, 4, 10), paediatrics(RYY=2990, NQ7=4060, RPA=907, RVV=802)),
    (MARCH, date(2025, 5, 15), march()),
)


def deliveries():
    """The months as deliveries, with what each file alone shows to be odd."""
    for period_end, published_on, lists in MONTHS:
        plain = parsed(period_end, lists, published_on=published_on)
        yield parsed(period_end, lists, published_on=published_on, findings=check_delivery(plain))


def fill(engine: Engine) -> None:
    """Load the months as one command, refuse a file, and leave a command running."""
    load(engine, *deliveries(), now=NOW)
    with writing(engine) as connection:
        run_id = write.start_run(connection, command="load", as_of=None, now=NOW)
        write.add_refusal(
            connection,
            name="=HYPERLINK(evil).xlsx",
            sha256=None,
            code="NOT_XLSX",
            reason="This is no xlsx workbook.",
            received_at=NOW,
            run_id=run_id,
        )
