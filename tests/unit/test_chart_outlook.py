"""The picture of what may come: the figures so far, a range that goes on from the last of them, its table."""

import re
from datetime import date, timedelta

import pytest

from tests.chart_reading import SVG, ink, marks, parsed, words_in
from waitlists.charts import NARROW, WIDE, Ahead, SoFar, outlook_chart, outlook_table, palette

SUNDAY = date(2026, 11, 15)
PAST = [SoFar(SUNDAY - timedelta(weeks=back), 1200.0 - back) for back in range(20, -1, -1)]
AHEAD = [Ahead(SUNDAY + timedelta(weeks=step), 1200.0 - 9 * step, 1200.0, 1200.0 + 11 * step) for step in range(1, 27)]


def chart(past=PAST, ahead=AHEAD, width=WIDE):
    return parsed(outlook_chart(past, ahead, title="How many", description="Likely.", ident="one", width=width))


def named(root, name):
    return [part for part in root.iter() if name in part.get("class", "").split()]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_figures_so_far_are_marks_and_the_range_goes_on_from_the_last(width):
    root = chart(width=width)
    assert len(marks(root)) == len(PAST)
    *_, last = marks(root).values()
    area, _ = named(root, "wl-range")
    start = [float(number) for number in re.findall(r"M([\d.]+) ([\d.]+)", area.get("d"))[0]]
    assert start == pytest.approx(last, abs=0.2)
    assert area.get("d").count("l") == 2 * len(AHEAD)
    assert {"From 966", "To 1,486", "figures so far", "likely range: 8 in 10"} <= words_in(root)
    assert (root.find(f"{SVG}title").text, root.find(f"{SVG}desc").text) == ("How many", "Likely.")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_word_lies_on_the_picture_and_every_outline_stands_out(width):
    root = chart(width=width)
    right, bottom = map(float, root.get("viewBox").split()[2:])
    for word in root.iter(f"{SVG}text"):
        assert 0 <= float(word.get("x")) <= right
        assert 0 <= float(word.get("y")) <= bottom
    for part in root.iter():
        if part.get("stroke") and "wl-grid" not in part.get("class", ""):
            assert (ink(palette.PAPER) + 0.05) / (ink(part.get("stroke")) + 0.05) >= 3


def test_every_number_written_at_the_end_stands_in_the_table():
    table = outlook_table(PAST, AHEAD, caption="How many")
    assert table.head == ("On", "From", "Middle", "To")
    assert table.rows[-1] == ("16 May 2027", "966", "1,200", "1,486")
    assert len(table.rows) == len(AHEAD)
    assert table.notes == ()


def test_one_figure_and_one_range_still_make_a_picture():
    root = chart(past=PAST[-1:], ahead=[Ahead(date(2026, 12, 15), 5.0, 5.0, 5.0)])
    assert {"From 5", "To 5", "Dec 2026"} <= words_in(root)


def starts(part):
    """Where the lines of a path begin."""
    return [tuple(map(float, found)) for found in re.findall(r"M([\d.]+) ([\d.]+)", part.get("d"))]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_figure_of_which_part_is_missing_stands_apart_and_no_range_goes_on_from_it(width):
    past = list(PAST)
    for place in (5, -1):
        past[place] = PAST[place]._replace(value=700.0, is_whole=False)
    root = chart(past=past, width=width)
    assert named(root, "wl-common")
    assert named(root, "wl-provisional")
    area, _ = named(root, "wl-range")
    *_, before, _ = sorted(marks(root).values())
    assert starts(area)[0] == pytest.approx(before, abs=0.2)
    (line,) = named(root, "wl-values")
    assert len(starts(line)) == 2
    assert line.get("d").count("l") == len(past) - 2 - 2
    assert "part missing or in doubt" in words_in(root)


def test_without_a_whole_figure_the_range_stands_by_itself():
    past = [PAST[-1]._replace(is_whole=False)]
    root = chart(past=past)
    assert not named(root, "wl-values")
    area, _ = named(root, "wl-range")
    assert area.get("d").count("l") == 2 * len(AHEAD) - 1
    (note,) = outlook_table(past, AHEAD, caption="How many").notes
    assert note.endswith("15 November 2026 (1,200). The range goes on from none of the figures so far.")
