"""Where a sign-in may lead back to: an address of ours and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote

HOME = "/"
NEXT_MAX = 300
# One slash, then only what our own addresses are made of: no second slash, no backslash, no encoded trick, no query.
PLAIN = re.compile(r"/(?:[A-Za-z0-9._~-]+(?:/[A-Za-z0-9._~-]+)*)?")


def local_path(wanted: str, templates: Iterable[str]) -> str:
    """`wanted` if it is a path that one of the route `templates` (`/events/{code}`) answers, else home."""
    if len(wanted) > NEXT_MAX or not PLAIN.fullmatch(wanted) or unquote(wanted) != wanted:
        return HOME
    if any(part in {".", ".."} for part in wanted.split("/")):
        return HOME
    return wanted if any(_pattern(template).fullmatch(wanted) for template in templates) else HOME


@lru_cache(maxsize=1024)
def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]*\}", template)
    return re.compile("[^/]+".join(re.escape(part) for part in parts))
