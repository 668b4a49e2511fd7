"""What no tracked file may hold: paths of one machine, package hosts, default secrets, unfinished marks."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

# Pieces are joined so that this file does not find itself.
FORBIDDEN: dict[str, str] = {
    r"(?<![\w.<-])/(?:wor" + r"k|roo" + r"t|home/[a-z]+|Users/[A-Za-z]+)/": "a path of one machine",
    r"--(?:extra-)?index" + r"-url|--find" + r"-links|--trusted" + r"-host": "an index address for packages",
    r"https?://[\w.-]*(?:py" + r"pi|python" + r"hosted|npm" + r"js)\.(?:org|com)": "a package host",
    r"https?://(?:cdn\.|unpkg\.|cdnjs\.)": "a file from somebody else's server",
    r"(?i)(?:secret|password|token)[\"']?\s*[:=]\s*[\"'](?:change" + r"me|secret|password|admin|dev-only[\w-]*)[\"']": (
        "a default secret"
    ),
    r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b": "an unfinished mark",
    "-----BEGIN [A-Z ]*PRIVATE" + " KEY-----": "a private key",
}
NO_EMIT = re.compile(r"--no-emit-(?:index" + r"-url|find" + r"-links)")


def list_tracked(root: Path) -> list[Path]:
    """Files git knows or would add."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout.splitlines()
    return [root / name for name in names if (root / name).is_file()]


def find_text_faults(paths: Iterable[Path]) -> list[str]:
    return [fault for path in paths for fault in _faults(path)]


def _faults(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return []
    text = NO_EMIT.sub("", text)
    return [
        f"{path}:{text.count(chr(10), 0, found.start()) + 1} {what}: {found.group()}"
        for pattern, what in FORBIDDEN.items()
        for found in re.finditer(pattern, text)
    ]


def find_lock_faults(path: Path) -> list[str]:
    """Requirements without an exact version or without a hash."""
    entries = re.split(r"(?m)^(?=[A-Za-z0-9])", path.read_text(encoding="utf-8"))
    faults = []
    for entry in entries[1:]:
        first = entry.splitlines()[0]
        if "==" not in first:
            faults.append(f"{path}: {first} has no exact version")
        if "--hash=sha256:" not in entry:
            faults.append(f"{path}: {first} has no hash")
    return faults
