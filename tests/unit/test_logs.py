import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from waitlists import logs, masks

CANARY = "9434765919"


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def written(form: str = "json", level: str = "info") -> io.StringIO:
    stream = io.StringIO()
    logs.configure(level=level, form=form, stream=stream)
    return stream


def test_a_line_carries_its_event_word_counts_level_and_utc_time():
    stream = written()
    logs.logger().info("ingest.parsed", source="chs_sitrep", rows=912, ratio=0.5, late=None, whole=True)
    line = json.loads(stream.getvalue())
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "ingest.parsed", "level": "info", "source": "chs_sitrep", "rows": 912, "ratio": 0.5, "late": None,
        "whole": True,
    }  # fmt: skip


def test_on_a_console_the_same_line_is_key_and_value():
    stream = written("console")
    logs.logger().warning("load.refused", code="EMPTY")
    assert "level=warning event=load.refused code=EMPTY" in stream.getvalue()


def test_lines_below_the_level_are_not_written():
    stream = written(level="warning")
    logs.logger().info("ingest.parsed")
    assert stream.getvalue() == ""


def test_without_a_stream_lines_go_to_standard_error(capsys: pytest.CaptureFixture[str]):
    logs.configure(level="info", form="json")
    logs.logger().info("run.started")
    out, err = capsys.readouterr()
    assert out == ""
    assert json.loads(err)["event"] == "run.started"


@pytest.mark.parametrize("event", ["Parsed 912 rows", "parsed", "", "ingest.Parsed", "ingest."])
def test_a_sentence_is_no_event_word(event: str):
    written()
    with pytest.raises(ValueError, match="event word"):
        logs.logger().info(event)


@pytest.mark.parametrize(
    "key",
    ["nhs_number", "pseudonym", "child_pseudonym", "address", "mail_address", "token", "secret", "Authorization",
     "password", "api_key", "date_of_birth", "postcode", "smtp_url"],
)  # fmt: skip
def test_a_telling_key_never_shows_its_value(key: str):
    stream = written()
    logs.logger().info("api.refused", **{key: "canary", "nested": {key: ["canary"]}})
    assert "canary" not in stream.getvalue()
    assert stream.getvalue().count(masks.REDACTED) == 2


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("for 943 476 5919", "for [redacted]"),
        ("with wl_0badf00d_" + "5ec2e7" * 10, "with wl_0badf00d_[redacted]"),
        ("for 9434765919.", "for [redacted]."),
        ("share 0.9434765919 of them", "share 0.9434765919 of them"),
        ("for 943-476-5919, again", "for [redacted], again"),
        ("write to parent@example.org", "write to [redacted]"),
        ("Authorization was Bearer abc.def", "Authorization was Bearer [redacted]"),
        ("postgresql+psycopg://keeper:pa55@db/x", "postgresql+psycopg://keeper:***@db/x"),
        ("Community-health-services-2024-25-March.xlsx", "Community-health-services-2024-25-March.xlsx"),
        ("2025-03-31", "2025-03-31"),
        ("32cf" + "9434765919" + "ce" * 25, "32cf" + "9434765919" + "ce" * 25),
        ("32cf" + "9434765919" + "ce" * 24, "32cf" + "[redacted]" + "ce" * 24),
    ],
)
def test_text_is_masked_by_its_look(text: str, shown: str):
    assert logs.redact(None, "info", {"event": "api.refused", "note": text})["note"] == shown


def test_lines_of_other_libraries_pass_the_same_gate():
    stream = written()
    logging.getLogger("uvicorn.error").warning("failed for %s", CANARY)
    line = json.loads(stream.getvalue())
    assert (line["event"], line["logger"]) == ("library.logged", "uvicorn.error")
    assert line["message"] == f"failed for {masks.REDACTED}"


def test_an_error_is_logged_without_its_secrets():
    stream = written()
    try:
        raise ValueError(f"no match for {CANARY} ")
    except ValueError:
        logs.logger().exception("load.failed")
    line = json.loads(stream.getvalue())
    assert "ValueError" in line["exception"]
    assert CANARY not in stream.getvalue()


def test_a_run_is_bound_while_it_lasts():
    stream = written()
    with logs.run_bound(7):
        logs.logger().info("run.started")
    logs.logger().info("run.watched")
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert first["run_id"] == 7
    assert "run_id" not in second


def test_a_slot_and_a_request_are_bound_while_they_last_beside_their_runs():
    stream = written()
    bound = logs.bind_request("a1")
    with logs.slot_bound("weekly", "2026-11-16"), logs.run_bound(7):
        logs.logger().info("run.started")
        logging.getLogger("some.library").warning("slow")
    logs.unbind_request(bound)
    logs.logger().info("run.watched")
    *within, after = map(json.loads, stream.getvalue().splitlines())
    said = {"job": "weekly", "slot": "2026-11-16", "run_id": 7, "request": "a1"}
    assert all(line.items() >= said.items() for line in within)
    assert not said.keys() & after.keys()


def test_configuring_twice_does_not_write_twice():
    written()
    stream = written()
    logs.logger().info("run.started")
    assert len(stream.getvalue().splitlines()) == 1


@given(st.dictionaries(st.text(max_size=12), st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False)))
def test_counts_pass_unchanged_unless_their_key_tells(event: dict[str, object]):
    kept = {key: value for key, value in event.items() if logs.redact(None, "info", event)[key] != masks.REDACTED}
    assert all(logs.redact(None, "info", event)[key] == value for key, value in kept.items())
    assert list(logs.redact(None, "info", event)) == list(event)


FRAGMENTS = st.sampled_from(
    ["943", "476", "5919", " ", "-", "\t", "wl_0badf00d_", "5ec2", "Bearer", "bearer", "@", "example.org", "://",
     "keeper", ":pa55@", ".", "x"]
)  # fmt: skip


@given(st.lists(FRAGMENTS | st.text(max_size=3), max_size=8).map("".join))
def test_no_text_escapes_the_masks(text: str):
    masked = text
    for pattern, replacement in masks._MASKS:
        masked = pattern.sub(replacement, masked)
    assert logs.redact(None, "info", {"event": "api.refused", "note": text})["note"] == masked
