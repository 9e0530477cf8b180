"""Answers are kept by everything they depend on, up to a number of bytes."""

import pytest

from api.cache import ByteCache, Stored, etag, is_any, is_match


def stored(size: int) -> Stored:
    return Stored(b"x" * size, "application/json")


def test_an_answer_comes_back_under_its_tag_and_no_other():
    cache = ByteCache()
    cache.put('"a"', stored(3))
    assert cache.get('"a"') == stored(3)
    assert cache.get('"b"') is None


def test_the_answers_not_asked_for_longest_make_room():
    cache = ByteCache(max_bytes=10)
    for tag in ("a", "b"):
        cache.put(tag, stored(4))
    cache.get("a")
    cache.put("c", stored(4))
    assert [tag for tag in "abc" if cache.get(tag)] == ["a", "c"]


def test_an_answer_larger_than_the_cache_is_not_kept():
    cache = ByteCache(max_bytes=10)
    cache.put("a", stored(11))
    assert cache.get("a") is None


def test_an_answer_put_twice_counts_once():
    cache = ByteCache(max_bytes=10)
    for _ in range(5):
        cache.put("a", stored(6))
    cache.put("b", stored(4))
    assert cache.get("a")
    assert cache.get("b")


def test_every_part_of_the_question_changes_the_tag():
    parts = [1, "commissioner", "/v1/services", "limit=1", "application/json", "2025-06-02"]
    tags = {etag(*parts)} | {etag(*parts[:n], "other", *parts[n + 1 :]) for n in range(len(parts))}
    assert len(tags) == len(parts) + 1


def test_parts_do_not_run_together():
    assert etag("ab", "c") != etag("a", "bc")


@pytest.mark.parametrize(
    ("held", "expected"),
    [(None, False), ('"a"', True), ('"b", W/"a"', True), ("*", False), ('"b"', False), ("", False), ("a", False)],
)
def test_what_the_caller_holds_is_compared_by_tag(held, expected):
    assert is_match(held, '"a"') is expected


@pytest.mark.parametrize(("held", "expected"), [(None, False), ("*", True), (' "b", *', True), ('"b"', False)])
def test_any_answer_at_all_is_asked_for_by_a_star(held, expected):
    assert is_any(held) is expected
