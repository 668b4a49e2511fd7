"""Who on a list is known already."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from community.members.rules.matching import Known, Outcome, are_alike, count_outcomes, name_key, plan, plan_hash
from community.members.rules.reading import Row

ONE, TWO = UUID(int=1), UUID(int=2)
PHONE = "+6281234567890"


def row(number: int = 2, **given: Any) -> Row:
    values: dict[str, Any] = {
        "name": "Siti Contoh", "phone": PHONE, "email": None, "joined_on": date(2025, 1, 1), "precision": "day",
        "store_id": None, "store_name": None, "consent": "grup",
    }  # fmt: skip
    return Row(number=number, **(values | given))


def known(person_id: UUID = ONE, **given: Any) -> Known:
    return Known(**({"person_id": person_id, "name": "Siti Contoh", "phone": PHONE, "email": None} | given))


def outcome_of(a_row: Row, *people: Known, **owners: UUID) -> Outcome:
    return plan([a_row], people, owners)[0].outcome


def test_nobody_known_is_new() -> None:
    assert outcome_of(row()) is Outcome.NEW


def test_the_same_name_and_phone_is_the_same_person() -> None:
    assert outcome_of(row(), known()) is Outcome.SAME
    assert outcome_of(row(), known(is_member=True, was_member=True)) is Outcome.MEMBER


def test_somebody_who_left_is_not_joined_again_by_a_list() -> None:
    assert outcome_of(row(), known(was_member=True)) is Outcome.LEFT


def test_a_family_that_shares_a_phone_stays_two_people() -> None:
    assert outcome_of(row(name="Bambang Contoh"), known()) is Outcome.NEW


def test_alike_names_on_one_phone_are_perhaps_the_same_unless_the_phone_is_proved() -> None:
    alike = row(name="Siti Contohh")

    assert outcome_of(alike, known()) is Outcome.PERHAPS
    assert outcome_of(alike, known(phone_verified=True)) is Outcome.SAME


def test_an_equal_mail_address_is_perhaps_the_same() -> None:
    mailed = row(name="Toko Jaya", phone=None, email="a@contoh.example")

    assert outcome_of(mailed, known(phone=None, email="A@contoh.example")) is Outcome.PERHAPS


def test_a_store_of_somebody_else_is_perhaps_the_same_and_is_not_linked() -> None:
    (planned,) = plan([row(store_id="toko1")], [], {"toko1": TWO})

    assert (planned.outcome, planned.link_store) == (Outcome.PERHAPS, False)


def test_equal_last_digits_count_within_the_chapter_only() -> None:
    other_phone = "+6285555557890"

    assert outcome_of(row(), known(phone=other_phone, was_member=True)) is Outcome.PERHAPS
    assert outcome_of(row(), known(phone=other_phone)) is Outcome.NEW


def test_a_row_without_contact_is_known_by_its_name_in_the_chapter() -> None:
    bare = row(phone=None)

    assert outcome_of(bare, known(phone=None, is_member=True, was_member=True)) is Outcome.MEMBER
    assert outcome_of(bare, known(phone=None)) is Outcome.NEW


def test_the_second_of_two_equal_rows_is_repeated() -> None:
    planned = plan([row(2), row(3, name="SITI  contoh")], [], {})

    assert [item.outcome for item in planned] == [Outcome.NEW, Outcome.REPEATED]
    assert count_outcomes(planned)["repeated"] == 1


def test_two_rows_of_one_known_person_make_one_spell() -> None:
    person = known(phone_verified=True)
    planned = plan([row(2), row(3, name="Siti Contohh")], [person], {})

    assert [item.outcome for item in planned] == [Outcome.SAME, Outcome.REPEATED]


def test_a_plan_that_comes_out_differently_has_another_hash() -> None:
    before = plan_hash(plan([row()], [], {}))

    assert before == plan_hash(plan([row()], [], {}))
    assert before != plan_hash(plan([row()], [known()], {}))


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Moch. Ridwan", "Muhammad Ridwan", True),
        ("H. Bambang Contoh", "Bambang Contoh", True),
        ("Contoh Siti", "Siti Contoh", True),
        ("Siti Contoh", "Bambang Contoh", False),
        ("H", "H", True),
    ],
)
def test_names_are_compared_without_titles_and_in_any_order(one: str, other: str, alike: bool) -> None:
    assert are_alike(one, other) is alike
    assert name_key(one)
