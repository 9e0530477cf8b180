"""A believable England in small, from a seed: workbooks of community waiting lists with the faults real ones have.

Pure: rows of sheets come out, and the shell writes files. Nothing here resembles a child; there are no children in it,
only counts. Invented children, one by one, are in `kent`.
"""

from waitlists.synthetic.reports import FAULTS
from waitlists.synthetic.workbooks import SyntheticSheet, SyntheticWorkbook, workbooks

__all__ = ["FAULTS", "SyntheticSheet", "SyntheticWorkbook", "workbooks"]
