"""Who on a list is known already: never guessed, never merged; what is unsure is said to be."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from rapidfuzz.fuzz import token_sort_ratio

from community.members.rules.reading import Row

ALIKE_FROM = 90
_TITLES = frozenset({"h", "hj", "dr", "drs", "dra", "ir", "prof", "ust", "kh", "rr", "r"})
_MUHAMMAD = frozenset({"muh", "moh", "moch", "muhamad", "mohamad", "mohammad", "mochamad", "mochammad", "md", "mhd"})


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    SAME = "same"
    """Known, and not a member of this chapter: gets a spell."""
    MEMBER = "member"
    LEFT = "left"
    """Was a member and left: only the person's own tap joins again."""
    REPEATED = "repeated"
    """Stands further up in this file."""
    PERHAPS = "perhaps"
    """Perhaps somebody known: added apart, never merged by itself."""


ADDED = frozenset({Outcome.NEW, Outcome.SAME, Outcome.PERHAPS})


@dataclass(frozen=True)
class Known:
    """Somebody the platform knows. `was_member`: has any spell in this chapter; `is_member`: an open one."""

    person_id: UUID
    name: str
    phone: str | None
    email: str | None
    phone_verified: bool = False
    email_verified: bool = False
    was_member: bool = False
    is_member: bool = False


@dataclass(frozen=True)
class Planned:
    row: Row
    outcome: Outcome
    person_id: UUID | None
    """The known person of SAME, MEMBER and LEFT."""
    link_store: bool


@dataclass
class _Index:
    """The known people, by what a row can be recognised by."""

    phone: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    email: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    name_only: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    tail: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))


def name_key(name: str) -> str:
    """A name to compare by: small letters, titles dropped, the ways to shorten Muhammad made one."""
    words = re.findall(r"\w+", name.casefold())
    kept = [word for word in words if word not in _TITLES] or words
    return " ".join("muhammad" if word in _MUHAMMAD else word for word in kept)


def are_alike(one: str, other: str) -> bool:
    """Names at least 90 of 100 alike, whatever the order of their words."""
    return token_sort_ratio(name_key(one), name_key(other)) >= ALIKE_FROM


def plan(rows: Sequence[Row], known: Iterable[Known], store_owners: Mapping[str, UUID]) -> list[Planned]:
    """What becomes of each row. `store_owners`: who holds which of the file's store ids now."""
    index = _index(known)
    seen_rows: set[tuple[str, str | None, str | None]] = set()
    seen_people: set[UUID] = set()
    planned = []
    for row in rows:
        outcome, person_id = _decide(row, index, store_owners)
        mark = (name_key(row.name), row.phone, row.email)
        if mark in seen_rows or (person_id in seen_people and outcome in ADDED):
            outcome = Outcome.REPEATED
        seen_rows.add(mark)
        seen_people |= {person_id} if person_id else set()
        free_store = row.store_id is not None and row.store_id not in store_owners
        planned.append(Planned(row, outcome, person_id, free_store and outcome in ADDED))
    return planned


def _index(known: Iterable[Known]) -> _Index:
    index = _Index()
    for person in known:
        if person.phone:
            index.phone[person.phone].append(person)
        if person.phone and person.was_member:
            index.tail[person.phone[-4:]].append(person)
        if person.email:
            index.email[person.email.casefold()].append(person)
        if not person.phone and not person.email and person.was_member:
            index.name_only[name_key(person.name)].append(person)
    return index


def _decide(row: Row, index: _Index, store_owners: Mapping[str, UUID]) -> tuple[Outcome, UUID | None]:
    by_phone = index.phone.get(row.phone, []) if row.phone else []
    by_email = index.email.get(row.email.casefold(), []) if row.email else []
    by_name = index.name_only.get(name_key(row.name), []) if not row.phone and not row.email else []
    same = [p for p in (*by_phone, *by_email, *by_name) if _is_same(row, p)]
    if same:
        person = min(same, key=lambda p: (not p.is_member, not p.was_member, p.person_id))
        return _outcome(person), person.person_id
    perhaps = bool(by_email) or row.store_id in store_owners or _has_namesake(row, by_phone, index)
    return (Outcome.PERHAPS if perhaps else Outcome.NEW), None


def _outcome(person: Known) -> Outcome:
    if person.is_member:
        return Outcome.MEMBER
    return Outcome.LEFT if person.was_member else Outcome.SAME


def _is_same(row: Row, person: Known) -> bool:
    """The same name and contact; with a contact that its owner has proved, a name that is alike will do."""
    if name_key(row.name) == name_key(person.name):
        return True
    proved = (person.phone_verified and row.phone == person.phone) or (
        person.email_verified and row.email is not None and row.email.casefold() == (person.email or "").casefold()
    )
    return proved and are_alike(row.name, person.name)


def _has_namesake(row: Row, by_phone: Sequence[Known], index: _Index) -> bool:
    in_chapter = index.tail.get(row.phone[-4:], []) if row.phone else []
    return any(are_alike(row.name, person.name) for person in (*by_phone, *in_chapter))


def plan_hash(planned: Iterable[Planned]) -> bytes:
    """Differs as soon as one row would come out differently."""
    digest = hashlib.sha256()
    for item in planned:
        digest.update(f"{item.row.number}|{item.outcome.value}|{item.person_id}|{item.link_store}\n".encode())
    return digest.digest()


def count_outcomes(planned: Iterable[Planned]) -> dict[str, int]:
    """How many rows of each outcome, all named."""
    counts = {outcome.value: 0 for outcome in Outcome}
    for item in planned:
        counts[item.outcome.value] += 1
    return counts
