"""Exit codes and JSON of what a load did."""

from dataclasses import replace
from datetime import date

import pytest

from jobs.outcomes import FileOutcome, LoadOutcome
from waitlists.domain import Finding, Severity

LOADED = FileOutcome("a.xlsx", FileOutcome.LOADED, counts={"numbers": 5, "suppressed": 1, "quarantined": 2})
ALREADY = FileOutcome("b.xlsx", FileOutcome.ALREADY)
REFUSED = FileOutcome("c.xlsx", FileOutcome.REFUSED, code="EMPTY", reason="c.xlsx is empty")
RETURN = FileOutcome("r.csv", FileOutcome.LOADED, source="weekly_return", counts={"numbers": 9})
MENDED = replace(RETURN, counts={"numbers": 7, "quarantined": 2})
DIRTY = replace(MENDED, source="referral_extract")
CHILD = FileOutcome("d.xlsx", FileOutcome.REFUSED, code="IDENTIFIERS", reason="column 3", has_identifiers=True)


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ((), 0),
        ((LOADED,), 0),
        ((ALREADY,), 0),
        ((LOADED, ALREADY), 0),
        ((REFUSED,), 10),
        ((REFUSED, REFUSED), 10),
        ((REFUSED, LOADED), 14),
        ((REFUSED, ALREADY), 14),
        ((CHILD, LOADED), 11),
        ((RETURN,), 0),
        ((MENDED,), 14),
        ((RETURN, MENDED), 14),
        ((MENDED, REFUSED), 14),
        ((MENDED, CHILD), 11),
        ((MENDED, replace(RETURN, status=FileOutcome.HELD)), 15),
        ((DIRTY,), 0),
    ],
)
def test_the_exit_code_says_how_much_was_refused(files, code):
    assert LoadOutcome(files).exit_code == code


def test_json_tells_rows_findings_and_refusals():
    day = date(2025, 3, 31)
    finding = Finding("step", Severity.WARNING, "A step.", day, day, service="SALT", org="QKS", details={"before": 3})
    loaded = FileOutcome("a.xlsx", FileOutcome.LOADED, counts=LOADED.counts, period_end=day, findings=(finding,))
    answer = LoadOutcome((loaded, REFUSED), dataset_version=3, run_id=7).as_json()
    assert (answer["loaded"], answer["refused"], answer["already_loaded"], answer["exit_code"]) == (1, 1, 0, 14)
    first, second = answer["files"]
    assert (first["rows_taken"], first["rows_quarantined"], first["period_end"]) == (6, 2, "2025-03-31")
    assert first["findings_by_severity"] == {"error": 0, "warning": 1, "info": 0}
    assert first["findings"][0]["details"] == {"before": 3}
    assert first["refusal"] is None
    assert second["refusal"] == {"code": "EMPTY", "reason": "c.xlsx is empty"}
