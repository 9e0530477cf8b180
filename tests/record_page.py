"""`python -m tests.record_page`: writes what a referral record holds, field by field, into docs/records.md."""

import re
import sys
from pathlib import Path

from waitlists.record.fields import DISTRICTS, FIELDS, OUTSIDE, Field

PAGE = Path(__file__).parents[1] / "docs/records.md"
SECTION = re.compile(r"(?<=<!-- fields -->\n).*?(?=<!-- /fields -->)", re.DOTALL)
_SENT = {"R": "must", "O": "may", "A": "never"}


def table() -> str:
    """The table as Markdown: whether a field is sent, what it means and what it may hold; below it the districts."""
    rows = "".join(f"{_row(field)}\n" for field in FIELDS)
    districts = ", ".join(f"`{code}` {name}" for code, name in DISTRICTS.items())
    return (
        f"| field | sent | says | holds |\n|---|---|---|---|\n{rows}\nDistricts: {districts}, `{OUTSIDE}` any other.\n"
    )


def _row(field: Field) -> str:
    holds = [f"`{word}`" for word in field.words] or [field.allowed.replace("organisations.csv", "the register")]
    said = f"{field.meaning}; {field.note}" if field.note else field.meaning
    cells = (f"`{field.name}`", _SENT[field.required], said, ", ".join(holds))
    return "| " + " | ".join(cell.replace(" | ", ", ") for cell in cells) + " |"


def written(text: str) -> str:
    """The page with the table as it is now."""
    return SECTION.sub(lambda _: table(), text)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.exit(0)
