"""The repository speaks of itself alone, and its locks are locked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.texts import find_lock_faults, find_text_faults, list_tracked

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.txt", "requirements-dev.txt"]


def test_no_file_holds_a_machine_path_a_package_host_or_a_default_secret() -> None:
    assert find_text_faults(list_tracked(ROOT)) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("see /wor" + "k/main/x", "a path of one machine"),
        ("data in /ho" + "me/siti/x", "a path of one machine"),
        ("pip install --index" + "-url x", "an index address"),
        ("get https://files.python" + "hosted.org/x", "a package host"),
        ("from https://cd" + "n.example/x.js", "somebody else's server"),
        ('APP_SECRET = "change' + 'me"', "a default secret"),
        ("# TO" + "DO: later", "an unfinished mark"),
    ],
)
def test_a_planted_fault_is_seen(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"fine\n{line}\n")

    (fault,) = find_text_faults([path])

    assert fault.startswith(f"{path}:2 ")
    assert said in fault


@pytest.mark.parametrize(
    "line",
    ["/network/home", "https://example.org/workshop", "--no-emit-index" + "-url", "todo list", "/var/lib/community"],
)
def test_innocent_words_pass(tmp_path: Path, line: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(line)

    assert find_text_faults([path]) == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_an_exact_version_and_a_hash(name: str) -> None:
    assert find_lock_faults(ROOT / name) == []


def test_what_the_server_needs_is_locked_alike_for_the_tests() -> None:
    needed, present = (
        {line.split(" ")[0] for line in (ROOT / name).read_text().splitlines() if "==" in line} for name in LOCKS
    )

    assert needed - present == set()


def test_an_open_version_and_a_missing_hash_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "requirements.txt"
    path.write_text("# made by\na==1 \\\n    --hash=sha256:00\nb>=2 \\\n    --hash=sha256:00\nc==3\n")

    assert find_lock_faults(path) == [f"{path}: b>=2 \\ has no exact version", f"{path}: c==3 has no hash"]


def test_every_folder_of_tests_is_a_package_so_that_names_may_repeat() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}

    assert sorted(folder for folder in folders if not (folder / "__init__.py").exists()) == []
