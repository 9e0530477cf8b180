"""The funnel of lists as they are shown: who is compared, who is left out, and what the sentence says."""

from datetime import date

from api.disclosure.said import ROUNDED
from api.funnels import NOT_SHOWN, Compared, funnel_body, source_of_most
from tests.functional.api.shown import LIST
from waitlists.services import find_service
from waitlists.standards import find_standard

WAITING = Compared(find_service("SALT"), find_standard("CHS_18W"), "waiting")
MARCH, FEBRUARY = date(2025, 3, 31), date(2025, 2, 28)


def item(org, share, of=None, **more):
    one = {"standard_id": "CHS_18W", "basis": "waiting", "share": share, "of": of, "note": None}
    body = {"org": org, "org_name": org, "period_end": MARCH, "freq": "M", "list_size": None, "unbanded": None}
    stands = {"vintage": {"id": 7}, "coverage": 1.0, "provisional": False}
    return body | stands | {"shares": [one], "links": {"self": "/x"}, "sentence": "", **more}


def test_whoever_differs_is_named_on_either_side():
    items = [item("RYY", 0.9, 1000), item("NQ7", 0.4, 1000), item("RPA", 0.65, 900)]
    found = funnel_body(items, WAITING)
    assert {one["org"]: one["position"] for one in found["items"]} == {"NQ7": "low", "RPA": "usual", "RYY": "high"}
    assert "Fewer than chance explains: Medway Community Healthcare." in found["sentence"]
    assert "More than chance explains: Kent Community Health NHS Foundation Trust." in found["sentence"]
    assert "None differs" not in found["sentence"]


def test_many_that_all_differ_have_wider_limits():
    items = [item(f"R{number:02}", 0.3 + 0.04 * number, 500, sentence=ROUNDED) for number in range(12)]
    found = funnel_body(items, WAITING)
    assert found["dispersion"] > 1
    assert "times more than by chance alone, so limits are wider." in found["sentence"]
    assert found["sentence"].endswith(ROUNDED)


def test_a_share_of_bands_is_of_those_in_a_band():
    found = funnel_body([item("RYY", 0.5, list_size=110, unbanded=10)], WAITING)
    assert found["items"][0]["of"] == 100
    assert {name: found["items"][0][name] for name in ("vintage_id", "coverage", "provisional", "list")} == {
        "vintage_id": 7, "coverage": 1.0, "provisional": False, "list": "/x",
    }  # fmt: skip


def test_who_cannot_be_compared_is_named_with_the_reason():
    of_nobody = item("RVV", None, 0)
    of_part = item("NQ7", None)
    of_part["shares"][0]["note"] = "Part of the list is missing."
    items = [item("RYY", 0.5, 100), item("RPA", 0.5, 100, period_end=FEBRUARY), of_nobody, of_part, item("RXY", None)]
    found = funnel_body(items, WAITING)
    assert [one["org"] for one in found["items"]] == ["RYY"]
    assert {one["org"]: one["reason"] for one in found["left_out"]} == {
        "RPA": "Its newest figure is of February 2025.",
        "RVV": "Nobody this is about.",
        "NQ7": "Part of the list is missing.",
        "RXY": NOT_SHOWN,
    }


def test_the_source_is_that_of_most_lists():
    assert source_of_most([LIST]) == LIST.source
    assert source_of_most([]) is None
