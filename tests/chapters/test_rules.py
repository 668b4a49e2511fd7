"""The table of states, and the names in addresses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.chapters.rules import (
    PUBLIC,
    TRANSITIONS,
    Cause,
    State,
    is_overdue,
    is_silent,
    is_slug,
    is_whatsapp_invite,
    next_state,
    numbered,
    shown_count,
    slug_from,
)

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "cause", "expected"),
    [
        (None, Cause.PROPOSED, State.PROPOSED),
        (State.PROPOSED, Cause.ENDORSED, State.FORMING),
        (State.PROPOSED, Cause.WITHDRAWN, State.CLOSED),
        (State.FORMING, Cause.FIRST_EVENT, State.ACTIVE),
        (State.FORMING, Cause.PUBLISHED, None),
        (State.ACTIVE, Cause.SILENCE, State.DORMANT),
        (State.FORMING, Cause.NO_RANGERS, State.DORMANT),
        (State.DORMANT, Cause.PUBLISHED, State.ACTIVE),
        (State.DORMANT, Cause.FIRST_EVENT, None),
        (State.DORMANT, Cause.SILENCE, None),
        (State.CLOSED, Cause.PUBLISHED, None),
    ],
)
def test_a_state_changes_as_the_table_says(state: State | None, cause: Cause, expected: State | None) -> None:
    assert next_state(state, cause) is expected


def test_nothing_leads_out_of_closed_or_back_to_proposed() -> None:
    assert all(state is not State.CLOSED for state, _cause in TRANSITIONS)
    assert [key for key, to in TRANSITIONS.items() if to is State.PROPOSED] == [(None, Cause.PROPOSED)]


def test_a_proposal_is_not_public() -> None:
    assert set(State) - set(PUBLIC) == {State.PROPOSED}


@pytest.mark.parametrize(("days", "silent"), [(119, False), (120, True)])
def test_silence_is_counted_from_the_last_event_or_the_last_change(days: int, silent: bool) -> None:
    then = NOW - timedelta(days=days)

    assert is_silent(then, NOW - timedelta(days=500), NOW) is silent
    assert is_silent(None, then, NOW) is silent
    assert not is_silent(then, NOW, NOW)
    assert not is_silent(NOW + timedelta(days=3), then, NOW)


def test_a_proposal_is_overdue_after_a_week() -> None:
    assert is_overdue(NOW - timedelta(days=7), NOW)
    assert not is_overdue(NOW - timedelta(days=7) + timedelta(seconds=1), NOW)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Pelapak Kediri & Blitar", "pelapak-kediri-blitar"),
        ("Komunitas Ngawi ", "komunitas-ngawi"),
        ("Ünggul Jaya", "unggul-jaya"),
        ("!!!", "komunitas"),
        ("Propose", "komunitas-propose"),
    ],
)
def test_an_address_is_made_of_the_name(name: str, slug: str) -> None:
    assert slug_from(name) == slug


@given(st.text(min_size=3, max_size=60))
def test_every_name_gives_an_address(name: str) -> None:
    assert is_slug(slug_from(name))


@given(st.text(min_size=3, max_size=60), st.integers(0, 30))
def test_a_taken_address_gets_the_first_free_number(name: str, others: int) -> None:
    slug = slug_from(name)
    taken = frozenset({slug, *(f"{slug}-{number}" for number in range(2, others + 2))})

    found = numbered(slug, taken)

    assert found not in taken
    assert is_slug(found)


@pytest.mark.parametrize("slug", ["", "ab", "-abc", "abc-", "Abc", "a b c", "propose", "a" * 41, "kédiri", "abc\n"])
def test_a_malformed_address_is_refused(slug: str) -> None:
    assert not is_slug(slug)


@pytest.mark.parametrize(("count", "shown"), [(0, "0"), (1, "<5"), (4, "<5"), (5, "5"), (1234, "1234")])
def test_a_few_people_are_not_told_apart_in_public(count: int, shown: str) -> None:
    assert shown_count(count) == shown


def test_only_a_group_invitation_is_taken_for_one() -> None:
    assert is_whatsapp_invite("https://chat.whatsapp.com/AbCdEfGhIjKlMnOp")
    assert not is_whatsapp_invite("https://chat.whatsapp.com.example/AbCdEfGhIjKlMnOp")
    assert not is_whatsapp_invite("http://chat.whatsapp.com/AbCdEfGhIjKlMnOp")
