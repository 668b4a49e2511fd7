"""docs/reference/house.svg and the same as text: rooms on their floors, and how often each reaches for another.

Draws straight from the import ladder's reading of the source; needs no drawing program.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from xml.sax.saxutils import escape

from docs.build.written import ROOT, write
from tests.house.ladder import FLOORS, ROOF, House, find_faults, read_house

ROW, COLUMN, BOX, HIGH, LEFT, TOP = 120, 118, 100, 44, 96, 28
STORIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("roof", ("roof",)),
    *((f"floor {len(FLOORS) + 1 - number}", rooms) for number, rooms in enumerate(reversed(FLOORS), 1)),
    ("ground", ("kit",)),
)
DRAWN = frozenset(room for _, rooms in STORIES for room in rooms)


def count_steps(house: House) -> Counter[tuple[str, str]]:
    """How many imports lead from one room to another; the roof's files count as one room."""
    steps: Counter[tuple[str, str]] = Counter()
    for module, imports in house.modules.items():
        for found in imports:
            here, there = _room(module), _room(found.target)
            if here != there and there in DRAWN:
                steps[here, there] += 1
    return steps


def _room(module: str) -> str:
    first = module.split(".")[0].strip("?")
    return "roof" if first in ROOF else first


def list_built(house: House) -> set[str]:
    """Rooms that have more than a name plate."""
    return {_room(module) for module in house.modules if "." in module or module in ROOF} - {""}


def text(house: House) -> str:
    steps, built = count_steps(house), list_built(house)
    lines = []
    for story, rooms in STORIES:
        lines.append(f"{story:<8} {' → '.join(room if room in built else f'({room})' for room in rooms)}")
    lines.append("")
    for room in (room for _, rooms in STORIES for room in rooms if room in built):
        reached = sorted((there, times) for (here, there), times in steps.items() if here == room)
        if reached:
            lines.append(f"{room:<14} {', '.join(f'{there} {times}' for there, times in reached)}")
    return "\n".join(lines)


def svg(house: House) -> str:
    steps, built = count_steps(house), list_built(house)
    places = dict(_spots())
    width = LEFT + COLUMN * max(len(rooms) for _, rooms in STORIES)
    height = TOP + ROW * len(STORIES) - (ROW - HIGH) + TOP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' font-family="system-ui, sans-serif" font-size="13" role="img" aria-labelledby="house-title">',
        '<title id="house-title">The rooms of the house on their floors, and the imports between them</title>',
        f'<rect width="{width}" height="{height}" fill="#FAF8F4"/>',
        *_story_labels(),
        *(
            _line(places[here], places[there], times)
            for (here, there), times in sorted(steps.items())
            if there != "kit" and here != "roof"
        ),
        *(_box(room, spot, room in built) for room, spot in places.items()),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _spots() -> Iterator[tuple[str, tuple[int, int]]]:
    for number, (_, rooms) in enumerate(STORIES):
        for place, room in enumerate(rooms):
            yield room, (LEFT + place * COLUMN, TOP + number * ROW)


def _story_labels() -> Iterator[str]:
    for number, (story, _) in enumerate(STORIES):
        yield f'<text x="16" y="{TOP + number * ROW + HIGH // 2 + 4}" fill="#5A5347">{story}</text>'


def _box(room: str, spot: tuple[int, int], is_built: bool) -> str:
    x, y = spot
    wide = COLUMN * max(len(rooms) for _, rooms in STORIES) - (COLUMN - BOX) if room in ("roof", "kit") else BOX
    words = {"roof": f"roof: {' '.join(sorted(ROOF))}", "kit": "kit: what every room stands on"}.get(room, room)
    line = "#34409B" if is_built else '#847B6C" stroke-dasharray="4 3'
    return (
        f'<rect x="{x}" y="{y}" width="{wide}" height="{HIGH}" rx="8" fill="#FFFFFF" stroke="{line}"/>'
        f'<text x="{x + wide // 2}" y="{y + HIGH // 2 + 4}" text-anchor="middle" fill="#1F1B16">{escape(words)}</text>'
    )


def _line(here: tuple[int, int], there: tuple[int, int], times: int) -> str:
    """A curve from the lower edge of one box to another; between rooms of a floor it hangs below them."""
    x1, y1, x2 = here[0] + BOX // 2, here[1] + HIGH, there[0] + BOX // 2
    if here[1] == there[1]:
        y2, bend = there[1] + HIGH, y1 + 14 + abs(x1 - x2) // 14
        path = f"M{x1} {y1}C{x1} {bend} {x2} {bend} {x2} {y2}"
    else:
        y2 = there[1]
        path = f"M{x1} {y1}C{x1} {y1 + 50} {x2} {y2 - 50} {x2} {y2}"
    return f'<path d="{path}" fill="none" stroke="#98A2DF" stroke-width="{min(1 + times / 3, 4):.1f}"/>'


def main(arguments: list[str]) -> int:
    house = read_house(ROOT)
    write("house.svg", svg(house))
    if "--quiet" not in arguments:
        print(text(house))
    faults = find_faults(house)
    print(*faults, sep="\n", end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
