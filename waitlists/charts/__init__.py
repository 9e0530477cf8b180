"""Pictures of figures as SVG text, each with the table of every number in it; pure, no file and no library.

A picture carries its light colours itself, so it stands alone in an email or a file; a page gives dark, printed and
forced colours by the classes on its parts, without a style inside the picture. Meaning never rests on colour: each has
a shape of its own and every mark an outline. Source: Making Data Count charts; WCAG 2.2, 1.4.1, 1.4.11 and 1.1.1.
"""

from waitlists.charts.bands import Band, bands_chart, bands_table
from waitlists.charts.icons import assurance_icon, variation_icon
from waitlists.charts.layout import NARROW, WIDE, Width
from waitlists.charts.leading import leading, leads, surprises
from waitlists.charts.numbers import shown
from waitlists.charts.outlook import Ahead, SoFar, apart, outlook_chart, outlook_table
from waitlists.charts.spc import spc_chart
from waitlists.charts.tables import Table, limits_table, spc_table, with_surprises

__all__ = [
    "NARROW",
    "WIDE",
    "Ahead",
    "Band",
    "SoFar",
    "Table",
    "Width",
    "apart",
    "assurance_icon",
    "bands_chart",
    "bands_table",
    "leading",
    "leads",
    "limits_table",
    "outlook_chart",
    "outlook_table",
    "shown",
    "spc_chart",
    "spc_table",
    "surprises",
    "variation_icon",
    "with_surprises",
]
