"""A run that leaves a test out is not green."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("def test_a(): pass", 0),
        ("import pytest\ndef test_a(): pytest.skip('no browser')", 1),
        ("import pytest\n@pytest.mark.skip\ndef test_a(): pass", 1),
        ("import pytest\n@pytest.mark.xfail\ndef test_a(): assert False", 1),
        ("def test_a(): assert False", 1),
    ],
)
def test_a_skipped_test_fails_the_run(tmp_path: Path, source: str, code: int) -> None:
    assert run_pytest(tmp_path, source, "-p", "no:xdist") == code


def test_a_skipped_test_fails_the_run_on_several_workers_too(tmp_path: Path) -> None:
    assert run_pytest(tmp_path, "import pytest\ndef test_a(): pytest.skip('no browser')", "-n", "1") == 1


def run_pytest(tmp_path: Path, source: str, *options: str) -> int:
    (tmp_path / "test_it.py").write_text(source)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")

    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.house.no_skips", "-c", str(tmp_path / "pytest.ini")]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    return subprocess.run(
        [*command, *options, "."], cwd=tmp_path, env=environment, check=False, capture_output=True
    ).returncode
