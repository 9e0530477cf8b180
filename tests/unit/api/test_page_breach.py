"""What the page of one warning says beside it."""

import pytest

from api.examples.breaches import BREACH
from api.pages.breaches import how_much
from api.pages.rendering import rendered
from api.problems import FieldError
from forecasting.warnings.severity import MEANS
from forecasting.warnings.warning import SEVERITIES


def page(*, wrong=(), **changes) -> str:
    """The page of a warning to somebody who may not take it, but where something is wrong with their form."""
    said = {
        "title": "Breach warning",
        "service": "SALT",
        "source": "",
        "sentence": "",
        "due": (),
        "form": dict.fromkeys(("once", "reason", "until", "least", "most"), ""),
    }
    said["matters"] = how_much(changes.get("severity", "low"))
    shown = rendered(
        "breach.html", None, one=BREACH | changes, wrong=wrong, is_taken=False, can_take=bool(wrong), **said
    )
    return shown.decode()


@pytest.mark.parametrize("is_synthetic", [True, False])
def test_invented_figures_are_called_so_and_others_are_not(is_synthetic):
    assert ("Synthetic data." in page(synthetic=is_synthetic)) == is_synthetic


@pytest.mark.parametrize("severity", SEVERITIES)
def test_a_severity_says_what_it_means(severity):
    assert f"<p>Severity: {severity}, which means that {MEANS[severity]}.</p>" in page(severity=severity)


def test_of_a_hidden_severity_nothing_is_said():
    assert "Severity" not in page(severity=None)


@pytest.mark.parametrize("name", ["reason", "until"])
def test_what_is_wrong_stands_at_its_field_and_is_named_by_it(name):
    text = page(wrong=[FieldError(name, "Say it.")])
    assert f'<a href="#{name}">Say it.</a>' in text
    assert f'<span class="nhsuk-error-message" id="{name}-error">' in text
    assert f'aria-describedby="{name}-hint {name}-error"' in text
    assert text.count("nhsuk-error-message") == 1
