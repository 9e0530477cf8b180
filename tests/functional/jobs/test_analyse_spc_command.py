"""`waitlists analyse spc` as a person or a script meets it."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tests.trend_series import golden_cases
from waitlists.trends.asking import Options, Point
from waitlists.trends.judging import judge

ROOT = Path(__file__).parents[3]
VALUES = [46, 54] * 8
SERIES = "date,value\n" + "".join(
    f"{2020 + number // 12}-{number % 12 + 1:02}-01,{value}.5\n" for number, value in enumerate(VALUES)
)
KEYS = [
    "command", "version", "profile", "direction", "status", "points", "variation", "assurance", "target", "groups",
    "sentence", "adjusted", "rebase_suggestion", "warnings",
]  # fmt: skip


@pytest.fixture
def file(waitlists):
    def written(text, name="series.csv"):
        (waitlists.folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return name

    return written


def asked(waitlists, *words):
    ended = waitlists("analyse", "spc", *words, "--json")
    assert (ended.code, ended.err) == (0, "")
    return json.loads(ended.out, parse_constant=pytest.fail)


def refused(waitlists, *words):
    """The one sentence of a refusal, and its exit code."""
    ended = waitlists("analyse", "spc", *words)
    assert ended.out == ""
    (line,) = ended.err.splitlines()
    return ended.code, line


def test_a_series_in_the_words_of_the_contract(waitlists, file):
    found = asked(waitlists, file(SERIES), "--direction", "increase", "--target", "50")
    assert list(found) == KEYS
    assert (found["command"], found["profile"], found["status"]) == ("analyse spc", "mdc", "ok")
    assert (found["variation"], found["assurance"], found["target"]) == ("common_cause", "inconsistent", 50.0)
    assert len(found["points"]) == 16


@pytest.mark.parametrize("change", [
    lambda text: "\ufeff" + text,
    lambda text: text.replace("\n", "\r\n"),
    lambda text: "\n".join([text.splitlines()[0], *reversed(text.splitlines()[1:])]),
    lambda text: text.replace("date,value", "Date, VALUE "),
    lambda text: text.replace(".5", ".50"),
    lambda text: text.replace("46.5", "+4.65e1"),
    lambda text: "\n".join(f"{line},more" for line in text.splitlines()),
])  # fmt: skip
def test_ways_of_writing_the_same_series_give_the_same_bytes(waitlists, file, change):
    first = waitlists("analyse", "spc", file(SERIES), "--json")
    again = waitlists("analyse", "spc", file(change(SERIES)), "--json")
    assert first.out == again.out
    assert first.code == again.code == 0


def test_missing_and_suppressed_are_told_apart(waitlists, file):
    found = asked(waitlists, file(SERIES + "2021-05-01,\n2021-06-01,*\n2021-07-01,50\n"))
    assert [point["value"] for point in found["points"]][-3:] == [None, None, 50.0]
    (warning,) = found["warnings"]
    assert warning == {"code": "values_suppressed", "message": "Values that are suppressed, and count as missing: 1."}


def test_values_that_are_no_percentage_are_counted_and_named_by_date(waitlists, file):
    name = file(SERIES + "2021-05-01,144\n2021-06-01,-0.1\n")
    assert asked(waitlists, name)["warnings"] == []
    (warning,) = asked(waitlists, name, "--kind", "percent")["warnings"]
    assert warning["code"] == "outside_percent"
    assert warning["message"] == (
        "Values below 0 or above 100, which no percentage is: 2, the first of 2021-05-01; see the file."
    )
    assert asked(waitlists, file(SERIES), "--kind", "percent")["warnings"] == []


def test_every_option_does_what_it_says(waitlists, file):
    name, targets = file(SERIES), file("date,target\n2020-01-01,40\n2021-01-01,1e3\n", "targets.csv")
    assert asked(waitlists, name, "--direction", "increase", "--targets", targets)["assurance"] == "fail"
    rebased = asked(waitlists, name, "--rebase", "2021-02-01", "--rebase", "2020-03-01", "--rebase", "2019-01-01")
    assert [group["from"] for group in rebased["groups"]] == ["2020-01-01", "2020-03-01", "2021-02-01"]
    assert rebased["warnings"][0]["code"] == "rebase_date_absent"
    assert asked(waitlists, name, "--fix-after", "12.9")["status"] == "ok"
    assert asked(waitlists, name, "--kind", "stock")["warnings"][0]["code"] == "stock_series"
    assert asked(waitlists, name, "--adjust", "residual")["adjusted"]["method"] == "residual"
    assert asked(waitlists, name, "--profile", "nhsr", "--run-length", "7")["profile"] == "nhsr"
    jump = file(SERIES + "2021-05-01,200\n", "jump.csv")
    tops = [asked(waitlists, jump, option)["groups"][0]["upper"] for option in ("--screen", "--no-screen")]
    assert tops[0] < tops[1]


def test_the_engine_answers_the_same_without_the_envelope(waitlists, file):
    found = asked(waitlists, file(SERIES), "--direction", "decrease", "--target", "60", "--adjust", "residual")
    points = [Point(date.fromisoformat(line[:10]), float(line[11:])) for line in SERIES.splitlines()[1:]]
    body = judge(points, Options(direction="decrease", target=60.0, adjust="residual")).as_json()
    assert {name: found[name] for name in KEYS[2:]} == json.loads(json.dumps(body))


def rows_of(values):
    return "".join(f"{2020 + number // 12}-{number % 12 + 1:02}-01,{value}\n" for number, value in enumerate(values))


def test_run_length_and_suggestion_are_options(waitlists, file):
    shift = file("date,value\n" + rows_of([*[46, 52] * 2, *[60] * 6, 46, 46, 46]))
    lengths = [asked(waitlists, shift, "--run-length", length)["points"][5]["reasons"] for length in ("6", "7")]
    assert ["shift_above" in {reason["rule"] for reason in reasons} for reasons in lengths] == [True, False]
    step = file("date,value\n" + rows_of([number // 15 * 9 + number % 2 for number in range(30)]))
    assert asked(waitlists, step, "--suggest-rebase")["rebase_suggestion"]["date"] == "2021-04-01"
    assert asked(waitlists, step)["rebase_suggestion"] is None


@pytest.mark.parametrize("text", ["date,value\n", "date,value\n2020-01-01,\n2020-02-01,*\n"])
def test_a_series_without_values_cannot_be_judged(waitlists, file, text):
    found = asked(waitlists, file(text))
    assert (found["status"], found["variation"], found["assurance"]) == ("no_data", None, None)


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", 10, "there is no column date and no column value; the file is empty"),
        ("date;value\n2026-01-31;5\n", 10, "parted by semicolons: save it as CSV with commas"),
        ("date,y\n", 10, "there is no column value; the first line has 2 columns"),
        ("y\n", 10, "there is no column date and no column value; the first line has 1 column"),
        ("date,value\n2020-01-01,1\n2020-01-01,\n", 2, "lines 2 and 3, column date: the date 2020-01-01 is"),
        ("date,value\n01/02/2020,1\n", 10, "line 2, column date: expected a date"),
        ("date,value\n,1\n", 10, "line 2, column date: expected a date"),
        ("date,value\n2020-01-01,many\n", 10, "line 2, column value: expected a number, nothing, or *"),
        ("date,value\n2020-01-01,inf\n", 10, "line 2, column value: expected a number"),
        ("date,value\n2020-01-01,1e999\n", 10, "line 2, column value: expected a number"),
        ("date,value\n2020-01-01,NaN\n", 10, "line 2, column value: expected a number"),
        ('date,value\n2020-01-01,"1,000"\n', 10, "line 2, column value: expected a number"),
        ("date,value\n2020-01-01,1_0\n", 10, "line 2, column value: expected a number"),
        ("date,value\n2020-01-01,\u0661\n", 10, "line 2, column value: expected a number"),
        ("date,value\n2020-01-01,1e101\n", 2, "line 2, column value: the value of 2020-01-01 is infinite"),
    ],
)
def test_a_file_that_breaks_the_contract_is_refused_without_its_values(waitlists, file, text, code, said):
    found, line = refused(waitlists, file(text))
    assert (found, said in line, "many" in line) == (code, True, False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "expected a file with one series, or --batch"),
        (("series.csv", "--batch", "series.csv"), "expected a file with one series, or --batch"),
        (("nowhere.csv",), "cannot read nowhere.csv"),
        (("--batch", "nowhere.jsonl"), "cannot read nowhere.jsonl"),
        (("series.csv", "--direction", "up"), "direction: expected one of increase, decrease, neutral"),
        (("series.csv", "--profile", "xmr"), "profile: expected one of mdc, nhsr"),
        (("series.csv", "--adjust", "all"), "adjust: expected one of"),
        (("series.csv", "--kind", "count"), "kind: expected one of"),
        (("series.csv", "--fix-after", "11.9"), "fix_after: expected 12 points or more"),
        (("series.csv", "--fix-after", "nan"), "fix_after: expected 12 points or more"),
        (("series.csv", "--run-length", "8"), "run_length: expected 6 or 7"),
        (("series.csv", "--run-length", "6", "--profile", "nhsr"), "use mdc"),
        (("series.csv", "--target", "inf"), "target: expected a number"),
        (("series.csv", "--target", "1", "--target", "2"), "--target is given more than once"),
        (("series.csv", "--rebase", "July"), "expected a date such as 2026-03-31"),
        (("series.csv", "--targets", "good.csv", "--profile", "nhsr"), "use mdc"),
        (("series.csv", "--targets", "good.csv", "--target", "1"), "not both"),
        (("series.csv", "--targets", "nowhere.csv"), "cannot read nowhere.csv"),
        (("series.csv", "--output", "nowhere/answer.json"), "cannot write nowhere/answer.json"),
    ],
)  # fmt: skip
def test_a_wrong_option_or_value_is_one_sentence(waitlists, file, words, said):
    file(SERIES)
    file("date,target\n2020-01-01,50\n", "good.csv")
    code, line = refused(waitlists, *words)
    assert code == 2
    assert said in line


@pytest.mark.parametrize("row", ["2020-01-01,", "2020-01-01,*", "2020-01-01,ten", ",10"])
def test_targets_without_date_or_number_are_refused(waitlists, file, row):
    code, line = refused(waitlists, file(SERIES), "--targets", file(f"date,target\n{row}\n", "targets.csv"))
    assert (code, "line 2, column" in line, "ten" in line) == (10, True, False)


def test_an_answer_can_go_to_a_file(waitlists, file):
    shown = waitlists("analyse", "spc", file(SERIES), "--json", "--json")
    ended = waitlists("analyse", "spc", "series.csv", "--json", "--output", "answer.json")
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert (waitlists.folder / "answer.json").read_text() == shown.out


def test_a_person_reads_the_sentence_and_a_table(waitlists, file):
    out = waitlists("analyse", "spc", file(SERIES), "--kind", "stock", "--adjust", "residual").out
    assert "variation             common_cause\n" in out
    assert "sentence              From 1 January 2020 to 1 April 2021, where" in out
    heads = out[out.index("points\n") :].splitlines()[1:3]
    assert heads[0].split() == ["date", "value", "mean", "lower", "upper", "special_cause", "point_type"]
    assert heads[1].startswith("  2020-01-01  46.50  50.50")
    assert [row.index(word) for row, word in zip(heads, ("value", "46.50"), strict=True)] == [14, 14]
    assert "adjusted              variation common_cause, why A value is like the one before it" in out
    assert "The adjusted chart shows no sign of a real change." in out
    assert "rebase_suggestion     -" in out
    assert out.count("A list size hardly moves") == 1
    short = waitlists("analyse", "spc", "series.csv", "--adjust", "season").out
    assert "! There is no adjusted chart" in short


def case(name, **options):
    rows = [[f"2020-{number + 1:02}-01", value] for number, value in enumerate([1, 2] * 6)]
    return json.dumps({"id": name, "rows": [*rows, ["2021-01-01", None]], "options": options})


def batch(waitlists, file, text, *words):
    ended = waitlists("analyse", "spc", "--batch", file(text, "cases.jsonl"), *words)
    assert (ended.code, ended.err) == (0, "")
    return [json.loads(line, parse_constant=pytest.fail) for line in ended.out.splitlines()]


def test_many_series_in_one_file(waitlists, file):
    lines = [
        case("a\u2028", direction="increase", target=1.5).replace("\\u2028", "\u2028"),
        "",
        case(2),
        case("c", profile="nhsr", fix_after=12, no_screen=True),
    ]
    first, second, third = batch(waitlists, file, "\n".join(lines), "--json", "--direction", "decrease")
    assert list(first) == ["id", "result"]
    assert list(first["result"]) == KEYS
    assert (first["id"], first["result"]["direction"]) == ("a\u2028", "increase")
    assert (second["id"], second["result"]["direction"]) == (2, "decrease")
    assert third["result"]["variation"] == "common_cause"


def test_the_same_series_alone_and_in_a_batch(waitlists, file):
    rows = [[line.split(",")[0], float(line.split(",")[1])] for line in SERIES.splitlines()[1:]]
    options = {
        "profile": "mdc", "direction": "increase", "rebase": ["2020-03-01"], "screen": True, "adjust": "trend",
        "kind": "flow", "run_length": 6, "suggest_rebase": True, "targets": [["2020-01-01", 40]],
    }  # fmt: skip
    (found,) = batch(waitlists, file, json.dumps({"id": 1, "rows": rows, "options": options}))
    words = [
        "--direction", "increase", "--rebase", "2020-03-01", "--screen", "--adjust", "trend", "--kind", "flow",
        "--run-length", "6", "--suggest-rebase", "--targets", file("date,target\n2020-01-01,40\n", "targets.csv"),
    ]  # fmt: skip
    assert found["result"] == asked(waitlists, file(SERIES), *words)
    options["targets"] = "targets.csv"
    assert batch(waitlists, file, json.dumps({"id": 1, "rows": rows, "options": options})) == [found]


def test_a_case_wins_over_the_command_line(waitlists, file):
    targets = file("date,target\n2020-01-01,9\n", "targets.csv")
    lines = [case(1, target=5), case(2, target=None), case(3)]
    found = batch(waitlists, file, "\n".join(lines), "--targets", targets)
    assert [one["result"]["target"] for one in found] == [5.0, None, 9.0]


@pytest.mark.parametrize(
    ("line", "named", "said"),
    [
        ("{", None, "line 1 is not JSON"),
        ("[" * 100_000, None, "line 1 is not JSON"),
        ('{"id": 1, "rows": [["2020-01-01", NaN]]}', None, "line 1 is not JSON"),
        ('{"id": Infinity, "rows": []}', None, "line 1 is not JSON"),
        ("[]", None, 'expected {"id"'),
        ('{"id": 1}', 1, "rows: expected a list"),
        ('{"id": 1, "rows": [1]}', 1, "row 1: expected"),
        ('{"id": 1, "rows": [["2020-01-01"]]}', 1, "row 1: expected"),
        ('{"id": 1, "rows": [["2020-01-01", []]]}', 1, "row 1: expected"),
        ('{"id": 1, "rows": [["2020-01-01", true]]}', 1, "row 1: expected"),
        ('{"id": 1, "rows": [["2020-01-01", "1"]]}', 1, "row 1: expected"),
        ('{"id": 1, "rows": [["1/1/2020", 1]]}', 1, "row 1: expected"),
        ('{"id": 1, "rows": [[20200101, 1]]}', 1, "row 1: expected"),
        ('{"id": 1, "rows": [["2020-01-01", 1e999]]}', 1, "is infinite"),
        (f'{{"id": 1, "rows": [["2020-01-01", 1{"0" * 400}]]}}', 1, "is infinite"),
        ('{"id": 1, "rows": [["2020-01-01", 1], ["2020-01-01", 1]]}', 1, "is there twice"),
        ('{"id": 1, "rows": [], "options": [1]}', 1, "options: expected an object"),
        ('{"id": 1, "rows": [], "options": {"run-length": 6}}', 1, "there is no option run-length"),
        ('{"id": 1, "rows": [], "options": {"fix_after": 11}}', 1, "fix_after: expected 12"),
        ('{"id": 1, "rows": [], "options": {"fix_after": true}}', 1, "fix_after: expected int or float"),
        ('{"id": 1, "rows": [], "options": {"screen": "no"}}', 1, "screen: expected bool"),
        ('{"id": 1, "rows": [], "options": {"direction": 1}}', 1, "direction: expected str"),
        ('{"id": 1, "rows": [], "options": {"direction": null}}', 1, "direction: expected one of"),
        ('{"id": 1, "rows": [], "options": {"rebase": ["July"]}}', 1, "rebase: expected dates"),
        ('{"id": 1, "rows": [], "options": {"rebase": [1]}}', 1, "rebase: expected dates"),
        ('{"id": 1, "rows": [], "options": {"targets": [["2020-01-01", true]]}}', 1, "targets: expected a file"),
        ('{"id": 1, "rows": [], "options": {"targets": 5}}', 1, "targets: expected a file"),
        ('{"id": 1, "rows": [], "options": {"targets": "nowhere.csv"}}', 1, "cannot read nowhere.csv"),
    ],
)  # fmt: skip
def test_a_case_that_cannot_be_used_says_why_and_stops_no_other(waitlists, file, line, named, said):
    broken, whole = batch(waitlists, file, f"{line}\n{case('good')}\n")
    assert (broken["id"], list(broken), whole["id"]) == (named, ["id", "error"], "good")
    assert said in broken["error"]


def test_one_rebase_may_stand_without_a_list(waitlists, file):
    (found,) = batch(waitlists, file, case(1, rebase="2020-05-01"))
    assert [group["from"] for group in found["result"]["groups"]] == ["2020-01-01", "2020-05-01"]


def test_golden_cases_through_the_command(waitlists, file):
    cases = [one for one in golden_cases() if one["category"] != "facet"]
    names = {"improvement_direction": "direction", "fix_after_n_points": "fix_after", "screen_outliers": "screen"}
    lines = [
        json.dumps({
            "id": one["id"],
            "rows": list(zip(one["data"]["date"], one["data"]["y"], strict=True)),
            "options": {names.get(name, name): value for name, value in one["args"].items() if name != "trajectory"},
        })
        for one in cases
    ]  # fmt: skip
    found = batch(waitlists, file, "\n".join(lines), "--profile", "nhsr", "--json")
    for one, answer in zip(cases, found, strict=True):
        assert answer["id"] == one["id"]
        assert ("error" in answer) == bool(one.get("error"))
        if "result" in answer:
            icon = next(icon["icon"] for icon in one["icons"] if icon["type"] == "variation")
            assert f"{answer['result']['variation']}.svg" == icon


def test_the_command_loads_no_statistics_package(tmp_path):
    (tmp_path / "series.csv").write_text(SERIES)
    code = (
        "import sys\nfrom jobs.cli import main\n"
        f"try: main(['analyse', 'spc', {str(tmp_path / 'series.csv')!r}, '--adjust', 'auto', '--json'])\n"
        "except SystemExit as ended: assert not ended.code\n"
        "print([name for name in ('numpy', 'pandas', 'scipy', 'statsmodels', 'prophet') if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1] == "[]"
