"""What each number of a breach warning is, for those who may not see it exactly.

A warning is made anew from counts as every other answer shows them, so it tells nothing that they do not; what is ahead
is rounded and hidden as forecasts are.
"""

from collections.abc import Mapping
from typing import Any

from api.disclosure.edge import Exact, Hidden, Lookup
from api.views.breaches import AskedWarning, breach_body
from forecasting.warnings.seen import Seen, alone, exactly, from_sheets, rounded
from forecasting.warnings.warning import Counted
from waitlists.suppression import Shape
from waitlists.suppression.answers import SUPPRESSED
from waitlists.suppression.sheets import Sheet, node, nothing


def exact_warning(asked: AskedWarning) -> Exact:
    """The answer about one warning in exact figures, with what hides it."""
    figures = asked.figures

    def hide(lookup: Lookup) -> Hidden:
        told = breach_body(asked, _seen(asked, lookup))
        return Hidden(_made_anew(told), nothing(lookup.rule), _instead(exact, told))

    exact = breach_body(asked, exactly(figures))
    return Exact(exact, figures.source, figures.org, figures.level, hide)


def _seen(asked: AskedWarning, lookup: Lookup) -> Seen:
    figures = asked.figures
    if figures.is_published:
        return alone(figures, rule=lookup.rule)

    def sheet_of(one: Counted) -> Sheet | None:
        sheets = lookup.of(figures.source, figures.service, [one.period_end])
        return sheets.get(node(one.vintage_id, one.org))

    return rounded(figures, from_sheets(sheet_of), rule=lookup.rule)


def _instead(exact: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """What others alone are told, such as who took a warning that grew worse since; a hidden severity is said to be."""
    unsaid = {name: value for name, value in told.items() if exact[name] is None and value is not None}
    return {**unsaid, SUPPRESSED: ["/severity"] if told["severity"] is None else []}


def _made_anew(body: Mapping[str, Any]) -> Shape:
    """Every field as it may be shown, whatever it was."""
    return Shape(remade={f"/{name}": lambda _, value=value: value for name, value in body.items()})
