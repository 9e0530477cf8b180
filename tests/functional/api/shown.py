"""One stored list and one stored forecast of it, as the views and the sentences are given them."""

from datetime import date

from api.about import About
from forecasting.store import StoredForecast
from waitlists.bands import WaitBands
from waitlists.domain import Coverage, Measure
from waitlists.organisations import find_organisation
from waitlists.services import find_service
from waitlists.store.read import StoredList, StoredVintage

MARCH, MAY = date(2025, 3, 31), date(2025, 5, 31)
VINTAGE = StoredVintage(
    id=1,
    delivery_id=1,
    delivery_source="chs_sitrep",
    source="chs_sitrep",
    scope="",
    period_end=MARCH,
    known_from=MAY,
    sha256="0" * 64,
    file_name="a.xlsx",
    is_synthetic=False,
)
LIST = StoredList(
    source="chs_sitrep",
    service="SALT",
    org="QKS",
    vintage=VINTAGE,
    period_end=MARCH,
    bands=WaitBands({}, None),
    coverage=Coverage("SALT", "QKS", 1.0),
    findings=(),
    is_synthetic=False,
    latest_period_of_source=MARCH,
)
FORECAST = StoredForecast(
    source="chs_sitrep",
    service="SALT",
    org="QKS",
    measure=Measure.LIST_SIZE,
    as_of=MAY,
    freq="M",
    status="ok",
    model="ets",
    trained_until=MARCH,
    points=[{"target_end_date": "2025-09-30", "horizon": 6, "quantiles": {"0.1": 1580.4, "0.9": 1709.6}}],
    scores={},
    reason=None,
    breaks=[],
    run_id=1,
    dataset_version=7,
)
ABOUT = About(find_service("SALT"), find_organisation("QKS"), MAY, None)
