"""Where the marks of a chart stand: pure arithmetic, so that picture, table and sentence come from the same values.

All charts are 360 units wide and shown at 100 %; `templates/_charts.html` draws them. Bars start at nought. A count of
people under `smallest` is not drawn and reads "<5" in the table.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from community.kit import format
from community.kit.i18n import N_

WIDTH = 360
TOP, FOOT, LEFT = 22, 24, 34  # room for the figures above, the labels below and the ticks beside the plot
PLOT_HEIGHT = 132
STEP_ROW = 52
ENOUGH_POINTS = 6

# The map: equal degrees, one unit is 1/38 degree (about 3 km).
WEST, EAST, NORTH, SOUTH = 94.5, 141.5, 6.5, -11.5
PER_DEGREE = 38
MAP_WIDTH = round((EAST - WEST) * PER_DEGREE)
MAP_HEIGHT = round((NORTH - SOUTH) * PER_DEGREE)
SMALLEST_DOT, LARGEST_DOT = 10.0, 34.0


@dataclass(frozen=True)
class Point:
    """One value of a chart. `value` None: not known, which is not nought. `hollow`: a running month."""

    label: str
    value: float | None
    hollow: bool = False
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Tick:
    at: float
    words: str


@dataclass(frozen=True)
class Mark:
    """A drawn value: a bar from `y` down by `height`, or the point of a line at (`middle`, `y`)."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str
    words: str
    band: str
    drawn: bool
    hollow: bool
    labelled: bool


@dataclass(frozen=True)
class Chart:
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    height: int
    floor: float
    line: str = ""
    band: str = ""
    enough: bool = True


@dataclass(frozen=True)
class Step:
    label: str
    count: int


@dataclass(frozen=True)
class StepBar:
    y: int
    width: float
    label: str
    words: str
    drawn: bool


@dataclass(frozen=True)
class Steps:
    bars: tuple[StepBar, ...]
    height: int


@dataclass(frozen=True)
class Place:
    """Something on the map. `size` (members) sets the area of the dot; `state` is active, resting or request."""

    name: str
    lat: float
    lon: float
    state: str = "active"
    size: int = 0


@dataclass(frozen=True)
class Dot:
    x: int
    y: int
    radius: float
    state: str
    name: str
    triangle: str


@dataclass(frozen=True)
class DotMap:
    ground: str
    dots: tuple[Dot, ...]
    width: int = MAP_WIDTH
    height: int = MAP_HEIGHT


@dataclass(frozen=True)
class Window:
    """A part of the map that a phone can show large."""

    name: str
    box: str


def bars(points: Sequence[Point], *, smallest: int = 0) -> Chart:
    """Bars side by side, from nought."""
    top = ceiling(max((p.value or 0 for p in points), default=0))
    return Chart(_marks(points, 0, top, smallest), _ticks(0, top), _height(), TOP + PLOT_HEIGHT)


def line(points: Sequence[Point], *, smallest: int = 0) -> Chart:
    """A line from nought, broken where a value is not known; with a band where the points have `low` and `high`."""
    highest = max((max(p.value or 0, p.high or 0) for p in points), default=0)
    top = ceiling(highest)
    marks = _marks(points, 0, top, smallest)
    return Chart(
        marks=marks,
        ticks=_ticks(0, top),
        height=_height(),
        floor=TOP + PLOT_HEIGHT,
        line=_path((m.middle, m.y) if m.drawn else None for m in marks),
        band=_band(points, marks, top),
        enough=sum(m.drawn for m in marks) >= ENOUGH_POINTS,
    )


def steps(counts: Sequence[Step], *, smallest: int = 0) -> Steps:
    """From first to last, each as a part of the one before: 38 dari 52."""
    most = max((step.count for step in counts), default=0) or 1
    drawn = []
    for index, step in enumerate(counts):
        visible = not _too_small(step.count, smallest)
        words = format.number(step.count) if visible else f"<{smallest}"
        width = _round(step.count / most * WIDTH) if visible else 0.0
        drawn.append(StepBar(index * STEP_ROW, width, step.label, words, visible))
    return Steps(tuple(drawn), max(len(drawn), 1) * STEP_ROW)


def dot_map(ground: Iterable[tuple[float, float]], places: Sequence[Place]) -> DotMap:
    """All regions as one grey path of (latitude, longitude) dots, and what is there on top, larger ones below."""
    most = max((place.size for place in places), default=0)
    ordered = sorted(places, key=lambda place: -place.size)
    return DotMap(_ground_path(ground), tuple(_dot(place, most) for place in ordered))


def ceiling(value: float) -> float:
    """The next of 1, 2, 4, 5 or 10 times a power of ten, at least 4: the top of an axis with whole halves."""
    if value <= 4:
        return 4
    power = 10 ** math.floor(math.log10(value))
    return float(next(step * power for step in (1, 2, 4, 5, 6, 8, 10) if step * power >= value))


def project(lat: float, lon: float) -> tuple[int, int]:
    """Degrees to map units."""
    return round((lon - WEST) * PER_DEGREE), round((NORTH - lat) * PER_DEGREE)


def _window(name: str, west: float, east: float, north: float, south: float) -> Window:
    left, top = project(north, west)
    right, bottom = project(south, east)
    return Window(name, f"{left} {top} {right - left} {bottom - top}")


WINDOWS = (
    _window(N_("Sumatra"), 94.6, 109.2, 6.2, -6.4),
    _window(N_("Jawa, Bali, dan Nusa Tenggara"), 104.8, 125.4, -5.0, -11.3),
    _window(N_("Kalimantan dan Sulawesi"), 108.5, 127.4, 4.9, -6.6),
    _window(N_("Maluku dan Papua"), 124.1, 141.4, 3.0, -9.3),
)


def _height() -> int:
    return TOP + PLOT_HEIGHT + FOOT


def _ticks(bottom: float, top: float) -> tuple[Tick, ...]:
    return tuple(Tick(_y(value, top), format.number(value)) for value in (bottom, (bottom + top) / 2, top))


def _y(value: float, top: float) -> float:
    return _round(TOP + PLOT_HEIGHT * (1 - value / top))


def _marks(points: Sequence[Point], bottom: float, top: float, smallest: int) -> tuple[Mark, ...]:
    slot = (WIDTH - LEFT) / max(len(points), 1)
    every = math.ceil(len(points) / 8)
    return tuple(_mark(point, index, slot, top, smallest, every) for index, point in enumerate(points))


def _mark(point: Point, index: int, slot: float, top: float, smallest: int, every: int) -> Mark:
    drawn = point.value is not None and not _too_small(point.value, smallest)
    y = _y(point.value or 0, top) if drawn else float(TOP + PLOT_HEIGHT)
    known = point.low is not None and point.high is not None
    return Mark(
        x=_round(LEFT + index * slot + slot * 0.14),
        y=y,
        width=_round(slot * 0.72),
        height=_round(TOP + PLOT_HEIGHT - y),
        middle=_round(LEFT + (index + 0.5) * slot),
        label=point.label,
        words=_words(point.value, smallest),
        band=f"{format.number(point.low or 0)}–{format.number(point.high or 0)}" if known else "",
        drawn=drawn,
        hollow=point.hollow,
        labelled=index % every == 0,
    )


def _words(value: float | None, smallest: int) -> str:
    """What the table says; the drawing stands for the same."""
    if value is None:
        return "–"
    return f"<{smallest}" if _too_small(value, smallest) else format.number(value)


def _too_small(value: float, smallest: int) -> bool:
    return 0 < value < smallest


def _path(points: Iterable[tuple[float, float] | None]) -> str:
    """Through the points in order, lifted at each None."""
    parts, lifted = [], True
    for point in points:
        if point is not None:
            parts.append(f"{'M' if lifted else 'L'}{point[0]:g} {point[1]:g}")
        lifted = point is None
    return "".join(parts)


def _band(points: Sequence[Point], marks: Sequence[Mark], top: float) -> str:
    """The closed shapes between `low` and `high`, one for each run of points that have both."""
    shapes: list[str] = []
    upper: list[tuple[float, float]] = []
    lower: list[tuple[float, float]] = []
    for point, mark in [*zip(points, marks, strict=True), (Point("", None), None)]:
        if mark is not None and point.low is not None and point.high is not None:
            upper.append((mark.middle, _y(point.high, top)))
            lower.append((mark.middle, _y(point.low, top)))
            continue
        if len(upper) > 1:
            shapes.append(_path([*upper, *reversed(lower)]) + "Z")
        upper, lower = [], []
    return "".join(shapes)


def _round(value: float) -> float:
    return round(value, 1)


def _ground_path(ground: Iterable[tuple[float, float]]) -> str:
    """Dots as strokes of no length with round ends, west to east in short relative moves: half the bytes of circles."""
    spots = sorted({project(lat, lon) for lat, lon in ground})
    if not spots:
        return ""
    moves = [f"m{x2 - x1} {y2 - y1}h0" for (x1, y1), (x2, y2) in pairwise(spots)]
    return f"M{spots[0][0]} {spots[0][1]}h0" + "".join(moves).replace(" -", "-")


def _dot(place: Place, most: int) -> Dot:
    x, y = project(place.lat, place.lon)
    share = math.sqrt(place.size / most) if most else 0.0
    radius = _round(SMALLEST_DOT + (LARGEST_DOT - SMALLEST_DOT) * share)
    return Dot(x, y, radius, place.state, place.name, f"M{x} {y - 17}l16 29h-32z")
