"""What is remembered of how spans were narrowed changes nothing: they are what narrowing from the beginning gives."""

from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from waitlists.suppression.rules import Span
from waitlists.suppression.spans import ANY, Equation, Spans

NAMES = "abcdefgh"

Given = tuple[dict[str, Span], list[Equation], dict[str, int]]


@st.composite
def systems(draw: st.DrawFn) -> Given:
    """Numbers, sums that hold for them, and a span around each number."""
    truth = {name: draw(st.integers(0, 40)) for name in NAMES}
    equations: list[Equation] = []
    for place in range(draw(st.integers(1, 7))):
        names = draw(st.lists(st.sampled_from(sorted(truth)), min_size=1, max_size=4, unique=True))
        equation = [(name, draw(st.sampled_from((1, 1, -1)))) for name in names]
        value = sum(sign * truth[name] for name, sign in equation)
        total = f"sum {place}"
        truth[total] = abs(value)
        equations.append((*equation, (total, -1 if value >= 0 else 1)))
    return {name: draw(around(count)) for name, count in truth.items()}, equations, truth


def around(count: int) -> st.SearchStrategy[Span]:
    known = st.builds(Span, st.integers(max(count - 5, 0), count), st.integers(count, count + 5))
    return st.one_of(known, known, st.just(ANY), st.just(Span(count, count)))


def narrowed(spans: Mapping[str, Span], equations: Sequence[Equation]) -> dict[str, Span]:
    """The same from the beginning: every member by all others, over and over."""
    left, before = dict(spans), None
    while left != before:
        before = dict(left)
        for equation in equations:
            for name, sign in equation:
                others = [(left[one], side) for one, side in equation if one != name]
                ends = [(span.low, span.high) if side > 0 else (-span.high, -span.low) for span, side in others]
                low, high = -sum(end for _, end in ends), -sum(end for end, _ in ends)
                low, high = (low, high) if sign > 0 else (-high, -low)
                left[name] = Span(max(left[name].low, low), min(left[name].high, high))
    return left


def found(spans: Spans, names: Mapping[str, Span]) -> dict[str, Span]:
    return {name: spans.of_name(name) for name in names}


@given(systems())
def test_spans_are_as_narrow_as_sums_make_them_and_hold_the_truth(system: Given) -> None:
    spans, equations, truth = system
    left = found(Spans.of(spans, equations), spans)
    assert left == narrowed(spans, equations)
    assert all(left[name].low <= count <= left[name].high for name, count in truth.items())


@given(systems(), st.data())
def test_without_a_sum_spans_are_those_of_the_other_sums(system: Given, data: st.DataObject) -> None:
    spans, equations, _ = system
    place = data.draw(st.integers(0, len(equations) - 1))
    without = Spans.of(spans, equations)
    without.leave_out(place)
    assert found(without, spans) == narrowed(spans, [*equations[:place], *equations[place + 1 :]])


@given(systems(), st.data())
def test_what_does_not_rest_on_a_sum_stays_without_it(system: Given, data: st.DataObject) -> None:
    spans, equations, _ = system
    whole = Spans.of(spans, equations)
    place = data.draw(st.integers(0, len(equations) - 1))
    name = data.draw(st.sampled_from(sorted(spans)))
    without = whole.copy()
    without.leave_out(place)
    assert whole.rests_on([name]) >> place & 1 or without.of_name(name) == whole.of_name(name)


@given(systems(), st.data())
def test_other_given_spans_lead_to_what_they_would_have_led_to_at_once(system: Given, data: st.DataObject) -> None:
    spans, equations, truth = system
    changing = Spans.of(spans, equations)
    for _ in range(3):
        names = data.draw(st.lists(st.sampled_from(sorted(spans)), unique=True))
        more = {name: data.draw(around(truth[name])) for name in names}
        changing.give(more)
        spans = {**spans, **more}
        assert found(changing, spans) == narrowed(spans, equations)
