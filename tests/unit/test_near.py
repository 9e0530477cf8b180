import pytest

from waitlists.near import LIMIT, near_codes

REGISTER = {
    "SALT": "Speech and language therapy for children",
    "ADULT_SALT": "Speech and language therapy for adults",
    "EHC": "Education, health and care plans",
    "WHEELCHAIR": "Wheelchairs for children",
}


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("salt", ("SALT",)),
        (" SALT ", ("SALT",)),
        ("SATL", ("SALT",)),
        ("speech", ("SALT", "ADULT_SALT")),
        ("spech", ("SALT", "ADULT_SALT")),  # a word that is nearly the one asked for
        ("and language", ("SALT", "ADULT_SALT")),
        ("EDUCATION", ("EHC",)),  # the comma after the word does not count
        ("wheelchair", ("WHEELCHAIR",)),
        ("adults", ("ADULT_SALT",)),
        ("zzz", ()),
        ("an", ()),  # too short to say anything
        ("", ()),
    ],
)
def test_near_codes(asked: str, near: tuple[str, ...]) -> None:
    assert near_codes(asked, REGISTER) == near


def test_codes_spelt_alike_come_before_codes_named_alike_and_none_twice() -> None:
    assert near_codes("plan", {"X": "plan", "PLAN": "a plan", "PLANE": "flight"}) == ("PLAN", "PLANE", "X")


def test_three_letters_are_enough_for_a_name() -> None:
    assert near_codes("ear", {"X": "ear, nose and throat"}) == ("X",)


def test_at_most_five_are_named() -> None:
    assert len(near_codes("list", {f"C{n}": "a list" for n in range(9)})) == LIMIT == 5
