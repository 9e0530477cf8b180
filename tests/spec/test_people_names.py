"""A column is one of people's names by what its cells look like; what places, teams and reasons are called is none."""

import random
import string
from collections.abc import Callable

import pytest

from waitlists.ingest.forenames import FORENAMES
from waitlists.ingest.people_names import FEWEST, FEWEST_KNOWN, MANY, are_names

COMMON = ["Olivia", "Noah", "Jack", "Mia", "Leo", "Freya"]
RARE = ["Kwame", "Zofia", "Aarav", "Chidi", "Ptolemy", "Saffron", "Dariusz", "Rainbow", "Anya", "Mateusz", "Oluwaseun"]
SURNAMES = [
    "Smith",
    "Patel",
    "O'Brien",
    "Smith-Hughes",
    "Nowak",
    "Ng",
    "Begum",
    "Adeyemi",
    "MacDonald",
    "Szczęsny",
    "Hill",
]
LETTERS = "abcdefghijklmnoprstuvwyz"


def people(shape: str, count: int, forenames: list[str]) -> list[str]:
    """Invented people, each written as in a shape of forename (f) and surname (s)."""
    rng = random.Random(7)
    return [shape.format(f=rng.choice(forenames), s=rng.choice(SURNAMES), i=rng.choice("ABJKLM")) for _ in range(count)]


def invented(count: int, words: int = 2) -> list[str]:
    """Words that nobody has for a name, of which none recurs."""
    rng = random.Random(11)
    return [" ".join("".join(rng.choices(LETTERS, k=7)).title() for _ in range(words)) for _ in range(count)]


@pytest.mark.parametrize(
    "shape",
    [
        "{f} {s}",
        "{s}, {f}",
        "{s} {f}",
        "{s},{f}",
        "{f} {i} {s}",
        "{s}, {f} (Miss)",
        "Master {f} {s}",
        " {f}-Rose {s} ",
    ],
)
@pytest.mark.parametrize("change", [str, str.upper, str.lower])
@pytest.mark.parametrize("count", [20, 200, 2_000])
def test_common_forenames_tell_names_in_every_spelling(shape: str, change: Callable[[str], str], count: int):
    cells = people(shape, count, COMMON + RARE)
    assert are_names(list(map(change, cells)), of_children=False)


TITLES = ["Mr", "mrs", "MS", "Miss", "Mstr", "Master", "Dr", "Prof", "Professor", "Mx", "Mr.", "Dr."]


@pytest.mark.parametrize("title", TITLES)
def test_every_title_is_one(title: str):
    assert are_names([f"{title} {name}" for name in ("Hill", "Ng", "Nowak", "Begum", "Patel")], of_children=False)


def test_forenames_alone_are_names():
    assert are_names(people("{f}", 200, COMMON + RARE), of_children=False)


@pytest.mark.parametrize("text", ["Dr {s}", "Mrs {s}", "Dr. {f} {s}", "Miss {f}", "PROF {s}"])
def test_titles_tell_names_however_often_they_recur(text: str):
    assert are_names(people(text, 500, RARE), of_children=False)


def test_clinicians_recur_and_are_names():
    assert are_names(["Susan Hill", "David Ng", "Tracey Nowak", "Ian Begum", "Karen Patel"] * 100, of_children=False)


def test_commas_tell_names_of_rare_forenames_where_both_parts_vary():
    cells = [f"{surname}, {forename}" for surname in SURNAMES for forename in RARE[:5]]
    assert are_names(cells, of_children=False)
    assert not are_names([f"{surname}, Thanet" for surname in invented(40, 1)], of_children=False)
    assert not are_names([f"{cell.lower()}" for cell in cells], of_children=False)
    assert not are_names(cells[: FEWEST - 1], of_children=False)


def test_words_that_hardly_recur_are_names_in_a_list_of_children_alone():
    cells = invented(MANY)
    assert are_names(cells, of_children=True)
    assert not are_names(cells, of_children=False)
    assert not are_names(cells[:-1], of_children=True)
    assert not are_names(cells[: MANY // 2] * 2, of_children=True)


def test_single_words_are_surnames_where_there_are_many():
    words = invented(2 * MANY, 1)
    assert are_names(words, of_children=True)
    assert are_names([*words, *words[:150]], of_children=True)
    assert not are_names(words[:-1], of_children=True)
    assert not are_names([*words, *["two words"] * 40], of_children=True)
    assert not are_names(words * 3, of_children=True)


STEMS = ["Hal", "Bar", "Win", "Ash", "Cal", "Pen", "Wes", "Nor", "Hol", "Tan", "Mar", "Lin", "Bra", "Stan", "Har", "Ro"]
ENDS = [
    "ham",
    "ton",
    "ley",
    "wick",
    "den",
    "ford",
    "er",
    "man",
    "son",
    "well",
    "by",
    "worth",
    "shaw",
    "field",
    "bridge",
]
SPOKEN = [stem + end for stem in STEMS for end in ENDS]
MANY_SPOKEN = [first + last for first in ("", "De", "Mac") for last in SPOKEN]


@pytest.mark.parametrize("change", [str.title, str.upper])
def test_surnames_alone_are_told_in_capitals_too(change: Callable[[str], str]):
    words = list(map(change, SPOKEN[: 2 * MANY]))
    assert are_names(words, of_children=True)
    assert not are_names(words, of_children=False)
    assert are_names(words * 2, of_children=True)
    assert not are_names(words[:-1] * 2, of_children=True), "they are too few"
    assert not are_names(words * 3, of_children=True), "they recur"


@pytest.mark.parametrize("change", [str.title, str.upper])
def test_so_many_surnames_may_recur(change: Callable[[str], str]):
    words = list(map(change, MANY_SPOKEN))
    assert are_names(words[:600] * 3, of_children=True)
    assert not are_names(words[:599] * 3, of_children=True)


def keys(shortest: int, longest: int, letters: str = string.ascii_uppercase) -> list[str]:
    rng = random.Random(5)
    return ["".join(rng.choices(letters, k=rng.randint(shortest, longest))) for _ in range(2_000)]


@pytest.mark.parametrize("lengths", [(2, 4), (2, 6), (3, 3), (3, 9), (5, 5), (5, 12), (8, 8)])
def test_keys_of_capital_letters_are_no_surnames(lengths: tuple[int, int]):
    assert not are_names(keys(*lengths), of_children=True)
    assert not are_names(keys(*lengths, letters="BAEIOUT"), of_children=True)


def test_codes_of_one_length_are_no_surnames():
    codes = [f"{a}{b}{c}{d}" for a in "BCDF" for b in "AEIOU" for c in "BCDF" for d in "AEIOU"][: 2 * MANY]
    assert not are_names(codes, of_children=True)
    assert not are_names([*codes, *(word.upper() for word in SPOKEN[: 2 * MANY - 60])], of_children=True)


@pytest.mark.parametrize("shape", ["{f}.{s}", "{f}_{s}", "{s}_{f}", "{i}.{f}_{s}"])
@pytest.mark.parametrize("change", [str, str.upper, str.lower])
def test_names_may_be_joined_by_dots_and_underscores(shape: str, change: Callable[[str], str]):
    assert are_names(list(map(change, people(shape, 200, COMMON + RARE))), of_children=False)


@pytest.mark.parametrize("shape", ["{i} {s}", "{i}. {s}", "{s} {i}", "{s}, {i}", "{i}.{s}", "A {s}"])
@pytest.mark.parametrize("change", [str, str.upper])
def test_initials_and_surnames_that_vary_are_names(shape: str, change: Callable[[str], str]):
    cells = [change(shape.format(i="ABCDEF"[n % 6], s=word)) for n, word in enumerate(SPOKEN[:60])]
    are_all_a = shape == "A {s}"
    assert are_names(cells, of_children=False) != are_all_a
    assert are_names([*cells, *cells[:60]], of_children=False) != are_all_a
    assert not are_names([*cells, *cells, *cells[:1]], of_children=False)
    assert not are_names(cells[: FEWEST - 1], of_children=False)


def test_a_thing_of_one_letter_is_no_initial():
    assert not are_names(
        [f"{word} {letter}" for word in ("Oak", "Elm", "Ash", "Yew") for letter in "ABCDEF"], of_children=False
    )
    assert not are_names([f"a {name}" for name in KNOWN], of_children=True)
    assert are_names([f"A {name}" for name in KNOWN], of_children=True)
    assert are_names([f"A. {name}" for name in KNOWN], of_children=True)
    assert not are_names([f"A Team {name}" for name in KNOWN], of_children=True)


def test_codes_without_a_vowel_are_no_surnames():
    letters = "BCDFGHJKLM"
    pairs, triples = [a + b for a in letters for b in letters], [a + b + "T" for a in letters for b in letters]
    assert not are_names([*pairs, *triples], of_children=True)


CALLED_AFTER = ["Simon Langton", "Robert Napier", "Thomas Aveling", "Charles Dickens", "Hugh Christie", "Roger Manwood"]
OTHER_SCHOOLS = [
    "Fort Pitt",
    "Leigh Academy",
    "Judd",
    "The Abbey",
    "Homewood",
    "Angley",
    "Hillview",
    "Skinners",
    "Towers",
]


@pytest.mark.parametrize("rows", [15, 20, 60, 400, 2_000])
def test_schools_called_after_people_are_none(rows: int):
    schools = [*CALLED_AFTER, *OTHER_SCHOOLS]
    assert not are_names([schools[n % len(schools)] for n in range(rows)], of_children=True)


@pytest.mark.parametrize("rows", [15, 60, 400])
@pytest.mark.parametrize("other", ["", "Duty worker"])
def test_as_many_clinicians_are_people(rows: int, other: str):
    rare = ["Priya Shah", "Chidi Okafor", "Zofia Nowak", "Anya Begum", "Olu Adeyemi", "Wei Chen"]
    people = [*rare, "Susan Hill", "David Ng", "Karen Patel", "Emma Jones", "Paul Green", "Claire Marsh"]
    cells = [other if other and n % 5 == 4 else people[n % len(people)] for n in range(rows)]
    assert are_names(cells, of_children=False)


def test_a_hundred_rows_that_vary_need_no_more_than_some_forenames():
    cells = [*(f"{name} {word}" for name in COMMON for word in SPOKEN[:5]), *SPOKEN[:45], *["not known"] * 25]
    assert len(cells) == MANY
    assert are_names(cells, of_children=False)
    assert not are_names(cells[:-1], of_children=False)


def test_a_few_names_are_told_by_their_forenames():
    names = ["Olivia Hill", "Noah Ng", "Jack Begum", "Mia Nowak", "Leo Patel"]
    assert len(names) == FEWEST_KNOWN
    assert are_names(names, of_children=True)
    assert are_names(names[:3] * 9, of_children=False)
    others = invented(10)
    assert are_names([*names[:3], *others], of_children=False)
    assert not are_names(names[:1] + others, of_children=False)
    assert not are_names([*names[:3], *others] * 2, of_children=False), "they recur"
    assert not are_names([*names[:2], *others[:7]], of_children=False), "they are too few"


def test_half_of_the_cells_have_to_be_names():
    names = people("{f} {s}", 50, COMMON)
    assert are_names([*names, *["not known"] * 50], of_children=True)
    assert not are_names([*names, *["not known"] * 51], of_children=True)


NO_NAMES = {
    "teams": "Thanet Team|Ashford ND Team|East Kent|West Kent Hub|Swale|Canterbury CAMHS|SPA|Willow|Oak|Maple"
    "|Duty Team",
    "clinics": "Folkestone Clinic|Gateway Centre|Eric Thomas House|Laurel House|Kent House|Foxglove Ward"
    "|Seahorse Suite",
    "sites": "Preston Hall|Darent Valley|William Harvey|Queen Elizabeth|Buckland|Royal Victoria|Mary Sheridan"
    "|Maidstone",
    "consultant codes": "C1234567|C7654321|D0001234|C3344556|C9988776",
    "practices": "Sydenham House Medical Group|Newton Place Surgery|Dr James & Partners|Park Surgery|Manor Road"
    "|Chestfield",
    "reasons": "Parent request|Parent Request|School Request|Seen today|Family Choice|No Show|Moved Away"
    "|Staff Sickness",
    "schools": "St Mary's Primary|Simon Langton|Dane Court Grammar|Charles Dickens School|Robert Napier|Oakwood Park"
    "|Judd|The Abbey|Sir Roger Manwood's|Thomas Aveling|Archbishop Courtenay|Swadelands|Homewood|Angley"
    "|Hillview|Skinners",
    "ethnicity": "White British|White Irish|Any other White background|Mixed White and Black Caribbean|Indian"
    "|Not Stated",
    "languages": "English|Polish|British Sign Language|Nepali|Punjabi|Romanian|Ukrainian|Kurdish Sorani",
    "districts": "Tunbridge Wells|Tonbridge and Malling|Folkestone and Hythe|Ashford|Dover|Swale|Thanet|Medway",
    "towns": "Tunbridge Wells|Herne Bay|Isle of Sheppey|Paddock Wood|West Malling|New Romney|Deal|Margate"
    "|Whitstable|Hythe",
    "wards": "Park Wood|Cage Green|Kings Hill|Borough Green|Milton Regis|Central Harbour|Higham Wood|Dane Valley"
    "|Beacon Hill|Temple Ewell|Aycliffe Rise|Stour Valley|Bybrook Rise|Furley Green|Singleton Oak"
    "|Romney Marsh|Sandgate Bay",
    "diagnoses": "Autism Spectrum Disorder|Anxiety|Low Mood|Tourette Syndrome|Down Syndrome|Cerebral Palsy"
    "|Cleft Palate",
    "equipment": "Manual Wheelchair|Powered Chair|Buggy Major|Quickie Helium|Invacare Action|Kimba Neo|Jay Cushion",
    "roles": "Speech Therapist|Band Six|Clinical Psychologist|Team Lead|Specialist Nurse|Registrar|Health Visitor",
    "funders": "Kent CC|Medway Council|NHS Kent and Medway|Spot Purchase|Own Funds",
    "statuses": "On Hold|Open|Closed|Awaiting Triage|Accepted|Rejected|Passed On",
    "sentences": "Spoke to mum, will ring back on Monday about the letter that never came|Left a message|Jack was seen"
    "Spoke to mum, will ring back on Monday about the letter that never came|Left a message|Jack was seen",
    "keys": "XKQJZVBN|PLMWSTRD|QQZXCVBN|ABCDEFGH|NBVCXZLK|a3f09c41|7b2-99c",
    "kinds of contact": "Face to Face|Telephone|Video Call|Letter Sent|Text Message|Home Visit",
}  # fmt: skip


@pytest.mark.parametrize("kind", NO_NAMES)
@pytest.mark.parametrize("times", [1, 3, 40])
def test_what_places_teams_and_reasons_are_called_is_nobodys_name(kind: str, times: int):
    assert not are_names(NO_NAMES[kind].split("|") * times, of_children=True)


def test_every_forename_is_one_word_of_small_letters():
    assert all(name.isalpha() and name.islower() for name in FORENAMES)


def test_a_text_longer_than_any_name_is_none():
    assert not are_names([f"Olivia {'a' * 60} {n}" for n in "abcdefghijklm"], of_children=True)


OTHERS = invented(240)
KNOWN = ["Olivia Hill", "Noah Ng", "Jack Begum", "Mia Nowak", "Leo Patel", "Freya Hill"]

EDGES = {
    "a quarter hold a forename": ([*KNOWN[:5], *OTHERS[:1] * 15], True),
    "fewer than a quarter do": ([*KNOWN[:5], *OTHERS[:1] * 16], False),
    "three in five are one of three names": ([*KNOWN[:3], *OTHERS[:1] * 2], True),
    "fewer than three in five are": ([*KNOWN[:3] * 2, *OTHERS[:1] * 5], False),
    "they are two names": (KNOWN[:2] * 9, False),
    "they are four forenames": (["Olivia", "Noah", "Jack", "Mia"] * 9, False),
    "a quarter do, of four names": ([*KNOWN[:4], *OTHERS[:1] * 12], False),
    "a fifth of ten that vary do": ([*KNOWN[:2], *OTHERS[:8]], True),
    "fewer than a fifth do": ([*KNOWN[:2], *OTHERS[:9]], False),
    "it is one name": ([*KNOWN[:1] * 3, *OTHERS[:12]], False),
    "three in five vary": ([*KNOWN[:2] * 2, *OTHERS[:10], *OTHERS[:6]], True),
    "fewer vary": ([*KNOWN[:2] * 3, *OTHERS[:10], *OTHERS[:8]], False),
    "half have a title": ([f"Dr {name}" for name in SURNAMES[:5]] + OTHERS[:5], True),
    "fewer than half have one": ([f"Dr {name}" for name in SURNAMES[:5]] + OTHERS[:6], False),
    "four have one": ([f"Dr {name}" for name in SURNAMES[:4]], False),
    "a title alone": (["Dr", "Mr", "Miss", "Mrs", "Prof", "Ms"], False),
    "the last of ten vary": ([f"{SURNAMES[n]}, {RARE[n % 5]}" for n in range(10)], True),
    "four last parts do not": ([f"{SURNAMES[n]}, {RARE[n % 4]}" for n in range(10)], False),
    "a first part that does not": ([f"Thanet, {word}" for word in invented(40, 1)], False),
    "six last parts of 120": ([f"{word}, {RARE[n % 6]}" for n, word in enumerate(invented(120, 1))], True),
    "five last parts of 120": ([f"{word}, {RARE[n % 5]}" for n, word in enumerate(invented(120, 1))], False),
    "a small letter at the end": ([f"{SURNAMES[n]}, {RARE[n].lower()}" for n in range(11)], False),
    "commas in half": ([f"{SURNAMES[n]}, {RARE[n]}" for n in range(10)] + OTHERS[:10], True),
    "commas in fewer": ([f"{SURNAMES[n]}, {RARE[n]}" for n in range(10)] + OTHERS[:11], False),
    "commas, three in five vary": (
        [f"{SURNAMES[n % 9]}, {RARE[n % 9]}" for n in range(15)][:14] + ["Ng, Anya"] * 2,
        True,
    ),
    "commas that recur": ([f"{SURNAMES[n % 10]}, {RARE[n % 10]}" for n in range(17)], False),
    "four words": ([f"{name.replace(' ', ' Anna Maria ')}" for name in KNOWN], True),
    "five words": ([f"{name.replace(' ', ' Anna Maria Jane ')}" for name in KNOWN], False),
    "a figure": ([f"{name} 2" for name in KNOWN], False),
    "dots and a comma at the end": ([f"Dr. {name.replace(' ', ' J. ')}," for name in KNOWN], True),
    "four in five are of two words": ([*KNOWN[:5], *OTHERS[:1] * 11, *["Judd"] * 4], True),
    "fewer are": ([*KNOWN[:5], *OTHERS[:1] * 10, *["Judd"] * 5], False),
    "four in five names hold a forename": ([*KNOWN[:5], *KNOWN[:3], *["Judd"] * 2, *["2"] * 6], True),
    "fewer of them do": ([*KNOWN[:5], *KNOWN[:3], *["Judd"] * 3, *["2"] * 5], False),
    "a saint": ([f"St. {name}" for name in KNOWN], False),
}


@pytest.mark.parametrize("edge", EDGES)
def test_the_limits_of_what_tells_names_anywhere(edge: str):
    cells, are_told = EDGES[edge]
    assert are_names(cells, of_children=False) == are_told


@pytest.mark.parametrize(
    ("cells", "are_told"),
    [
        ([*OTHERS[:50], *invented(50, 1)], True),
        ([*OTHERS[:49], *invented(51, 1)], False),
        ([*OTHERS[:90], *OTHERS[:10]], True),
        ([*OTHERS[:89], *OTHERS[:11]], False),
        ([*invented(200, 1), *["two words"] * 22], True),
        ([*invented(200, 1), *["two words"] * 23], False),
        ([*invented(200, 1)] * 2, True),
        ([*invented(200, 1) * 2, *["not known"] * 3], False),
    ],
)
def test_the_limits_of_what_tells_names_of_children(cells: list[str], are_told: bool):
    assert are_names(cells, of_children=True) == are_told
