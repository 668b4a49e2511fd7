"""The log: one JSON object a line, telling what happened and where, never who or what they wrote.

No bodies, cookies or headers; an exception is logged by its class and the lines it passed through, not by its words,
since the words of a database error hold the row. What looks like an address, a number or a token is blotted out.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from types import TracebackType
from typing import Any, TextIO

import structlog

FORBIDDEN = frozenset(
    {
        *("authorization", "body", "cookie", "cookies", "csrf", "email", "headers", "html", "name", "note", "params"),
        *("password", "phone", "query", "subject", "text", "title", "token", "url"),
    }
)
_BLOTS = (
    re.compile(r"[^\s<>\"'=:,;()]+@[^\s<>\"'=:,;()]+"),  # e-mail address
    re.compile(r"(?<![\w.-])(?!\d{4}-\d\d-\d\d)\+?\d[\d ().-]{7,16}\d(?![\w-])"),  # phone number
    re.compile(r"[A-Za-z0-9_-]{40,}"),  # token
    re.compile(r"(?<=/)(?:r|c|v|u)/[^\s/\"']+"),  # links that act for their holder
)
Event = MutableMapping[str, Any]


def configure_logging(stream: TextIO | None = None, level: str = "INFO") -> None:
    """Everything the process logs, the libraries' lines too, goes to `stream` (standard error) in this form."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.contextvars.merge_contextvars, structlog.stdlib.add_log_level, add_logger],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                add_time,
                tell_exception,
                blot,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=_by_class),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.getLogger("uvicorn.access").disabled = True  # it writes whole addresses, tokens included
    for name in ("httpx", "httpcore", "aiosmtplib"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it warns whenever a run takes longer than its interval
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            add_logger,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def logger(name: str) -> Any:
    """For `log.info("event", key=value)`: an event in a few fixed words, values that are counts, codes and ids."""
    return structlog.stdlib.get_logger(name)


def bind_request(request_id: str) -> None:
    """From here on, in this task, every line carries the request's id."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)


def bind_job(job: str) -> None:
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(job=job)


def add_logger(log: Any, _method: str, event: Event) -> Event:
    record = event.get("_record")
    event["logger"] = record.name if record is not None else getattr(log, "name", "community")
    return event


def add_time(_log: Any, _method: str, event: Event) -> Event:
    event["at"] = structlog.processors.TimeStamper(fmt="iso", utc=True)(None, "", {})["timestamp"]
    return event


def tell_exception(_log: Any, _method: str, event: Event) -> Event:
    """`exc_info` as classes, places and, of a database error, its code: no words."""
    given = event.pop("exc_info", None)
    event.pop("stack_info", None)
    event.pop("exception", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = [_name(one) for one in _chain(error)]
        event["trace"] = list(_places(error.__traceback__))
    return event


def blot(_log: Any, _method: str, event: Event) -> Event:
    """Forbidden names lose their value; other texts lose what looks like somebody's."""
    for key, value in event.items():
        if key in FORBIDDEN:
            event[key] = "(blotted)"
        elif key not in {"at", "trace", "request_id"}:
            event[key] = _blotted(value)
    return event


def _blotted(value: Any) -> Any:
    if isinstance(value, str):
        for pattern in _BLOTS:
            value = pattern.sub("(blotted)", value)
        return value
    if isinstance(value, dict):
        return {key: "(blotted)" if key in FORBIDDEN else _blotted(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_blotted(part) for part in value]
    return value if value is None or isinstance(value, bool | int | float) else _by_class(value)


def _by_class(value: Any) -> str:
    """What is neither text nor number is named, not shown; ids are both short and nobody's name."""
    return str(value) if type(value).__name__ in {"UUID", "datetime", "date"} else f"({type(value).__name__})"


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _name(error: BaseException) -> str:
    code = getattr(error, "sqlstate", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__


def _places(trace: TracebackType | None) -> Iterator[str]:
    for frame in traceback.extract_tb(trace)[-12:]:
        yield f"{'/'.join(frame.filename.split('/')[-3:])}:{frame.lineno} {frame.name}"
