"""Benchmarks say a ratio: ours against a named reference, measured in turn in the same run on the same machine.

Seconds differ from machine to machine, a ratio much less. A benchmark is listed as `BENCHES` in `tests/bench/*.py`.
"""

from __future__ import annotations

import importlib
import json
import platform
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
ROUNDS = 30
WARM_UP = 3

Work = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Bench:
    """`ours` and `reference` do the same work and return equal results; `at_most` bounds the ratio of their medians."""

    name: str
    reference_name: str
    ours: Work
    reference: Work
    at_most: float


@dataclass(frozen=True)
class Result:
    name: str
    reference: str
    ours_ms: float
    reference_ms: float
    ratio: float
    at_most: float
    rounds: int

    @property
    def is_within(self) -> bool:
        return self.ratio <= self.at_most


class UnequalResults(AssertionError):
    """Ours and the reference did different work, so their times cannot be compared."""


async def measure(bench: Bench, *, rounds: int = ROUNDS) -> Result:
    """Alternate both, so that a slow moment of the machine hits both; raises UnequalResults if they differ."""
    if await bench.ours() != await bench.reference():
        raise UnequalResults(bench.name)
    times: dict[str, list[float]] = {"ours": [], "reference": []}
    for number in range(rounds + WARM_UP):
        for name, work in (("ours", bench.ours), ("reference", bench.reference)):
            began = time.perf_counter()
            await work()
            if number >= WARM_UP:
                times[name].append(time.perf_counter() - began)
    ours, reference = median(times["ours"]) * 1000, median(times["reference"]) * 1000
    ratio = round(ours / reference, 3)
    return Result(bench.name, bench.reference_name, round(ours, 3), round(reference, 3), ratio, bench.at_most, rounds)


def list_benches() -> list[Bench]:
    found: list[Bench] = []
    for path in sorted(HERE.glob("bench_*.py")):
        found += importlib.import_module(f"tests.bench.{path.stem}").BENCHES
    return found


def table(results: Iterable[Result]) -> str:
    head = f"{'benchmark':<44} {'ours':>10} {'reference':>10} {'ratio':>7} {'at most':>8}  reference is"
    lines = [
        f"{row.name:<44} {row.ours_ms:>7.2f} ms {row.reference_ms:>7.2f} ms {row.ratio:>7.2f} {row.at_most:>8.2f}"
        f"  {row.reference}{'' if row.is_within else '   TOO SLOW'}"
        for row in results
    ]
    return "\n".join([head, *lines])


def as_json(results: Iterable[Result], *, at: datetime) -> str:
    machine = {"python": platform.python_version(), "system": platform.system(), "processor": platform.machine()}
    rows = [{**asdict(row), "is_within": row.is_within} for row in results]
    return json.dumps({"at": at.isoformat(timespec="seconds"), "machine": machine, "results": rows}, indent=2) + "\n"
