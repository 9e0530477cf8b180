"""Disclosure control: what may be shown of small numbers below England, to those who may not see exact figures.

`rules` says what one number is shown as, `tables` what a whole table of linked numbers may show so that none of the
small ones can be worked out, `lists` and `thresholds` which cuts of a waiting list are linked, `derived` makes shares
and waits of counts as shown, and `answers` applies it all to an answer at the edge. docs/methods.md, section
"Disclosure control".
"""

from waitlists.suppression.answers import Disclosed, Row, disclose, disclose_rows
from waitlists.suppression.derived import (
    at_least_from_shown,
    longest_from_shown,
    share_from_shown,
    share_method_from_shown,
    wait_from_shown,
)
from waitlists.suppression.lists import Among, CountedList, cut, table_of_lists
from waitlists.suppression.rules import (
    Rule,
    legend,
    printed,
    shown_change,
    shown_count,
    shown_forecast,
    shown_longest_wait,
    shown_share,
    shown_statistic,
    words,
)
from waitlists.suppression.shapes import Change, Rounded, Shape, ShareOf, Statistic
from waitlists.suppression.tables import Plan, Sum, Table, protect

__all__ = [
    "Among",
    "Change",
    "CountedList",
    "Disclosed",
    "Plan",
    "Rounded",
    "Row",
    "Rule",
    "Shape",
    "ShareOf",
    "Statistic",
    "Sum",
    "Table",
    "at_least_from_shown",
    "cut",
    "disclose",
    "disclose_rows",
    "legend",
    "longest_from_shown",
    "printed",
    "protect",
    "share_from_shown",
    "share_method_from_shown",
    "shown_change",
    "shown_count",
    "shown_forecast",
    "shown_longest_wait",
    "shown_share",
    "shown_statistic",
    "table_of_lists",
    "wait_from_shown",
    "words",
]
