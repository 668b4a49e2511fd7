"""Lengths of functions and files. A long one carries its reason: `# long: reason` on the line of its `def`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

MEDIAN_LINES = 10
LONGEST_FUNCTION = 60
LONGEST_FILE = 500

_REASON = re.compile(r"#\s*long:\s*\S+")


@dataclass(frozen=True)
class Function:
    path: Path
    line: int
    name: str
    lines: int
    """From `def` to the last line, docstring and signature included, decorators not."""
    has_reason: bool


def list_functions(paths: Iterable[Path]) -> list[Function]:
    return [function for path in paths for function in _functions(path)]


def _functions(path: Path) -> Iterator[Function]:
    text = path.read_text(encoding="utf-8")
    rows = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            yield Function(path, node.lineno, node.name, lines, bool(_REASON.search(rows[node.lineno - 1])))


def find_long_functions(functions: Iterable[Function]) -> list[str]:
    return [
        f"{function.path}:{function.line} {function.name} has {function.lines} lines"
        for function in functions
        if function.lines > LONGEST_FUNCTION and not function.has_reason
    ]


def find_long_files(paths: Iterable[Path]) -> list[str]:
    lengths = ((path, len(path.read_text(encoding="utf-8").splitlines())) for path in paths)
    return [f"{path} has {lines} lines" for path, lines in lengths if lines >= LONGEST_FILE]


def median_lines(functions: Iterable[Function]) -> float:
    return median(function.lines for function in functions)
