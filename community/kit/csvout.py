"""CSV that a spreadsheet shows and never calculates.

Text that a spreadsheet would take for a formula gets a tab in front, inside its quotes: an apostrophe would not survive
saving. Numbers stay numbers. Our own import takes the tab off again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

Cell = str | int | float | Decimal | date | None
LIVE = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def write_csv(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with the mark by which spreadsheets know it, CRLF line ends, all text quoted."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([defused(name) for name in heading])
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return out.getvalue().encode("utf-8-sig")


def defused(text: str) -> str:
    """`text` with a tab in front where a spreadsheet would calculate it, also behind spaces."""
    return f"\t{text}" if text.lstrip(" \n\u00a0").startswith(LIVE) else text


def _cell(value: Cell) -> str | int | float | Decimal:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, int | float | Decimal):
        return value
    return value.isoformat() if isinstance(value, date) else defused(value)
