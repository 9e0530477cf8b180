"""Charts and icons: contrast, shapes, greyscale, escaped words, gaps that are no zero, and the table beside them."""

import re
from datetime import date
from typing import get_args

import pytest

from tests.chart_reading import SVG, ink, marks, parsed, shape_of, subpaths, words_in
from tests.trend_series import judged, monthly
from waitlists.charts import (
    NARROW,
    WIDE,
    Band,
    assurance_icon,
    bands_chart,
    bands_table,
    palette,
    shown,
    spc_chart,
    spc_table,
    variation_icon,
)
from waitlists.trends.asking import Options, Point, Target
from waitlists.trends.judging import judge
from waitlists.trends.verdict import Assurance, Variation

STEADY = [100.0, 104.0] * 8
WORSE = [*STEADY, *[150.0 + place for place in range(8)]]


def answer(*values, **options):
    return judged(*values, **options).as_json()


def chart(body, *, width=WIDE, unit="people", title="Children waiting"):
    return parsed(spc_chart(body, title=title, ident="one", unit=unit, width=width))


def contrast(one, other):
    """WCAG 2.2: the ratio of two colours' relative luminance."""
    lighter, darker = sorted((ink(one), ink(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


# What every picture is


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_chart_is_an_image_with_a_title_and_the_sentence(width):
    body = answer(*WORSE, direction="decrease")
    root = chart(body, width=width, title="Children waiting for speech and language therapy")
    assert root.get("role") == "img"
    titled, described = root.get("aria-labelledby").split()
    assert root.find(f"{SVG}title").attrib["id"] == titled
    assert root.find(f"{SVG}title").text == "Children waiting for speech and language therapy"
    assert (root.find(f"{SVG}desc").attrib["id"], root.find(f"{SVG}desc").text) == (described, body["sentence"])


def test_words_are_escaped_and_what_no_document_may_hold_is_left_out():
    title = 'Waits <script>alert("1")</script> & more\x00\x1b'
    text = spc_chart(answer(*STEADY), title=title, ident="one", unit="people")
    assert "<script" not in text
    assert parsed(text).find(f"{SVG}title").text == 'Waits <script>alert("1")</script> & more'


def test_nothing_in_a_picture_needs_a_style_a_script_or_another_place():
    text = spc_chart(answer(*WORSE, target=120.0), title="Waits", ident="one", unit="people")
    assert not re.search(r"style|script|href|url\(|onload", text)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_word_and_mark_lies_on_the_picture(width):
    body = answer(*WORSE, None, None, direction="decrease", target=90.0, rebase=(date(2021, 1, 1),))
    root = chart(marked(body, ("2020-06-01", "not_comparable", "Lists moved.")), width=width)
    right, bottom = map(float, root.get("viewBox").split()[2:])
    for word in root.iter(f"{SVG}text"):
        assert 0 <= float(word.get("x")) <= right
        assert 0 <= float(word.get("y")) <= bottom
    for x, y in marks(root).values():
        assert 0 < x < right
        assert 0 < y < bottom


# Contrast, shapes and greyscale (WCAG 1.4.1, 1.4.3, 1.4.11)


@pytest.mark.parametrize("direction", ["increase", "decrease", "neutral"])
def test_marks_and_lines_have_a_contrast_of_three_and_words_of_four_and_a_half(direction):
    root = chart(answer(*WORSE, None, direction=direction, target=120.0))
    for part in root.iter():
        if part.tag == f"{SVG}text":
            assert contrast(part.get("fill", root.get("fill")), palette.PAPER) >= 4.5
        elif part.get("stroke") and "wl-grid" not in part.get("class", ""):
            assert contrast(part.get("stroke"), palette.PAPER) >= 3


def test_each_meaning_has_a_shape_of_its_own():
    shapes = {
        shape_of(parsed(palette.mark(palette.Mark(meaning, is_high), 50, 50, size=5)))
        for meaning in palette.FILLS
        for is_high in (True, False)
    }
    assert shapes == {"circle", "up", "down", "square", "diamond"}


def test_marks_are_told_apart_in_greyscale_by_shape_where_their_grey_is_the_same():
    root = chart(answer(*STEADY, 130.0, direction="increase"))
    greys = {shape_of(mark): round(ink(mark.get("fill")), 1) for mark in marks(root)}
    assert greys == {"circle": 0.4, "up": 0.4}


def test_letters_on_icons_are_readable():
    # Large and bold: 3 to 1 is asked for (WCAG 1.4.3).
    assert all(contrast(palette.LETTERS[meaning], fill) >= 3 for meaning, fill in palette.FILLS.items())


# What is drawn


def test_points_of_each_type_get_their_mark():
    better = chart(answer(*WORSE, direction="increase"))
    worse = chart(answer(*WORSE, direction="decrease"))
    assert [shape_of(mark) for mark in marks(better)][-8:] == ["up"] * 8
    assert [shape_of(mark) for mark in marks(worse)][-8:] == ["square"] * 8
    assert {shape_of(mark) for mark in marks(chart(answer(*STEADY)))} == {"circle"}


def test_a_mean_is_solid_and_limits_are_dashed_and_labelled_at_their_end():
    root = chart(answer(*STEADY))
    (mean,), (upper,), (lower,) = (lines(root, name) for name in ("mean", "upper", "lower"))
    assert mean.get("stroke-dasharray") is None
    assert upper.get("stroke-dasharray") == lower.get("stroke-dasharray") == "6 4"
    body = answer(*STEADY)["points"][-1]
    assert {f"Mean {shown(body['mean'], 'children')}", f"Upper limit {shown(body['upper'], 'children')}"} <= words_in(
        root
    )


def test_a_narrow_chart_says_the_same_in_fewer_words():
    assert {"Mean 102", "Upper 113"} <= words_in(chart(answer(*STEADY), width=NARROW))


def test_a_target_is_a_line_and_a_dated_one_makes_a_step():
    steps = (Target(date(2020, 1, 1), 90.0), Target(date(2020, 9, 1), 80.0))
    root = chart(judge(monthly(*STEADY), Options(direction="decrease", targets=steps)).as_json())
    assert len(lines(root, "target")) == 2
    assert "Target 80" in words_in(root)
    assert not lines(chart(answer(*STEADY)), "target")


def test_a_missing_period_is_a_cross_below_the_floor_and_breaks_the_line():
    values = [*STEADY[:5], None, *STEADY[:10]]
    root = chart(answer(*values))
    cross, explained = named(root, "wl-absent")
    assert highest(cross) > float(named(root, "wl-floor")[0].get("y1")) > max(y for _, y in marks(root).values())
    assert highest(explained) > highest(cross)
    (line,) = named(root, "wl-values")
    assert [run.count("l") for run in subpaths(line)] == [4, 9]
    assert "no figure" in words_in(root)
    table = spc_table(answer(*values), caption="Waits", unit="people")
    assert (table.rows[5][1], table.rows[5][-1]) == ("no figure", "no figure")


def marked(body, *marks):
    return body | {"marks": [{"period_end": day, "kind": kind, "sentence": sentence} for day, kind, sentence in marks]}


def test_a_suppressed_value_is_a_bar_below_the_floor_and_never_zero():
    body = marked(answer(*STEADY, None), ("2021-05-01", "suppressed", "The figure is not shown."))
    root = chart(body)
    assert len(marks(root)) == len(STEADY)
    bar, explained = named(root, "wl-hidden")
    assert float(named(root, "wl-floor")[0].get("y1")) < highest(bar) < highest(explained)
    assert "not shown" in words_in(root)
    assert spc_table(body, caption="Waits", unit="people").rows[-1][1:] == (
        "no figure", "102", "91", "113", "The figure is not shown.",
    )  # fmt: skip


def test_a_value_of_which_part_is_missing_is_hollow_and_its_reason_stands_in_the_table():
    points = [*monthly(*STEADY), Point(date(2021, 5, 1), 180.0, is_provisional=True)]
    body = marked(judge(points, Options()).as_json(), (date(2021, 5, 1), "part_missing", "Medway sent no figures."))
    body["points"][-1]["provisional"] = True
    root = chart(body)
    *_, last = marks(root)
    assert (last.get("fill"), shape_of(last)) == (palette.PAPER, "circle")
    assert "part missing or in doubt, not judged" in words_in(root)
    assert spc_table(body, caption="Waits", unit="people").rows[-1][-1] == "Medway sent no figures."


def test_new_limits_and_breaks_are_lettered_in_the_order_of_their_dates():
    body = marked(
        answer(*STEADY, *STEADY, rebase=(date(2021, 5, 1),)),
        (date(2020, 3, 1), "not_comparable", "Another provider began to send."),
        ("1999-01-01", "not_comparable", "Long ago."),
        ("2020-06-01", "succession", "Another trust took over."),
    )
    root = chart(body)
    assert {
        "A",
        "B",
        "C",
        "1 June 2020: another provider",
        "1 March 2020: not comparable with before",
        "1 May 2021: new limits",
    } <= words_in(root)
    assert spc_table(body, caption="Waits", unit="people").notes == (
        "A: 1 March 2020: Another provider began to send.",
        "B: 1 June 2020: Another trust took over.",
        "C: 1 May 2021: limits are drawn anew from here, as people decided.",
    )
    assert len(lines(root, "mean")) == 2


def test_new_limits_are_told_with_the_reason_of_their_decision():
    body = answer(*STEADY, *STEADY, rebase=(date(2021, 5, 1),))
    rebases = [
        {"since": "2021-04-20", "reason": "the second clinic opened", "role": "board"},
        {"since": "2020-02-01", "reason": "an earlier one", "role": "board"},
        {"since": "2022-01-01", "reason": "a later one", "role": "board"},
    ]
    (note,) = spc_table(body | {"rebases": rebases}, caption="Waits", unit="people").notes
    assert note == "A: 1 May 2021: limits are drawn anew from here: the second clinic opened (decided by: board)."


def test_limits_that_start_anew_at_a_break_are_told_by_the_break():
    body = answer(*STEADY, *STEADY, rebase=(date(2021, 5, 1),))
    (note,) = spc_table(
        marked(body, ("2021-05-01", "not_comparable", "Lists moved.")), caption="Waits", unit="people"
    ).notes
    assert note == "A: 1 May 2021: Lists moved."


def test_more_breaks_than_letters_go_on_with_numbers():
    body = answer(*STEADY, *STEADY)
    notes = spc_table(
        marked(body, *((point["date"], "not_comparable", "A break.") for point in body["points"])),
        caption="Waits",
        unit="people",
    ).notes
    assert (notes[25][:3], notes[26][:3]) == ("Z: ", "A2:")


def test_limits_are_drawn_as_far_as_they_can_be_met():
    root = chart(answer(*[2.0, 30.0] * 8))
    assert "Lower limit 0" in words_in(root)
    shares = chart(answer(*[0.2, 0.9] * 8), unit="share")
    assert {"Lower limit 0%", "Upper limit 100%"} <= words_in(shares)


def test_weeks_and_months_are_written_as_such_on_the_axis():
    weekly = [Point(date.fromordinal(date(2026, 1, 4).toordinal() + 7 * week), 5.0 + week % 2) for week in range(20)]
    assert "4 Jan 2026" in words_in(chart(judge(weekly, Options()).as_json()))
    assert "Jan 2020" in words_in(chart(answer(*STEADY)))


@pytest.mark.parametrize("values", [(), (None,), (5.0,), (None, None), (0.0, 0.0), (1e100, 0.0)])
def test_little_or_odd_data_still_makes_a_picture(values):
    for width in (WIDE, NARROW):
        chart(answer(*values), width=width)


def test_an_axis_begins_at_zero_where_values_are_near_it():
    assert "0" in words_in(chart(answer(*[10.0, 90.0] * 8)))
    assert "0" not in words_in(chart(answer(*[1000.0, 1004.0] * 8)))


def test_labels_of_lines_that_lie_close_are_kept_apart():
    root = chart(answer(*[100.0] * 16, target=100.0, direction="decrease"))
    ends = [float(word.get("y")) for word in root.iter(f"{SVG}text") if re.match("Mean|Upper|Lower|Target", word.text)]
    assert len(ends) == 4
    assert all(abs(one - other) >= 14.9 for place, one in enumerate(ends) for other in ends[:place])


# The table


def test_the_table_has_a_row_for_each_period_and_a_column_for_each_line():
    table = spc_table(answer(*WORSE, direction="decrease", target=90.0), caption="Waits", unit="people")
    assert table.head == ("Period", "Value", "Mean", "Lower limit", "Upper limit", "Target", "What it shows")
    assert table.caption == "Waits"
    assert len(table.rows) == len(WORSE)
    assert table.rows[0][:2] == ("1 January 2020", "100")
    assert table.rows[-1][-1] == "unusual, for the worse: above the upper limit"
    assert spc_table(answer(5.0, 6.0), caption="Waits", unit="people").head == (
        "Period",
        "Value",
        "Mean",
        "What it shows",
    )


def test_a_limit_that_one_group_lacks_is_said():
    table = spc_table(answer(*STEADY, 5.0, 6.0, rebase=(date(2021, 5, 1),)), caption="Waits", unit="people")
    assert table.rows[-1][2:5] == ("5.5", "none", "none")


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (1651.0, "people", "1,651"), (2.25, "people", "2.2"), (None, "people", "no figure"),
        (0.5, "share", "50%"), (0.7237, "share", "72.4%"), (18.5, "weeks", "18.5 weeks"), (0.0, "people", "0"),
    ],
)  # fmt: skip
def test_numbers_are_written_in_their_unit(value, unit, said):
    assert shown(value, unit) == said


# Bands


BANDS = (
    Band("Up to 1 week", 173),
    Band("1 to 2 weeks", 0),
    Band("Over 104 weeks", None, "fewer than 8"),
    Band("2 weeks", None),
)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_bands_are_bars_with_their_number_and_hidden_ones_words(width):
    root = parsed(bands_chart(BANDS, title="How long", description="Most wait long.", ident="b", width=width))
    assert {"Up to 1 week", "173", "0", "fewer than 8", "no figure"} <= words_in(root)
    assert len(named(root, "wl-bar")) == 1
    assert root.find(f"{SVG}desc").text == "Most wait long."
    (bar,) = named(root, "wl-bar")
    assert float(bar.get("x")) + float(bar.get("width")) <= float(root.get("viewBox").split()[2])
    assert contrast(bar.get("fill"), palette.PAPER) >= 3


def test_bands_of_which_none_is_known_have_no_bar():
    root = parsed(bands_chart((Band("Up to 1 week", None),), title="How long", description="", ident="b"))
    assert not named(root, "wl-bar")


def test_the_bands_table_says_the_same():
    table = bands_table(BANDS, caption="How long")
    assert table.rows == (
        ("Up to 1 week", "173"), ("1 to 2 weeks", "0"), ("Over 104 weeks", "fewer than 8"), ("2 weeks", "no figure"),
    )  # fmt: skip


# Icons


@pytest.mark.parametrize(
    ("variation", "letter", "shape"),
    [
        ("common_cause", None, "circle"), ("improvement_high", "H", "up"), ("improvement_low", "L", "down"),
        ("concern_high", "H", "square"), ("concern_low", "L", "square"), ("neutral_high", "H", "diamond"),
        ("neutral_low", "L", "diamond"),
    ],
)  # fmt: skip
def test_the_variation_icon_is_a_shape_with_a_letter(variation, letter, shape):
    root = parsed(variation_icon(variation, ident="v"))
    assert shape_of(list(marks(root))[-1]) == shape
    assert words_in(root) == ({letter} if letter else set())
    assert root.find(f"{SVG}title").text.startswith("Variation: ")


@pytest.mark.parametrize(("assurance", "letter"), [("pass", "P"), ("fail", "F"), ("inconsistent", "?")])
def test_the_assurance_icon_is_a_letter(assurance, letter):
    root = parsed(assurance_icon(assurance, ident="a"))
    assert words_in(root) == {letter}
    assert root.find(f"{SVG}title").text.startswith("Assurance: the target will be ") == (assurance != "fail")


def test_there_is_no_icon_without_a_verdict():
    assert variation_icon(None, ident="v") is None
    assert assurance_icon(None, ident="a") is None


def test_every_verdict_has_an_icon():
    assert all(variation_icon(one, ident="v") for one in get_args(Variation))
    assert all(assurance_icon(one, ident="a") for one in get_args(Assurance))


def named(root, name):
    return [part for part in root.iter() if name in (part.get("class") or "").split()]


def lines(root, name):
    return named(root, f"wl-{name}")


def highest(cross):
    return min(float(number) for number in re.findall(r"M[\d.]+ ([\d.]+)", cross.get("d")))
