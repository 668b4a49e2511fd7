"""Functions and files stay short enough to read in one look."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.sizes import (
    LONGEST_FILE,
    LONGEST_FUNCTION,
    MEDIAN_LINES,
    find_long_files,
    find_long_functions,
    list_functions,
    median_lines,
)

ROOT = Path(__file__).resolve().parents[2]


def python(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("folder", ["community", "tests", "docs"])
def test_no_function_is_long_without_a_reason(folder: str) -> None:
    assert find_long_functions(list_functions(python(folder))) == []


@pytest.mark.parametrize("folder", ["community", "tests"])
def test_half_of_the_functions_are_shorter_than_ten_lines(folder: str) -> None:
    assert median_lines(list_functions(python(folder))) < MEDIAN_LINES


def test_no_file_is_long() -> None:
    pages = [path for path in (ROOT / "templates").rglob("*") if path.is_file()]
    styles = [*(ROOT / "community").rglob("*.css"), *(ROOT / "community").rglob("*.js")]

    assert find_long_files([*python("community"), *python("tests"), *python("docs"), *pages, *styles]) == []


def test_a_long_function_is_seen_unless_it_says_why(tmp_path: Path) -> None:
    body = "    x = 1\n" * LONGEST_FUNCTION
    path = tmp_path / "a.py"
    path.write_text(
        f"def seen():\n{body}def told():  # long: one table read top to bottom\n{body}def empty():  # long:\n{body}"
    )

    assert [fault.split()[1] for fault in find_long_functions(list_functions([path]))] == ["seen", "empty"]


def test_a_nested_and_an_async_function_are_measured_too(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("async def outer():\n    def inner():\n        return 1\n    return inner\n")

    assert [(function.name, function.lines) for function in list_functions([path])] == [("outer", 4), ("inner", 2)]


def test_a_long_file_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<p>\n" * LONGEST_FILE)

    assert find_long_files([path]) == [f"{path} has {LONGEST_FILE} lines"]
