"""What the page of one warning says beside it."""

import pytest

from api.examples.breaches import BREACH
from api.pages.rendering import rendered


def page(**changes) -> str:
    """The page of a warning to somebody who may not take it."""
    said = {"title": "Breach warning", "service": "SALT", "source": "", "sentence": "", "due": (), "form": {}}
    shown = rendered("breach.html", None, one=BREACH | changes, wrong=(), is_taken=False, can_take=False, **said)
    return shown.decode()


@pytest.mark.parametrize("is_synthetic", [True, False])
def test_invented_figures_are_called_so_and_others_are_not(is_synthetic):
    assert ("Synthetic data." in page(synthetic=is_synthetic)) == is_synthetic
