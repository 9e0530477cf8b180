"""`waitlists template weekly-return`, then `waitlists load`: the way of a provider's Monday."""

import csv


def test_a_template_is_written_filled_in_and_loaded(waitlists):
    made = waitlists("template", "weekly-return", "--output", "return.csv", "--provider", "RYY", "--service", "SALT",
                     "--week", "2026-11-15")  # fmt: skip
    assert (made.code, made.out) == (0, "return.csv: 47 rows to fill in. return-how-to-fill-in.txt says how.\n")
    path = waitlists.folder / "return.csv"
    blank = waitlists("load", "return.csv", "--json")
    assert blank.json["files"][0]["refusal"]["code"] == "NOT_FILLED_IN"
    header, *rows = csv.reader(path.read_text(encoding="utf-8-sig").splitlines())
    with path.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file, delimiter=";").writerows(
            [header, *([*row[:-1], "24" if row[5] == "total" else "3"] for row in rows)]
        )
    loaded = waitlists("load", "return.csv", "--json", "--as-of", "2026-11-16")
    (item,) = loaded.json["files"]
    assert (loaded.code, item["source"], item["period_end"], item["known_from"]) == (
        0, "weekly_return", "2026-11-15", "2026-11-16",
    )  # fmt: skip
    assert waitlists("load", "return.csv", "--json").json["already_loaded"] == 1


def test_the_workbook_is_written_for_the_last_week_and_all_usual_services(waitlists):
    made = waitlists("template", "weekly-return", "--output", "return.xlsx")
    assert made.code == 0
    assert waitlists("load", "return.xlsx", "--json").json["files"][0]["refusal"]["code"] == "NOT_FILLED_IN"
    again = waitlists("template", "weekly-return", "--output", "return.xlsx")
    assert (again.code, "give another name" in again.err) == (2, True)
    assert waitlists("template", "weekly-return", "--output", "x.csv", "--week", "Monday").code == 2
