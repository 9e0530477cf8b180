"""Scottish CAMHS: the four real files, qualifiers, joined boards, months out of order."""

from datetime import date
from pathlib import Path

import pytest

from tests.conftest import shared
from tests.published_files import table, unpacked, values
from waitlists.domain import Level
from waitlists.errors import FileRefused
from waitlists.ingest import SOURCES, delimited, recognise
from waitlists.ingest.phs_camhs import COLLECTIONS, SCOTLAND

JUNE = date(2023, 6, 30)
WAITING, SEEN, REFERRALS, MISSED = COLLECTIONS
HEADER = ("HB", "Month", "ReferralsAccepted", "ReferralsAcceptedQF", "ReferralsReceived", "ReferralsReceivedQF")


@pytest.fixture(scope="module")
def folder() -> Path:
    return shared("data/phs-camhs")


def referrals(*rows: tuple[object, ...]):
    return REFERRALS.parse(table(HEADER, rows))


@pytest.mark.parametrize(
    ("name", "source", "months", "scotland"),
    [
        (
            "camhs-adjusted-patients-waiting",
            "phs_camhs",
            132,
            {"waiting": 6667, "weeks_0_18": 5277, "weeks_19_35": 941, "weeks_36_52": 225, "over_52_weeks": 224},
        ),
        (
            "camhs-adjusted-patients-seen",
            "phs_camhs_seen",
            132,
            {
                "treated": 1802,
                "seen_weeks_0_18": 1387,
                "seen_weeks_19_35": 271,
                "seen_weeks_36_52": 76,
                "seen_over_52_weeks": 68,
                "seen_median_weeks": 10,
                "seen_p90_weeks": 32,
            },
        ),
        ("camhs-referrals", "phs_camhs_referrals", 132, {"referrals": 2642, "referrals_received": 3515}),
        (
            "camhs-didnotattends",
            "phs_camhs_missed",
            102,
            {"first_appointments": 2226, "not_brought": 341, "appointments": 2567},
        ),
    ],
)
def test_a_real_file_gives_every_month(folder: Path, name: str, source: str, months: int, scotland: dict[str, int]):
    book = delimited.read(unpacked(folder / f"{name}.csv"))
    found = recognise(book, name=None)
    delivery = found.parse(book)
    assert (found.name, found.freq, delivery.period_end, len(delivery.vintages)) == (source, "M", JUNE, months)
    assert values(delivery, SCOTLAND) == scotland
    assert delivery.counts["quarantined"] == 0
    assert [vintage.period_end for vintage in delivery.vintages] == sorted(v.period_end for v in delivery.vintages)
    levels = {organisation.name: organisation.level for organisation in delivery.organisations}
    assert (levels["Scotland"], levels["NHS Fife"]) == (Level.REGION, Level.ICB)


def test_boards_that_changed_their_code_go_on_under_the_new_one(folder: Path):
    delivery = WAITING.parse(delimited.read(unpacked(folder / "camhs-adjusted-patients-waiting.csv")))
    fife = [v.period_end for v in delivery.vintages for f in v.figures if (f.org, f.kind) == ("S08000029", "waiting")]
    assert len(fife) == 132
    assert "S08000018" not in {figure.org for vintage in delivery.vintages for figure in vintage.figures}


def test_what_the_publisher_marks_is_said_once_a_board():
    delivery = referrals(
        ("S08000016", 202306, 5, "d u", 9, "u"),
        ("S08000016", "202305 ", 6, " u ", 8, ""),
        ("S08000016", 202304, 6, "r", 8, ""),
    )
    said = {finding.code: finding.sentence for finding in delivery.findings}
    assert said == {
        "derived": "The publisher marks figures of NHS Borders as derived in June 2023.",
        "low_reliability": "The publisher marks figures of NHS Borders as of low reliability in 2 months up to June "
        "2023.",
    }


def test_not_available_is_not_there_and_confidential_is_kept_back():
    delivery = referrals(("S08000016", 202306, "", ":", 9, "c"), ("S08000019", 202306, 3, "", "", "z"))
    assert values(delivery, "S08000016") == {"referrals_received": None}
    assert values(delivery, "S08000019") == {"referrals": 3}
    assert (delivery.counts["not_submitted"], delivery.counts["suppressed"]) == (2, 1)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("X1", 202306, 1, "", 1, ""), "cell A2: expected the code of a Scottish health board"),
        (("S08000016", 202313, 1, "", 1, ""), "cell B2: expected a month"),
    ],
)
def test_a_board_or_month_that_is_none_refuses_the_file(row: tuple[object, ...], words: str):
    with pytest.raises(FileRefused, match=words) as refused:
        referrals(row)
    assert refused.value.code == "CONTRACT"


def test_each_file_is_recognised_as_itself_alone():
    book = table(HEADER, [("S08000016", 202306, 1, "", 1, "")])
    assert [part.recognises(book) for part in COLLECTIONS] == [False, False, True, False]
    with pytest.raises(FileRefused, match="expected the columns"):
        WAITING.parse(book)
    assert {part.source for part in COLLECTIONS} <= SOURCES.keys()
    assert max(len(kind) for part in COLLECTIONS for kind in part.kinds.values()) <= 20
