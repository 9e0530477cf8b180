"""Six months of Kent and Medway in small, with the figures of the published workbooks where they tell a story."""

from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy import Engine

from forecasting.results import (
    CLEARANCE_KINDS,
    LEVELS,
    Clearance,
    ClearanceAnswer,
    CurvePoint,
    Forecast,
    ForecastPoint,
    Score,
)
from forecasting.store import save
from tests.deliveries import load, parsed
from waitlists.domain import Measure, SeriesKey
from waitlists.periods import add_months
from waitlists.quality import check_delivery
from waitlists.series import Break
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
    # Nearly all of RVV's list waits over two years: the median lies in the open top band.
    lists["COMM_PAEDS", "RVV"] = {"total": 797, **dict.fromkeys(LABELS, 0), ">104": 797}
    lists["SALT", "QKS"] = {"total": 1651, **SPEECH}
    lists |= {("SALT", "RYY"): 882, ("SALT", "NQ7"): 769}
    for therapy in ("CYP_OCCUPATIONAL_THERAPY", "CYP_PHYSIOTHERAPY"):
        lists |= {(therapy, "RYY"): 882, (therapy, "QKS"): 882}
    lists["CYP_SAFEGUARDING", "QKS"] = None
    # A file may name an organisation that no register knows, and a name may look like a formula.
    lists["SALT", "NAME:=cmd"] = 12
    return lists


def october() -> dict:
    """October 2024: all there, and speech therapy by band at both of its providers."""
    return {**paediatrics(RYY=2900, NQ7=3921, RPA=1100, RVV=1130), ("SALT", "RYY"): 900, ("SALT", "NQ7"): 700}


def november() -> dict:
    """November 2024: NQ7 sent nothing."""
    speech = {"total": 900, **dict.fromkeys(LABELS, 0), "0-1": 450, ">104": 450}
    return {**paediatrics(RYY=2970, RPA=1090, RVV=1004), ("SALT", "RYY"): speech, ("SALT", "QKS"): speech}


MONTHS = (
    (OCTOBER, date(2024, 12, 12), october()),
    (NOVEMBER, date(2025, 1, 16), november()),
    (FEBRUARY, date(2025, 4, 10), paediatrics(RYY=2990, NQ7=4060, RPA=907, RVV=802)),
    (MARCH, date(2025, 5, 15), march()),
)


def deliveries():
    """The months as deliveries, with what each file alone shows to be odd."""
    for period_end, published_on, lists in MONTHS:
        plain = parsed(period_end, lists, published_on=published_on)
        yield parsed(period_end, lists, published_on=published_on, findings=check_delivery(plain))


SERIES = SeriesKey("chs_sitrep", "COMM_PAEDS", "QKS", Measure.LIST_SIZE)


def forecasts() -> list[Forecast]:
    """A forecast of community paediatrics with numbers, and one of speech therapy without."""
    levels = [f"{level}" for level in LEVELS]
    points = tuple(
        ForecastPoint(add_months(MARCH, step), step, dict(zip(levels, range(8000, 8700, 100), strict=True)))
        for step in range(1, 13)
    )
    given = Forecast(
        SERIES,
        as_of=date(2025, 5, 31),
        freq="M",
        status="fallback",
        model="naive",
        trained_until=MARCH,
        points=points,
        scores={"naive": Score(n=8, wis=210.5, mase=1.0, coverage80=0.75, coverage95=1.0)},
        reason="Fewer than 24 figures: the last value is carried on.",
        breaks=(Break(OCTOBER, "definition", "The list was counted in another way before."),),
    )
    refused = Forecast(
        replace(SERIES, service="SALT"),
        as_of=date(2025, 5, 31),
        freq="M",
        status="blocked",
        reason="More than a fifth of the list is a number copied from other lines.",
    )
    return [given, refused]


def clearances() -> list[Clearance]:
    """No clearance without flows; speech therapy has one that was worked out, as if flows were known."""
    none = tuple(
        ClearanceAnswer(
            kind, "insufficient_data", "Flows are not published for this list.", reason="flows_not_published"
        )
        for kind in CLEARANCE_KINDS
    )
    already = ClearanceAnswer("threshold", "already", "Nobody was waiting over 52 weeks.", p_by_horizon=1.0)
    cleared = ClearanceAnswer(
        "sustainable",
        "ok",
        "The list is small enough likely between June 2025 and May 2026.",
        p_by_horizon=0.9,
        p_never_within_horizon=0.1,
        p10=date(2025, 6, 30),
        p50=date(2025, 12, 31),
        p90=date(2026, 5, 31),
        curve=(CurvePoint(date(2025, 6, 30), 0.1),),
        details={"list_size": 1651.0},
    )
    day = date(2025, 5, 31)
    return [
        Clearance("chs_sitrep", "COMM_PAEDS", "QKS", day, none, note="Flows are not published."),
        Clearance("chs_sitrep", "SALT", "QKS", day, (none[0], already, cleared), {"per_week": 40.0}),
    ]


def fill(engine: Engine) -> None:
    """Load the months, forecast, refuse a file, and leave a command running."""
    load(engine, *deliveries(), now=NOW)
    with writing(engine) as connection:
        run_id = write.start_run(connection, command="forecast", as_of=date(2025, 5, 31), now=NOW)
        save(connection, run_id, forecasts(), clearances())
        write.publish(connection, run_id=run_id, now=NOW)
        write.finish_run(connection, run_id, status="done", summary={"ok": 1}, now=NOW)
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
