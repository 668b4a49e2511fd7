"""Pages of a list: by number for people, by cursor for machines."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from community.kit import crypto
from community.kit.errors import FieldError, InvalidInput
from community.kit.i18n import gettext as _

Item = TypeVar("Item")
PAGE_SIZE = 25


@dataclass(frozen=True)
class Paged(Generic[Item]):
    """One page of `total` items. `address` and `query` make the links to the others."""

    items: Sequence[Item]
    number: int
    size: int
    total: int
    address: str = ""
    query: tuple[tuple[str, str], ...] = ()

    @property
    def count(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def earlier(self) -> str | None:
        return self._link(self.number - 1) if self.number > 1 else None

    @property
    def later(self) -> str | None:
        return self._link(self.number + 1) if self.number < self.count else None

    def _link(self, number: int) -> str:
        pairs = [(key, value) for key, value in self.query if value] + [("page", str(number))]
        return f"{self.address}?{urlencode(pairs)}"


@dataclass(frozen=True)
class Cursor:
    """Where a machine's list goes on: the sort key of the last item seen."""

    after: tuple[Any, ...] | None
    limit: int


def read_cursor(after: str | None, limit: int) -> Cursor:
    """Raises InvalidInput where `after` is not a cursor we gave."""
    if not after:
        return Cursor(None, limit)
    try:
        key = json.loads(crypto.from_text(after))
    except ValueError as fault:
        raise InvalidInput([FieldError("/after", "not_valid", _("Penunjuk halaman tidak dikenal."))]) from fault
    if not isinstance(key, list) or not all(isinstance(part, (str, int)) for part in key):
        raise InvalidInput([FieldError("/after", "not_valid", _("Penunjuk halaman tidak dikenal."))])
    return Cursor(tuple(key), limit)


def next_cursor(
    items: Sequence[Item], limit: int, key: Callable[[Item], tuple[Any, ...]]
) -> tuple[Sequence[Item], str | None]:
    """`items` holds up to limit + 1; returns at most `limit` of them and the cursor of the next page, if any."""
    if len(items) <= limit:
        return items, None
    kept = items[:limit]
    return kept, crypto.to_text(json.dumps([str(part) for part in key(kept[-1])]).encode())
