"""The log says what happened and never who, or what they wrote."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import structlog

from community.kit.log import bind_job, bind_request, configure_logging, logger

CANARIES = ("canary-name", "0812-3456-7890", "+6281234567890", "bob.contoh@contoh.example", "t" * 43)


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root, kept = logging.getLogger(), (logging.getLogger().handlers[:], logging.getLogger().level)
    written = io.StringIO()
    configure_logging(written)
    yield written
    root.handlers[:], level = kept
    root.setLevel(level)
    logging.getLogger("uvicorn.access").disabled = False
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_an_object_with_time_level_event_and_the_requests_id(stream: io.StringIO) -> None:
    bind_request("abc123")
    logger("community.x").info("mail sent", count=3, delivery=UUID(int=1))

    [line] = lines(stream)
    assert line.pop("at").endswith("Z")
    assert line == {
        "event": "mail sent",
        "level": "info",
        "logger": "community.x",
        "request_id": "abc123",
        "count": 3,
        "delivery": "00000000-0000-0000-0000-000000000001",
    }


def test_a_jobs_lines_carry_its_name_and_not_an_old_requests_id(stream: io.StringIO) -> None:
    bind_request("abc123")
    bind_job("deliver")
    logger("x").warning("late")

    [line] = lines(stream)
    assert line["job"] == "deliver"
    assert "request_id" not in line


def test_forbidden_names_and_what_looks_personal_are_blotted_out(stream: io.StringIO) -> None:
    name, phone, e164, email, token = CANARIES
    logger("x").info(
        f"told {email} at {phone}",
        name=name,
        email=email,
        body=name,
        cookie=token,
        headers={"authorization": token},
        detail={"phone": phone, "deep": [e164, {"title": name}]},
        path=f"/r/{token}",
        thing=object(),
    )

    assert not [canary for canary in CANARIES if canary in stream.getvalue()]
    assert lines(stream)[0]["thing"] == "(object)"


def test_an_exception_tells_its_kind_and_place_and_not_its_words(stream: io.StringIO) -> None:
    try:
        try:
            raise KeyError("canary-name")
        except KeyError as error:
            raise ValueError("bob.contoh@contoh.example") from error
    except ValueError:
        logger("x").exception("job failed")

    [line] = lines(stream)
    assert line["error"] == ["ValueError", "KeyError"]
    assert "test_log.py" in line["trace"][-1]
    assert not [canary for canary in CANARIES if canary in stream.getvalue()]


def test_the_libraries_lines_look_the_same(stream: io.StringIO) -> None:
    try:
        raise RuntimeError("canary-name")
    except RuntimeError:
        logging.getLogger("apscheduler.executors").exception("job of %s failed", "bob.contoh@contoh.example")
    logging.getLogger("uvicorn.access").info("GET /r/%s", "t" * 43)

    [line] = lines(stream)
    assert line["event"] == "job of (blotted) failed"
    assert line["error"] == ["RuntimeError"]
    assert not [canary for canary in CANARIES if canary in stream.getvalue()]


def test_ids_times_and_counts_stay_readable(stream: io.StringIO) -> None:
    logger("x").info("ok", count=1234567, at_event="2026-11-28", ratio=0.5, flag=True, none=None)

    [line] = lines(stream)
    assert (line["count"], line["at_event"], line["ratio"], line["flag"], line["none"]) == (
        1234567,
        "2026-11-28",
        0.5,
        True,
        None,
    )
