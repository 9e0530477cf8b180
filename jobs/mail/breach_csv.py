"""The figures of the weekly email as CSV: the same rounded numbers, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterator

from jobs.mail.breach_email import Email
from waitlists.cells import safe

HEAD = ("list", "standard", "standard_id", "what", "figure")


def csv_of(email: Email) -> str:
    """Every number of the email, a line each, in its order."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    writer.writerows(tuple(map(safe, row)) for row in _rows(email))
    return out.getvalue()


def _rows(email: Email) -> Iterator[tuple[str, ...]]:
    for section in email.sections:
        for row in section.rows:
            yield section.title, "", "", row.label, row.value
        for block in section.blocks:
            for row in block.rows:
                yield section.title, block.title, block.standard_id, row.label, row.value
