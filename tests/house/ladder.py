"""The import ladder: which file may import which, read from the source without running it.

The table stands in `docs/explanation/architecture.md`. An import inside a function, under TYPE_CHECKING, through
`importlib.import_module("…")` or as a dotted string (Piccolo's lazy references) counts like any other.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "community"
FLOORS: tuple[tuple[str, ...], ...] = (
    ("audit", "accounts", "notifications"),
    ("places", "chapters", "members", "rangers"),
    ("events", "sessions", "partners", "routing", "programmes", "channels", "outreach", "care"),
    ("growth", "home", "demo"),
)
ROOMS: tuple[str, ...] = tuple(room for floor in FLOORS for room in floor)
ROOF = frozenset({"app", "worker", "cli", "piccolo_app", "piccolo_conf", "registry", "health", "doctor"})

OWN_ROOM: dict[str, frozenset[str]] = {
    "rules": frozenset(),
    "stats": frozenset(),
    "errors": frozenset(),
    "forms": frozenset({"rules"}),
    "tables": frozenset({"rules"}),
    "queries": frozenset({"tables", "rules"}),
    "service": frozenset({"deeds", "queries", "rules", "stats", "errors", "forms"}),
    "deeds": frozenset({"queries", "rules", "stats", "errors", "forms"}),
    "web": frozenset({"service", "forms", "errors"}),
    "api": frozenset({"service", "forms", "errors"}),
    "jobs": frozenset({"service"}),
    "commands": frozenset({"service"}),
    "build": frozenset({"rules"}),
}
ROOMS_BEFORE: dict[str, str] = {"tables": "tables", "service": "service", "deeds": "service"}
FOLDERS = frozenset({"rules", "queries", "deeds", "build"})
"""What may be a folder: its modules have the rights of that name and may import each other. `deeds/` holds what stands
behind the door of a big room; nobody but the room's own `service.py` imports it."""

_ROOM_FILE = re.compile(rf"{PACKAGE}(?:\.\w+){{2,}}")


@dataclass(frozen=True, order=True)
class Import:
    line: int
    target: str
    """Dotted name below the package (`events.service`); "" for the package itself, "?" if it cannot be read."""


@dataclass(frozen=True)
class House:
    modules: dict[str, tuple[Import, ...]]
    """Module name below the package → what it imports from the package."""
    faults: tuple[str, ...]
    """What was already wrong while reading: unknown rooms, unknown files, name plates with code."""


def read_house(root: Path) -> House:
    """Read every module of the package under `root` and of the migrations beside it."""
    package = root / PACKAGE
    paths = sorted(package.rglob("*.py"))
    names = {path: _name(path.relative_to(package)) for path in paths}
    known = set(names.values())
    faults = [fault for path in paths for fault in _misplaced(path, path.relative_to(package))]
    modules = {name: tuple(_imports(path, package, known)) for path, name in names.items()}
    faults += list(_migrations_that_reach_in(root))
    return House(modules, tuple(faults))


def find_faults(house: House) -> list[str]:
    """Every rung that is stepped over, as `module:line imports target: reason`, and every circle."""
    faults = list(house.faults)
    for module, imports in sorted(house.modules.items()):
        for found in imports:
            if reason := why_not(module, found.target):
                faults.append(f"{module}:{found.line} imports {found.target or PACKAGE}: {reason}")
    faults += [f"circle: {' → '.join(circle)}" for circle in find_circles(house)]
    return faults


def why_not(module: str, target: str) -> str | None:
    """The reason why `module` may not import `target`, or None if it may."""
    here, there = module.split("."), target.split(".")
    if here[0] in ROOF:
        return None
    if target == "?":
        return "the target of this import cannot be read from the source"
    if there[0] in ROOF:
        return "nobody imports the roof"
    if there[0] == "kit":
        return None if here[0] else "the package itself imports nothing"
    if here[0] == "kit":
        return "kit knows no room"
    if here[0] not in ROOMS or there[0] not in ROOMS:
        return "not a room"
    if len(there) == 1:
        return "import a file of the room, not the room"
    return _why_not_own(here, there) if here[0] == there[0] else _why_not_elsewhere(here, there)


def _why_not_own(here: list[str], there: list[str]) -> str | None:
    if here[1:2] == there[1:2] and here[1] in FOLDERS:
        return None
    allowed = OWN_ROOM.get(here[1], frozenset()) if len(here) > 1 else frozenset()
    return (
        None if there[1] in allowed else f"{'.'.join(here[1:]) or '__init__'} may import {_listed(allowed)} of its room"
    )


def _why_not_elsewhere(here: list[str], there: list[str]) -> str | None:
    if ROOMS.index(there[0]) > ROOMS.index(here[0]):
        return "upward: that room comes later"
    allowed = ROOMS_BEFORE.get(here[1]) if len(here) > 1 else None
    if allowed is None:
        return "this file imports no other room"
    return None if there[1] == allowed else f"of another room, {here[1]} may import {allowed} only"


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"


def find_circles(house: House) -> list[list[str]]:
    """Strongly connected groups of more than one module (Tarjan, iterative), sorted; a self-import is one too."""
    edges = {
        module: sorted({found.target for found in imports if found.target in house.modules})
        for module, imports in house.modules.items()
    }
    circles = [sorted(group) for group in _strong_groups(edges) if len(group) > 1 or group[0] in edges[group[0]]]
    return sorted(circles)


def _strong_groups(edges: dict[str, list[str]]) -> Iterator[list[str]]:
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    for start in sorted(edges):
        work = [] if start in index else [(start, iter(edges[start]))]
        while work:
            node, targets = work[-1]
            if node not in index:
                index[node] = low[node] = len(index)
                stack.append(node)
            step = next((target for target in targets if target not in index), None)
            if step is not None:
                work.append((step, iter(edges[step])))
                continue
            work.pop()
            low[node] = min([low[node], *(low[target] for target in edges[node] if target in stack)])
            if low[node] == index[node]:
                cut = stack.index(node)
                group, stack[cut:] = stack[cut:], []
                yield group


def _name(relative: Path) -> str:
    parts = list(relative.with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _misplaced(path: Path, relative: Path) -> Iterator[str]:
    parts = relative.with_suffix("").parts
    if len(parts) == 1:
        if parts[0] != "__init__" and parts[0] not in ROOF:
            yield f"{relative}: not a file of the roof"
        return
    if parts[0] != "kit" and parts[0] not in ROOMS:
        yield f"{relative}: no such room"
        return
    if parts[-1] == "__init__" and not _is_name_plate(path):
        yield f"{relative}: holds more than a docstring"
    if parts[0] in ROOMS and not _may_stand_in_a_room(parts):
        yield f"{relative}: not a file a room may have"
    elif not (path.parent / "__init__.py").exists():
        yield f"{relative}: its folder has no __init__.py"


def _may_stand_in_a_room(parts: tuple[str, ...]) -> bool:
    if len(parts) == 2:
        return parts[1] in {*OWN_ROOM, "__init__"} - {"build", "deeds"}
    return parts[1] in FOLDERS and (len(parts) == 3 or parts[1] == "build")


def _is_name_plate(path: Path) -> bool:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return len(body) == 1 and ast.get_docstring(ast.Module(body=body, type_ignores=[])) is not None


def _migrations_that_reach_in(root: Path) -> Iterator[str]:
    for path in sorted((root / "piccolo_migrations").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if any(name.split(".")[0] == PACKAGE for name in names):
                yield f"{path.relative_to(root)}:{node.lineno}: a migration imports nothing from {PACKAGE}"  # type: ignore[attr-defined]


def _imports(path: Path, package: Path, known: set[str]) -> list[Import]:
    inside = (PACKAGE, *path.relative_to(package).parts[:-1])
    found: set[Import] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path))):
        for dotted in _dotted_names(node, inside, known):
            if dotted == "?" or dotted.split(".")[0] == PACKAGE:
                found.add(Import(node.lineno, "?" if dotted == "?" else dotted[len(PACKAGE) + 1 :]))  # type: ignore[attr-defined]
    return sorted(found)


def _dotted_names(node: ast.AST, inside: tuple[str, ...], known: set[str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from _from_import(node, inside, known)
    elif isinstance(node, ast.Call) and _called(node) in {"import_module", "__import__", "find_spec"}:
        yield _import_call(node, inside)
    elif isinstance(node, ast.Constant) and _names_a_room_file(node.value):
        yield str(node.value)


def _names_a_room_file(value: object) -> bool:
    return isinstance(value, str) and bool(_ROOM_FILE.fullmatch(value)) and value.split(".")[1] in ROOMS


def _from_import(node: ast.ImportFrom, inside: tuple[str, ...], known: set[str]) -> Iterator[str]:
    base = ".".join(inside[: len(inside) - node.level + 1]) if node.level else ""
    origin = ".".join(part for part in (base, node.module) if part)
    for alias in node.names:
        deeper = f"{origin}.{alias.name}"
        yield deeper if deeper[len(PACKAGE) + 1 :] in known or origin == PACKAGE else origin


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _import_call(node: ast.Call, inside: tuple[str, ...]) -> str:
    first = node.args[0] if node.args else None
    if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
        return "?"
    name = first.value
    level = len(name) - len(name.lstrip("."))
    return ".".join((*inside[: len(inside) - level + 1], name.lstrip("."))) if level else name
