"""What routes ask FastAPI for: the question, and parameters that are checked before any work is done.

Each parameter is described to OpenAPI by exactly what is accepted, so a request that fits the description is never
refused as malformed, and one that does not fit always is.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Depends, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from api.answers import Question, Running
from api.paging import MAX_LIMIT
from waitlists.domain import Level, Measure, Severity
from waitlists.errors import BadArgument
from waitlists.periods import london_date
from waitlists.sources import Freq, freq_of
from waitlists.store.in_force import SOURCE_ORDER

FIRST_YEAR, LAST_YEAR = 2000, 2100
MAX_ID = 2**31 - 1
_DAY_PATTERN = r"^(20[0-9]{2}|2100)-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"


def running_of(request: Request) -> Running:
    """The running service behind a request."""
    return request.app.state.running


async def question(request: Request) -> Question:
    """The question of a request, once its query holds nothing unknown and nothing twice."""
    _check_query(request)
    running = running_of(request)
    return Question(request, running, request.scope["view"], london_date(running.clock()))


def _check_query(request: Request) -> None:
    """Refuse unknown and repeated parameters: a misspelt filter must not widen an answer without a word."""
    known = {_name(field) for field in _query_fields(request.scope["route"].dependant)}
    given = Counter(name for name, _ in request.query_params.multi_items())
    errors = [
        _error(name, "This parameter is not known here." if name not in known else "Given more than once.")
        for name, times in given.items()
        if name not in known or times > 1
    ]
    if errors:
        raise RequestValidationError(errors)


def _query_fields(dependant: Any) -> list[Any]:
    nested = [field for inner in dependant.dependencies for field in _query_fields(inner)]
    return [*dependant.query_params, *nested]


def _name(field: Any) -> str:
    return str(field.alias)


def _error(name: str, message: str) -> dict[str, object]:
    return {"loc": ("query", name), "msg": message, "type": "value_error"}


def _day(value: str) -> date:
    """A day written in full. Pydantic alone would also take a number of seconds, or a time."""
    if not re.fullmatch(_DAY_PATTERN, value, re.ASCII):
        raise ValueError(f"Expected a day such as 2025-03-31, from {FIRST_YEAR} to {LAST_YEAR}.")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("There is no such day in the calendar.") from None


def digits(value: object) -> object:
    """A whole number in plain digits. Pydantic alone would also take 1.0, +1 and 1_000."""
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,12}", value, re.ASCII):
        raise ValueError("Expected a whole number.")
    return value


def _decimal(value: object) -> object:
    """Plain decimals. Pydantic alone would also take 8e-1, inf and nan."""
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,6}(\.[0-9]{1,18})?([eE]-?[0-9]{1,3})?", value, re.ASCII):
        raise ValueError("Expected a number such as 0.8.")
    return value


def number_range(kind: str, least: float, most: float) -> dict[str, object]:
    """The description of a number, which a validator before it would hide."""
    return {"type": kind, "minimum": least, "maximum": most}


Day = Annotated[
    date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date", "pattern": _DAY_PATTERN})
]
Id = Annotated[int, BeforeValidator(digits), Field(ge=1, le=MAX_ID), WithJsonSchema(number_range("integer", 1, MAX_ID))]
NONE = SkipJsonSchema[None]

Ask = Annotated[Question, Depends(question)]

ServicePath = Annotated[
    str,
    Path(max_length=60, description="Code of a service in /v1/services.", examples=["SALT", "COMM_PAEDS"]),
]
OrgPath = Annotated[
    str,
    Path(max_length=120, description="Code of an organisation in /v1/organisations.", examples=["QKS", "RYY"]),
]
IdPath = Annotated[Id, Path(description="The record's number.", examples=[1])]

ServiceFilter = Annotated[
    Annotated[str, Field(max_length=60)] | NONE, Query(description="Only this service.", examples=["SALT"])
]
OrgFilter = Annotated[
    Annotated[str, Field(max_length=120)] | NONE, Query(description="Only this organisation.", examples=["QKS"])
]
ServiceRequired = Annotated[str, Query(max_length=60, description="Code of a service.", examples=["SALT"])]
OrgRequired = Annotated[str, Query(max_length=120, description="Code of an organisation.", examples=["QKS"])]
LevelFilter = Annotated[Level | NONE, Query(description="Only organisations that stand here.")]
SourceFilter = Annotated[
    Annotated[str, Field(pattern=f"^({'|'.join(SOURCE_ORDER)})$", json_schema_extra={"enum": list(SOURCE_ORDER)})]
    | NONE,
    Query(
        description="Only figures of this source. Without it our own extracts come first, then published figures.",
        examples=["chs_sitrep"],
    ),
]
FreqFilter = Annotated[
    Literal["W", "M"] | NONE,
    Query(
        description="Only figures of sources that are weekly (W) or monthly (M); not beside a `source` of the other"
        " kind.",
        examples=["W"],
    ),
]
MEASURES = tuple(measure.value for measure in Measure if measure != Measure.SHARE_WITHIN_STANDARD)
"""Measures that need nothing else; the share within a standard has routes of its own, where `standard` is required."""

MeasurePath = Annotated[
    str,
    Path(
        pattern=f"^({'|'.join(MEASURES)})$",
        json_schema_extra={"enum": list(MEASURES)},
        description="What is measured; for share_within_standard give `standard` too.",
        examples=["list_size"],
    ),
]
StandardRequired = Annotated[
    str, Query(max_length=60, description="Id of a standard in /v1/standards.", examples=["CHS_18W"])
]
StandardFilter = Annotated[
    Annotated[str, Field(max_length=60)] | NONE,
    Query(description="Id of a standard; without it the service's first.", examples=["CHS_18W"]),
]
Basis = Annotated[
    Literal["waiting", "completed"],
    Query(description="Of those still waiting, or of those seen. The two are not comparable."),
]
SeverityFilter = Annotated[Severity | NONE, Query(description="Only findings that matter this much.")]
AsOf = Annotated[
    Day | NONE,
    Query(
        description="Knowledge date: answer with what had been published or delivered by the end of this day."
        " Without it: today in London; no day to come.",
        examples=["2025-04-30"],
    ),
]
Limit = Annotated[
    int,
    BeforeValidator(digits),
    Field(ge=1, le=MAX_LIMIT),
    WithJsonSchema(number_range("integer", 1, MAX_LIMIT)),
    Query(description="Rows a page, at most."),
]
Horizon = Annotated[
    Annotated[int, BeforeValidator(digits), Field(ge=1, le=26), WithJsonSchema(number_range("integer", 1, 26))] | NONE,
    Query(description="Steps ahead, at most: 12 months or 26 weeks; without it all that were worked out."),
]
Confidence = Annotated[
    float,
    BeforeValidator(_decimal),
    Field(ge=0.5, le=0.99),
    WithJsonSchema(number_range("number", 0.5, 0.99)),
    Query(description="The chance wanted of reaching it."),
]
NextPage = Query(description="`next_cursor` of the page before.")
"""Described here, patterned where it is used: each list has cursors of its own."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about one list, its day filled in."""

    service: str
    org: str
    as_of: date
    source: str | None
    freq: Freq | None = None


async def _asked(
    ask: Ask,
    service: ServicePath,
    org: OrgPath,
    as_of: AsOf = None,
    source: SourceFilter = None,
    freq: FreqFilter = None,
) -> Asked:
    check_step(source, freq)
    return Asked(service, org, ask.day(as_of), source, freq)


def check_step(source: str | None, freq: Freq | None) -> None:
    """Refuse a step that is not that of the source asked for: the answer could only be about one of the two."""
    if source is not None and freq is not None and freq_of(source) != freq:
        step = "weekly" if freq_of(source) == "W" else "monthly"
        raise BadArgument(f"{source} is {step}: ask for it alone, or with freq={freq_of(source)}", field="freq")


AskedList = Annotated[Asked, Depends(_asked)]


@dataclass(frozen=True, slots=True)
class Searched:
    """Which lists are asked for; all without a filter."""

    service: ServiceFilter = None
    org: OrgFilter = None
    source: SourceFilter = None
    freq: FreqFilter = None
    as_of: AsOf = None

    def __post_init__(self) -> None:
        check_step(self.source, self.freq)
