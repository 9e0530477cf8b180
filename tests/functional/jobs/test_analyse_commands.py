"""`waitlists analyse queue` and `formula` as a person or a script meets them."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from jobs.analysis.queue import LABELS, QueueAsk, queue_answer
from waitlists.queue import QueueTarget

ROOT = Path(__file__).parents[3]

LIST = """referral,removal,reason
2026-01-05,,
2026-01-06,2026-01-20,seen
2026-01-07,2026-01-09,declined
2026-01-12,2026-01-01,treated
,2026-01-15,
*,,
2026-01-13,*,
"""
KEYS = [
    "command", "version", "status", "start", "end", "weeks", "rows_used", "rows_rejected", "open_start", "open_end",
    "referrals", "removals", "residual", "removals_by_reason", "demand_per_week", "treated_per_week", "other_per_week",
    "load", "load_all_exits", "mean_wait_weeks", "median_wait_weeks", "p92_wait_weeks", "max_wait_weeks", "pressure",
    "tail_factor", "target_queue_random", "target_queue_fifo", "queue_too_big", "relief_capacity", "warnings",
]  # fmt: skip


@pytest.fixture
def file(waitlists):
    def written(text, name="list.csv", **how):
        path = waitlists.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(**how))
        return name

    return written


def asked(waitlists, *words):
    ended = waitlists("analyse", *words, "--json")
    assert (ended.code, ended.err) == (0, "")
    return json.loads(ended.out, parse_constant=pytest.fail)


def refused(waitlists, *words):
    """The one sentence of a refusal, and its exit code."""
    ended = waitlists("analyse", *words)
    assert ended.out == ""
    (line,) = ended.err.splitlines()
    return ended.code, line


def test_the_screen_of_a_list_uses_plain_words_and_names_the_lines_left_out(waitlists, file):
    gone = "2026-01-09,2026-01-02,\n" * 12
    ended = waitlists("analyse", "queue", file(f"referral,removal,reason\n2026-01-04,2026-01-20,\n{gone}"))
    assert ended.code == 0
    assert "Rows left out" in ended.out
    assert "rows_rejected" not in ended.out
    assert "  Lines left out: 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 2 more.\n" in ended.out
    whole = waitlists("analyse", "queue", file("referral,removal,reason\n2026-01-04,2026-01-20,\n")).out
    assert "Lines left out" not in whole
    assert "Over twice the target" in whole


def test_every_fact_of_a_list_has_its_plain_words(waitlists, file):
    found = asked(waitlists, "queue", file(LIST))
    assert set(found) - {"command", "version", "warnings"} == set(LABELS)


def test_a_list_in_the_words_of_the_contract(waitlists, file):
    found = asked(waitlists, "queue", file(LIST))
    assert list(found) == KEYS
    assert (found["command"], found["status"]) == ("analyse queue", "ok")
    assert (found["start"], found["end"], found["weeks"]) == ("2026-01-04", "2026-01-20", 16 / 7)
    assert (found["rows_used"], found["rows_rejected"]) == (3, 4)
    assert found["removals_by_reason"] == {"seen": 1, "declined": 1}
    assert [warned["code"] for warned in found["warnings"]] == ["rows_rejected", "dates_suppressed"]


@pytest.mark.parametrize("change", [
    lambda text: "\ufeff" + text,
    lambda text: text.replace("\n", "\r\n"),
    lambda text: "\n".join([text.splitlines()[0], *reversed(text.splitlines()[1:])]),
    lambda text: text.replace("referral,removal", "Referral, Removal "),
    lambda text: text.replace("\n2026-01-06", "\n\n  \n2026-01-06"),
    lambda text: "\n".join(f"{line},more" for line in text.splitlines()),
])  # fmt: skip
def test_ways_of_writing_the_same_list_give_the_same_bytes(waitlists, file, change):
    first = waitlists("analyse", "queue", file(LIST), "--json")
    again = waitlists("analyse", "queue", file(change(LIST)), "--json")
    assert first.out == again.out
    assert first.code == again.code == 0


def test_the_window_and_the_target_are_options(waitlists, file):
    given = ("--start", "2026-01-05", "--end", "2026-01-12", "--target-wait", "4", "--percentile", "0.5")
    found = asked(waitlists, "queue", file(LIST), *given, "--weeks-to-target", "2")
    assert (found["weeks"], found["open_start"], found["referrals"]) == (1, 1, 2)
    assert found["tail_factor"] == pytest.approx(0.6931471805599453)
    assert found["target_queue_fifo"] == 16
    assert found["relief_capacity"] == 0
    assert found["warnings"][-1]["code"] == "clamped_to_zero"


def test_a_window_without_length_cannot_be_judged(waitlists, file):
    found = asked(waitlists, "queue", file(LIST), "--start", "2026-01-07", "--end", "2026-01-07")
    assert (found["status"], found["demand_per_week"], found["load"]) == ("insufficient_data", None, None)


@pytest.mark.parametrize(
    "text", ["referral,removal\n", "referral,removal\n,\n", "referral,removal\n2026-01-02,2026-01-01"]
)
def test_without_a_usable_row_there_is_only_a_status(waitlists, file, text):
    found = asked(waitlists, "queue", file(text))
    assert list(found) == ["command", "version", "status", "warnings"]
    assert found["status"] == "insufficient_data"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no column referral and no column removal"),
        ("referral\n2026-01-05\n", "there is no column removal"),
        ("referral,removal,Removal\n", "more than one column is called"),
        ("referral,removal\n2026-01-05\n", "line 2 has 1 cells where the header has 2"),
        ("referral,removal\n31/02/2025,\n", "line 2, column referral: expected a date such as 2026-03-31"),
        ("referral,removal\n2025-02-31,\n", "line 2, column referral: expected a date such as 2026-03-31"),
        ("referral,removal\n20250228,\n", "line 2, column referral: expected a date such as 2026-03-31"),
        ("referral,removal,reason\n2025-02-28,2025-03-01,gone\n", "line 2, column reason: expected one of seen, "),
        ('referral,removal\n"2025-02-28,\n', "is not well-formed CSV"),
        ("referral,removal\n2025-02-28,caf\xe9\n".encode("latin-1"), "is not text in UTF-8"),
    ],
)  # fmt: skip
def test_a_file_that_breaks_the_contract_is_refused_without_its_values(waitlists, file, text, said):
    code, line = refused(waitlists, "queue", file(text))
    assert code == 10
    assert said in line
    assert "gone" not in line.replace(said, "")
    assert "31/02" not in line


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("queue", "nowhere.csv"), "cannot read nowhere.csv"),
        (("queue", "."), "cannot read ."),
        (("queue",), "Missing argument"),
        (("queue", "list.csv", "--nothing"), "No such option: --nothing"),
        (("queue", "list.csv", "more.csv"), "unexpected extra argument"),
        (("queue", "list.csv", "--start", "2026-02-01", "--end", "2026-01-01"), "ends before it starts"),
        (("queue", "list.csv", "--start", "2027-01-01"), "ends before it starts"),
        (("queue", "list.csv", "--end", "2025-01-01"), "ends before it starts"),
        (("queue", "list.csv", "--start", "01/02/2026"), "expected a date such as 2026-03-31"),
        (("queue", "list.csv", "--weeks-to-target", "0"), "more than 0 weeks"),
        (("queue", "list.csv", "--weeks-to-target", "-1"), "more than 0 weeks"),
        (("queue", "list.csv", "--target-wait", "nan"), "more than 0 weeks"),
        (("queue", "list.csv", "--target-wait", "inf"), "more than 0 weeks"),
        (("queue", "list.csv", "--target-wait", "x"), "unable to parse string as a number"),
        (("queue", "list.csv", "--percentile", "1"), "above 0 and below 1"),
        (("queue", "list.csv", "--percentile", "92"), "above 0 and below 1"),
        (("queue", "list.csv", "--percentile", "0.9", "--percentile", "0.8"), "--percentile is given more than once"),
        (("queue", "list.csv", "--output", "nowhere/answer.json"), "cannot write nowhere/answer.json"),
    ],
)
def test_a_wrong_option_or_value_is_one_sentence(waitlists, file, words, said):
    file(LIST)
    code, line = refused(waitlists, *words)
    assert code == 2
    assert said in line


def test_an_answer_can_go_to_a_file(waitlists, file):
    shown = waitlists("analyse", "queue", file(LIST), "--json", "--json")
    ended = waitlists("analyse", "queue", "list.csv", "--json", "--output", "answer.json")
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert (waitlists.folder / "answer.json").read_text() == shown.out


def test_a_person_reads_a_table(waitlists, file):
    ended = waitlists("analyse", "queue", file(LIST))
    assert ended.code == 0
    assert "Waiting at last              1\n" in ended.out
    assert "Left, by reason              seen 1, declined 1\n" in ended.out
    assert "! Left out for want of a referral, or a removal before it: 4 of the rows." in ended.out
    cases = file('[{"id": 7, "fn": "load", "args": {"demand": 1, "capacity": 0}}]', "cases.json")
    assert waitlists("analyse", "formula", cases).out == "results\n  id  value  reason\n  7   -      no_capacity\n"


def test_formulas_answer_in_the_order_asked(waitlists, file):
    cases = [
        {"id": "b", "fn": "pressure", "args": {"mean_wait": 9, "target_wait": 18}, "note": "passed over"},
        {"id": 1, "fn": "load", "args": {"demand": 1, "capacity": 0}},
        {"id": "a", "fn": "tail_factor", "args": {"p": 1}},
    ]
    found = asked(waitlists, "formula", file(json.dumps(cases), "cases.json"))
    assert found["results"] == [
        {"id": "b", "value": 1.0, "reason": None},
        {"id": 1, "value": None, "reason": "no_capacity"},
        {"id": "a", "value": None, "reason": "invalid_argument"},
    ]
    assert (found["command"], found["warnings"]) == ("analyse formula", [])


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", "1" + "0" * 400])
def test_a_number_that_is_none_is_an_invalid_argument(waitlists, file, number):
    text = f'[{{"id": 1, "fn": "load", "args": {{"demand": {number}, "capacity": 1}}}}]'
    assert asked(waitlists, "formula", file(text, "cases.json"))["results"][0]["reason"] == "invalid_argument"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("{}", "expected a list of cases"),
        ("[1]", "case 1: expected"),
        ('[{"id": 1, "fn": "load", "args": [1, 2]}]', "case 1: expected"),
        ('[{"id": null, "fn": "load", "args": {}}]', "case 1: expected"),
        ('[{"id": 1, "fn": "laod", "args": {}}]', "case 1: no formula has this name; there are load"),
    ],
)
def test_cases_that_break_the_contract_are_refused(waitlists, file, text, said):
    code, line = refused(waitlists, "formula", file(text, "cases.json"))
    assert code == 10
    assert said in line


def test_the_commands_load_no_model_library():
    script = (
        "import sys; from jobs.cli import main\n"
        "try: main(['analyse', 'formula', '--help'])\n"
        "except SystemExit: pass\n"
        "import jobs.analysis.queue\n"
        "print([name for name in ('statsmodels', 'prophet', 'scipy', 'pandas', 'sqlalchemy') if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout.endswith("[]\n")


def test_every_reference_frame_and_formula_can_be_asked_as_it_lies(waitlists, golden):
    cases = asked(waitlists, "formula", golden / "waiting-list/calc_formulas.json")["results"]
    assert len(cases) == 218
    for path in sorted((golden / "waiting-list/wl_inputs").glob("*.csv")):
        found = asked(waitlists, "queue", path)
        assert (found["status"], found["residual"]) == ("ok", 0)


@pytest.mark.parametrize(
    ("columns", "cells", "said"),
    [
        ("NHS Number", "1", "the column NHS Number is called like an NHS number"),
        ("Surname", "x", "the column Surname is called like a name"),
        ("Key", "9434765919", "the column Key holds NHS numbers"),
        ("Key", "ME14 1XX", "the column Key holds texts shaped like postcodes"),
        ("Since", "2009-03-04", "the column Since holds dates spread over years as dates of birth are"),
    ],
)
def test_a_list_that_names_children_is_refused_with_the_column_and_no_value(waitlists, file, columns, cells, said):
    rows = "".join(f"2026-01-0{day},,{cells}\n" for day in range(1, 6)) + "2026-01-06,,2018-01-01\n"
    code, line = refused(waitlists, "queue", file(f"referral,removal,{columns}\n{rows}"))
    assert code == 11
    assert said in line
    assert cells not in line.replace(said, "") or len(cells) == 1


def test_a_series_is_searched_for_identifiers_and_its_days_are_no_births(waitlists, file):
    rows = "".join(f"20{year}-01-01,{year},20{year}-02-01\n" for year in range(10, 26))
    assert asked(waitlists, "spc", file(f"date,value,Published\n{rows}"))["status"] == "ok"
    code, line = refused(waitlists, "spc", file(f"date,value,NHS No\n{rows}"))
    assert (code, "NHS No is called like an NHS number" in line) == (11, True)


def test_dates_that_nobody_believes_are_left_out_and_counted(waitlists, file):
    text = "referral,removal\n1900-01-01,\n2026-01-05,\n2026-01-05,2126-01-06\n2026-01-06,2026-01-20\n"
    found = asked(waitlists, "queue", file(text))
    assert (found["rows_used"], found["rows_rejected"], found["end"]) == (2, 2, "2026-01-20")
    assert [warned["code"] for warned in found["warnings"]] == ["rows_rejected", "dates_implausible"]
    assert found["warnings"][1]["message"] == "Left out for a date outside 2000 to 2099: 2 of those."


def test_removals_far_ahead_are_counted_as_they_stretch_the_window(waitlists, file):
    name = file("referral,removal\n2026-01-05,2087-01-06\n2026-01-06,2026-01-20\n")
    found = asked(waitlists, "queue", name)
    assert found["end"] == "2087-01-06"
    assert [warned["code"] for warned in found["warnings"]] == ["removals_far_ahead"]
    assert "--end" in found["warnings"][0]["message"]
    assert asked(waitlists, "queue", name, "--end", "2026-02-01")["warnings"] == []


def test_dates_after_today_are_said_to_a_person_and_no_program(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("referral,removal\n2026-01-05,2026-02-01\n2026-01-09,2026-02-05\n,\n", encoding="utf-8")
    ask = QueueAsk(None, None, QueueTarget(18.0, 0.92, 26.0))
    before, after = (queue_answer(path, ask, today=day) for day in (date(2026, 2, 4), date(2026, 2, 5)))
    assert before.answer == after.answer
    assert before.closing == "Lines left out: 4. Rows with a date after today: 1; see that they are right."
    assert after.closing == "Lines left out: 4."
