"""Sentences say the number, the day and every reason for care, and never that anything improved."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from api import words
from waitlists.domain import Coverage, Finding, MissingProvider, Severity
from waitlists.organisations import find_organisation
from waitlists.services import SERVICES, find_service

MARCH, MAY = date(2025, 3, 31), date(2025, 5, 31)
WHOLE = Coverage("COMM_PAEDS", "QKS", 1.0)
NQ7 = MissingProvider("NQ7", date(2024, 10, 31), 3921)


def sentence(service="SALT", *, size: int | None = 1651, coverage=WHOLE, findings=(), latest=MARCH, synthetic=False):
    return words.list_sentence(
        service=find_service(service),
        organisation=find_organisation("QKS"),
        size=size,
        period_end=MARCH,
        as_of=MAY,
        coverage=coverage,
        findings=findings,
        latest_period=latest,
        is_synthetic=synthetic,
    )


def found(code: str) -> Finding:
    return Finding(code, Severity.WARNING, f"This is {code}.", MARCH, MAY)


def test_a_whole_list_is_said_in_one_sentence():
    assert sentence() == (
        "Speech and language therapy for children, NHS Kent and Medway Integrated Care Board:"
        " 1,651 waiting at the end of March 2025, as known on 31 May 2025."
    )


def test_a_proxy_is_called_a_proxy():
    assert "proxy" in sentence("COMM_PAEDS")


def test_a_missing_provider_is_named_and_no_sign_that_fewer_wait():
    said = sentence(size=5064, coverage=Coverage("COMM_PAEDS", "QKS", 0.56, (NQ7,)))
    assert "no sign that fewer wait" in said
    assert "Medway Community Healthcare (last known 3,921 in October 2024) sent no figures" in said
    assert "it would be 8,985" in said


def test_several_missing_providers_are_all_named():
    ryy, nobody = MissingProvider("RYY", MARCH, 10), MissingProvider("NAME:x", MARCH, 1)
    said = words.coverage_sentence(Coverage("SALT", "QKS", 0.1, (NQ7, ryy, nobody)), 5)
    assert "October 2024), Kent Community Health NHS Foundation Trust" in said
    assert "and NAME:x (last known 1 in March 2025)" in said


def test_a_suppressed_list_is_not_zero_and_nothing_is_added_to_it():
    said = sentence(size=None, coverage=Coverage("SALT", "QKS", 0.5, (NQ7,)))
    assert "a number not shown (suppressed) waiting" in said
    assert "would be" not in said


def test_what_would_mislead_stands_in_the_sentence_once_and_the_rest_beside_it():
    said = sentence(findings=(found("copied_number"), found("copied_number"), found("step")))
    assert said.count("This is copied_number.") == 1
    assert "This is step." not in said


def test_a_list_that_fell_silent_says_so():
    assert "No figure was sent for April 2025; this is the last one known." in sentence(latest=date(2025, 4, 30))
    assert "last one known" not in sentence(latest=None)


def test_invented_figures_say_so():
    assert sentence(synthetic=True).endswith(words.SYNTHETIC)


def test_no_figure_is_said_with_what_is_known_of_it():
    said = words.nothing_published(find_service("ADHD"), find_organisation("QKS"), MAY)
    assert said.startswith("No published figure: ADHD assessment, NHS Kent and Medway")
    assert "Published for England only" in said
    assert "COMM_PAEDS is shown as a proxy." in said
    own = words.nothing_published(find_service("WHEELCHAIR"), find_organisation("QKS"), MAY)
    assert "Kent and Medway reports no such line" in own
    assert "WHEELCHAIR is shown" not in own


def test_a_series_counts_its_figures_and_its_gaps():
    def said(present, steps):
        return words.series_sentence(
            find_service("SALT"), find_organisation("QKS"), present=present, steps=steps, measure="list_size", as_of=MAY
        )

    assert "list size, 3 figures and 2 without one, as known on 31 May 2025." in said(3, 5)
    assert "list size, 1 figure, as known" in said(1, 1)


def test_a_forecast_is_a_range_with_how_often_such_ranges_held():
    def said(held, service="SALT"):
        return words.forecast_sentence(
            find_service(service),
            find_organisation("QKS"),
            low=1580.4,
            high=1709.6,
            on=date(2025, 9, 30),
            held=held,
            number=24,
        )

    assert "likely between 1,580 and 1,710 by 30 September 2025 (8 in 10)." in said(None)
    assert "In the back-test 79% of 24 such ranges held." in said(0.79)
    assert "proxy" in said(0.79, "COMM_PAEDS")
    assert " will " not in said(0.79)


@given(st.sampled_from(sorted(SERVICES)), st.integers(0, 10**6), st.floats(0, 1), st.booleans())
def test_no_sentence_says_that_anything_improved(service, size, share, synthetic):
    said = sentence(service, size=size, coverage=Coverage(service, "QKS", share, (NQ7,)), synthetic=synthetic)
    assert not any(word in said.lower() for word in ("improve", "better", "fell", "progress", "down"))
