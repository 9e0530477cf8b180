"""Which model's forecast is published: the last value, unless another was better on the same past targets of the list.

Section (h3) 3 and 4 of docs/methods.md. Nothing is fitted here and no number of a forecast is changed.
"""

from collections.abc import Mapping

import numpy as np

from forecasting.results import Score
from forecasting.scores import geometric_mean_ratio

NAIVE = "naive"

FEWEST_TARGETS = 6
"""Past targets needed before another model than the last value is trusted."""

MUST_BEAT = 0.97
"""A model replaces the last value only where it is 3% better: smaller gains come and go by chance."""

GATE = 0.99
GATE_TASKS = 20
"""A gated model joins where its pooled score is 1% better than what the others give, over this many targets."""


def choose(scores: Mapping[str, Score]) -> str:
    """The name of the model to publish, from scores on identical targets; the last value wins what is nearly a tie.

    Notes
    -----
    Drawing a list's own ratio towards that of its sister lists was tried on four public sets and was no better on any.
    """
    naive = scores.get(NAIVE)
    if naive is None or naive.n < FEWEST_TARGETS:
        return NAIVE
    better = {
        name: score.wis
        for name, score in scores.items()
        if name != NAIVE and score.n == naive.n and score.wis < MUST_BEAT * naive.wis
    }
    return min(better, key=lambda name: (better[name], name), default=NAIVE)


def passes_gate(scores: Mapping[int, Mapping[str, Score]], model: str, *, gated: frozenset[str]) -> bool:
    """Whether a gated model may compete at all: pooled over series, it beats what would be published without it.

    Parameters
    ----------
    scores
        By series and model, on identical targets within a series.
    gated
        Names of all gated models: none of them stands in what would be published without.
    """
    pairs = [(of[model], _without(of, gated)) for of in scores.values() if model in of and NAIVE in of]
    if sum(ours.n for ours, _ in pairs) < GATE_TASKS:
        return False
    ratio = geometric_mean_ratio(np.array([ours.wis for ours, _ in pairs]), np.array([best.wis for _, best in pairs]))
    return ratio < GATE


def _without(scores: Mapping[str, Score], gated: frozenset[str]) -> Score:
    others = {name: score for name, score in scores.items() if name not in gated}
    return others[choose(others)]


def reason_for_naive(scores: Mapping[str, Score], *, values: int, failure: str | None) -> str:
    """One sentence: why the last value is what is published."""
    if failure is not None:
        return f"The last value is used because {failure}."
    naive = scores.get(NAIVE)
    if naive is None or naive.n < FEWEST_TARGETS:
        targets = naive.n if naive else 0
        return (
            f"The last value is used: {values} figures without a long gap and {targets} past targets are too few"
            " to choose a model by."
        )
    others = sorted(name for name in scores if name != NAIVE)
    if not others:
        return "The last value is used: no other model could be fitted."
    return f"The last value is used: over {naive.n} past targets {' and '.join(others)} did not do better by 3%."
