"""The page that the email's link opens: one warning, and the form with which a role takes it.

Looking changes nothing, since mail scanners follow links; only the form acts. Its hidden number makes a form that is
sent twice act once, as the Idempotency-Key of the API does.
"""

import secrets
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal, NamedTuple
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from api.answers import Body, Question
from api.dependencies import NONE, Ask
from api.once import Once, once_named
from api.pages.cards import in_words, kind_of
from api.pages.parts import NOT_SHOWN, standard_source, waits_over
from api.pages.rendering import page
from api.problems import FieldError, NamesSomeone
from api.roles import TAKERS
from api.routes.breaches import WarningId, breach_build, taken
from api.schemas.breaches import Acknowledging
from api.words import day_in_words
from forecasting.kept_ranges import kept_among
from forecasting.warnings.life import LONGEST_TAKEN
from forecasting.warnings.severity import MEANS
from forecasting.warnings.warning import Severity
from forecasting.warnings.words import crossing_words
from waitlists.errors import BadArgument
from waitlists.security.access import Role
from waitlists.services import SERVICES
from waitlists.store.read import latest_version
from waitlists.store.seen import look_with
from waitlists.store.session import reading
from waitlists.suppression.answers import SUPPRESSED

router = APIRouter(include_in_schema=False)

_MESSAGES: Final = {
    "reason": "Say why in up to 500 letters",
    "until": "Give a day from today to 13 weeks ahead",
    "id": "This warning is cleared: there is nothing to take",
}


@router.get("/breaches/{id}")
def breach_page(
    ask: Ask,
    id: WarningId,  # noqa: A002 - what the address calls it
    is_sent: Annotated[Literal["yes"] | NONE, Query(alias="taken")] = None,
) -> Response:
    """One warning with the form to take it; the form leads back here, and then the page says what it did."""
    return _shown(ask, id, is_sent=is_sent is not None)


class DueRow(NamedTuple):
    """A day by which children are due to cross: how many are likely to, those not yet referred, and its record."""

    by: str
    likely: str
    later: str
    record: str


class Sent(NamedTuple):
    """A form as it was sent, and its claim to be the first of its number."""

    fields: Mapping[str, str]
    once: Once


async def sent_form(ask: Ask, request: Request) -> Sent:
    """The form of a request, or 400 where it carries no number."""
    every = parse_qs((await request.body()).decode("latin-1"))
    fields = {name: values[0] for name, values in every.items()}
    return Sent(fields, await once_named(ask, fields.get("once", "")))


@router.post("/breaches/{id}")
def take(ask: Ask, id: WarningId, sent: Annotated[Sent, Depends(sent_form)]) -> Response:  # noqa: A002
    """Take the warning as the form says, and show it; else the form again with what is wrong."""
    if ask.view.scope.role not in TAKERS:
        raise HTTPException(403)
    try:
        said = Acknowledging.model_validate({name: sent.fields.get(name, "") for name in ("reason", "until")})
        sent.once.answer(lambda connection: (201, taken(ask, connection, id, said)))
    except ValidationError as error:
        names = dict.fromkeys(str(one["loc"][0]) for one in error.errors())
        return _shown(ask, id, wrong=[FieldError(name, _MESSAGES[name]) for name in names], fields=sent.fields)
    except NamesSomeone as error:
        return _shown(ask, id, wrong=[FieldError("reason", str(error))], fields={**sent.fields, "reason": ""})
    except BadArgument as error:
        name = error.field if error.field in _MESSAGES else "id"
        return _shown(
            ask, id, wrong=[FieldError(name, _MESSAGES.get(error.field or "", str(error)))], fields=sent.fields
        )
    return RedirectResponse(f"/breaches/{id}?taken=yes", 303)


def _shown(
    ask: Question,
    warning: str,
    *,
    wrong: Sequence[FieldError] = (),
    fields: Mapping[str, str] | None = None,
    is_sent: bool = False,
) -> Response:
    with reading(ask.running.engine) as connection:
        look_with(connection, ask.sight)
        body = breach_build(ask, warning, ask.today)(connection, latest_version(connection))
    given = fields or {}
    form = {
        "once": secrets.token_hex(16),
        "reason": given.get("reason", ""),
        "until": given.get("until", ""),
        "least": ask.today.isoformat(),
        "most": (ask.today + LONGEST_TAKEN).isoformat(),
    }
    is_taken = is_sent and _is_taken(ask, body)
    return page(
        "breach.html",
        ask.view,
        status=422 if wrong else 200,
        one=body,
        title=f"{kind_of(body['standard_id'])}: {waits_over(body['standard_id'])}",
        service=SERVICES[body["service"]].label,
        source=standard_source(body["standard_id"]),
        sentence=in_words(body),
        matters=how_much(body["severity"]),
        due=[due_row(body, place) for place in range(len(body["newly_over"]))],
        is_taken=is_taken,
        form=form,
        wrong=wrong,
        can_take=not is_taken and _may_take(ask, body),
    )


def how_much(severity: Severity | None) -> str | None:
    """How much it matters by the figures that are shown, and what that means; nothing where those are hidden."""
    return None if severity is None else f"Severity: {severity}, which means that {MEANS[severity]}."


def due_row(body: Body, place: int) -> DueRow:
    """A row of those due to cross; how such ranges held stands beside each."""
    due = body["newly_over"][place]
    later = _children(due["not_yet_referred"], f"/newly_over/{place}/not_yet_referred" in body[SUPPRESSED])
    checked = next((one for one in body["ranges_checked"] if one["weeks"] == due["weeks"]), None)
    return DueRow(day_in_words(due["by"]), crossing_words(due["p10"], due["p90"]), later, record_of(checked))


def _children(count: float | None, is_hidden: bool) -> str:
    return f"{count:,.0f}" if count is not None else NOT_SHOWN if is_hidden else "none"


def record_of(checked: Mapping[str, int] | None) -> str:
    """How past ranges held, called poor where far fewer did than should; nothing of a few."""
    kept = None if checked is None else kept_among(checked["checked"], checked["held"])
    if checked is None or kept is None:
        return "none could be checked yet"
    if not kept.is_enough:
        return f"too few could be checked to say ({kept.checked})"
    said = f"{checked['held']:,} of {checked['checked']:,} held"
    return f"{said}: too narrow, be ready for more and for fewer" if kept.is_poor else said


def _is_taken(ask: Question, body: Body) -> bool:
    """Whether the warning is this role's of today: an old address must not confirm what another did."""
    mine = (ask.view.scope.role, ask.today)
    return body["state"] == "acknowledged" and (body["acknowledged_by"], body["acknowledged_on"]) == mine


def _may_take(ask: Question, body: dict[str, Any]) -> bool:
    """Whether the form is offered: to a role that may take it, of a warning that stands."""
    if body["state"] == "cleared" or ask.view.scope.role not in TAKERS:
        return False
    return ask.view.scope.role is Role.ADMIN or ask.sight.owns(body["org"])
