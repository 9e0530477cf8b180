"""One example answer of each route, for the description of the API; tests check them against the shapes."""

from api.examples.breaches import ACKNOWLEDGED, BREACH, BREACHES
from api.examples.due import DUE
from api.examples.forecasts import CLEARANCE, FORECAST
from api.examples.funnel import FUNNEL
from api.examples.groups import GROUPS
from api.examples.lists import SERIES, WAITING_LIST, WAITING_LISTS
from api.examples.provenance import CELLS, DELIVERIES, DELIVERY, FINDINGS, FRESHNESS, RUN, RUNS
from api.examples.registers import ORGANISATIONS, SERVICES, STANDARDS
from api.examples.trends import TREND, TREND_SUMMARY

__all__ = [
    "ACKNOWLEDGED",
    "BREACH",
    "BREACHES",
    "CELLS",
    "CLEARANCE",
    "DELIVERIES",
    "DELIVERY",
    "DUE",
    "FINDINGS",
    "FORECAST",
    "FRESHNESS",
    "FUNNEL",
    "GROUPS",
    "ORGANISATIONS",
    "RUN",
    "RUNS",
    "SERIES",
    "SERVICES",
    "STANDARDS",
    "TREND",
    "TREND_SUMMARY",
    "WAITING_LIST",
    "WAITING_LISTS",
]
