"""What a reader can conclude from spans and sums, and from what it is worked out: worked numbers."""

from waitlists.suppression.rules import Span
from waitlists.suppression.spans import ANY, FAR, Spans

PARTS = (("a", 1), ("b", 1), ("all", -1))
BEYOND = (("all", 1), ("c", 1), ("top", -1))
GIVEN = {"a": Span(8, 12), "b": Span(1, 7), "c": ANY, "all": Span(13, 17), "top": ANY}


def found(spans: Spans) -> dict[str, Span]:
    return {name: spans.of_name(name) for name in GIVEN}


def test_spans_are_narrowed_until_nothing_moves():
    assert found(Spans.of(GIVEN, [PARTS, BEYOND])) == {**GIVEN, "top": Span(13, FAR), "c": Span(0, FAR - 13)}
    tight = {**GIVEN, "all": Span(18, 22), "top": Span(0, 20)}
    assert found(Spans.of(tight, [PARTS, BEYOND])) == {
        "a": Span(11, 12), "b": Span(6, 7), "c": Span(0, 2), "all": Span(18, 19), "top": Span(18, 20),
    }  # fmt: skip


def test_a_span_has_as_many_values_as_lie_in_it():
    spans = Spans.of(GIVEN, [])
    assert [spans.width(name) for name in ("a", "b", "all")] == [5, 7, 5]


def test_who_does_not_know_a_sum_concludes_nothing_from_it():
    tight = Spans.of({**GIVEN, "all": Span(18, 22)}, [PARTS, BEYOND])
    assert tight.of_name("b") == Span(6, 7)
    less = tight.copy()
    less.leave_out(0)
    assert (less.of_name("b"), less.of_name("top")) == (Span(1, 7), Span(18, FAR))
    less = tight.copy()
    less.leave_out(1)
    assert less.of_name("b") == Span(6, 7)
    assert tight.of_name("b") == Span(6, 7)


def test_a_span_rests_on_the_sums_that_it_was_worked_out_from():
    spans = Spans.of({**GIVEN, "top": Span(18, 20), "all": ANY, "c": Span(0, 0)}, [PARTS, BEYOND])
    assert spans.of_name("b") == Span(6, 7)
    assert spans.rests_on(["b"]) & 0b11 == 0b11
    assert spans.rests_on(["all"]) & 0b11 == 0b11
    assert spans.rests_on(["top"]) & 0b11 == 0b11
    assert spans.rests_on(["c"]) & 0b11 == 0
    assert spans.rests_on(["a", "c"]) & 0b11 == 0b11


def test_more_is_concluded_from_what_is_given_exactly_and_less_once_it_is_not():
    spans = Spans.of(GIVEN, [PARTS])
    spans.give({"a": Span(12, 12), "all": Span(13, 13)})
    assert spans.of_name("b") == Span(1, 1)
    spans.give({"a": GIVEN["a"]})
    assert found(spans) == {**GIVEN, "a": Span(8, 12), "b": Span(1, 5), "all": Span(13, 13)}
    spans.give({"all": GIVEN["all"]})
    assert found(spans) == GIVEN


def test_a_copy_is_narrowed_by_itself():
    spans = Spans.of(GIVEN, [PARTS])
    copy = spans.copy()
    copy.give({"b": Span(1, 1), "all": Span(13, 13)})
    assert (copy.of_name("a"), spans.of_name("a")) == (Span(12, 12), Span(8, 12))


def test_sums_that_contradict_one_another_come_to_an_end():
    given = {"all": Span(100, 100), "a": Span(1, 7), "b": Span(1, 7)}
    spans = Spans.of(given, [PARTS])
    assert {name: spans.of_name(name) for name in given} == given


def test_sums_that_close_in_by_one_at_a_time_are_left_off():
    given = {"a": ANY, "b": ANY, "one": Span(10**6, 10**6), "two": Span(10**6 + 1, 10**6 + 1)}
    spans = Spans.of(given, [(("one", 1), ("a", -1), ("b", -1)), (("two", 1), ("a", -1), ("b", -1))])
    left = spans.of_name("a")
    assert 0 < left.low <= left.high < 10**6
