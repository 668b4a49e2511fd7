"""Terms and leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.rangers.rules import Absence, Role, Spell, a_year_after, is_away, may_renew, term_end, unite

days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
absences = st.lists(st.builds(lambda day, length: Absence(day, day + timedelta(days=length)), days, st.integers(0, 40)))
SPELL = Spell(
    id=UUID(int=1),
    person_id=UUID(int=2),
    chapter_id=UUID(int=3),
    role=Role.RANGER,
    from_on=date(2026, 1, 1),
    to_on=date(2027, 1, 1),
    proposed_by=None,
    proposed_at=datetime(2026, 1, 1, tzinfo=UTC),
    accepted_at=datetime(2026, 1, 1, tzinfo=UTC),
    ended_at=None,
)


def test_a_ranger_serves_twelve_months_and_a_deputy_ninety_days() -> None:
    assert term_end(Role.RANGER, date(2026, 11, 23)) == date(2027, 11, 23)
    assert term_end(Role.DEPUTY, date(2026, 11, 23)) == date(2027, 2, 21)
    assert a_year_after(date(2028, 2, 29)) == date(2029, 3, 1)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 1), False),
        (date(2026, 11, 2), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_a_term_is_renewed_in_its_last_sixty_days(today: date, expected: bool) -> None:
    assert may_renew(SPELL, today) is expected


def test_deputies_proposals_and_ended_terms_are_not_renewed() -> None:
    today = date(2026, 12, 31)

    assert not may_renew(replace(SPELL, role=Role.DEPUTY), today)
    assert not may_renew(replace(SPELL, accepted_at=None), today)
    assert not may_renew(replace(SPELL, ended_at=SPELL.proposed_at), today)


@given(absences, days)
def test_united_leaves_are_the_same_days(given_absences: list[Absence], day: date) -> None:
    assert is_away(unite(given_absences), day) == is_away(given_absences, day)


@given(absences)
def test_united_leaves_stand_apart_and_in_order(given_absences: list[Absence]) -> None:
    united = unite(given_absences)

    assert all(a.last_on + timedelta(days=1) < b.first_on for a, b in pairwise(united))
    assert unite(united) == united


def test_a_leave_counts_its_first_and_last_day() -> None:
    assert Absence(date(2026, 11, 1), date(2026, 11, 1)).days == 1
