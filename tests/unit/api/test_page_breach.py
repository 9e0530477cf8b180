"""What the page of one warning says beside it."""

import pytest

from api.examples.breaches import BREACH
from api.pages.breaches import how_much
from api.pages.rendering import rendered
from forecasting.warnings.severity import MEANS
from forecasting.warnings.warning import SEVERITIES


def page(**changes) -> str:
    """The page of a warning to somebody who may not take it."""
    said = {"title": "Breach warning", "service": "SALT", "source": "", "sentence": "", "due": (), "form": {}}
    said["matters"] = how_much(changes.get("severity", "low"))
    shown = rendered("breach.html", None, one=BREACH | changes, wrong=(), is_taken=False, can_take=False, **said)
    return shown.decode()


@pytest.mark.parametrize("is_synthetic", [True, False])
def test_invented_figures_are_called_so_and_others_are_not(is_synthetic):
    assert ("Synthetic data." in page(synthetic=is_synthetic)) == is_synthetic


@pytest.mark.parametrize("severity", SEVERITIES)
def test_a_severity_says_what_it_means(severity):
    assert f"<p>Severity: {severity}, which means that {MEANS[severity]}.</p>" in page(severity=severity)


def test_of_a_hidden_severity_nothing_is_said():
    assert "Severity" not in page(severity=None)
