"""A chart as PNG: of the width asked for, on white, with words in it, the same bytes each time, from any machine."""

from io import BytesIO

import pytest
from PIL import Image

from jobs.mail.png import to_png
from tests.trend_series import judged
from waitlists.charts import Band, bands_chart, spc_chart, variation_icon

PICTURE = spc_chart(judged(*[5.0, 7.0] * 8).as_json(), title="Children waiting", ident="one", unit="people")


def image(svg, width):
    return Image.open(BytesIO(to_png(svg, width=width))).convert("RGB")


def test_a_chart_is_as_wide_as_asked_for_and_stands_on_white():
    drawn = image(PICTURE, 1200)
    assert drawn.width == 1200
    assert drawn.getpixel((0, 0)) == (255, 255, 255)
    assert len(drawn.getcolors(1 << 20)) > 10


def test_words_are_drawn_though_the_machine_may_have_no_face():
    words = bands_chart((Band("Over 104 weeks", 0),), title="How long", description="", ident="b")
    without = bands_chart((Band("", 0),), title="How long", description="", ident="b")
    dark = [sum(pixel < (128, 128, 128) for pixel in image(svg, 760).get_flattened_data()) for svg in (words, without)]
    assert dark[0] > dark[1] + 200


def test_the_same_picture_gives_the_same_bytes():
    assert to_png(PICTURE, width=600) == to_png(PICTURE, width=600)


def test_an_icon_can_be_drawn_too():
    assert image(variation_icon("concern_high", ident="v"), 96).size == (96, 96)


def test_what_is_no_picture_is_refused():
    with pytest.raises(ValueError, match="token"):
        to_png("no picture", width=100)
