"""When mails may go: by day where they are read about, never after it is too late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.notifications.rules import RETRY_AFTER, is_quiet, next_morning, place_mail, retry_at

JAKARTA, JAYAPURA = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")
ZONES = st.sampled_from([ZoneInfo(f"Asia/{city}") for city in ("Jakarta", "Pontianak", "Makassar", "Jayapura")])
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
HOURS = st.integers(0, 24 * 10).map(lambda hours: timedelta(hours=hours))


def jakarta(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=JAKARTA)


def place(wanted: datetime, **given: object) -> datetime | None:
    values: dict[str, object] = {
        "now": wanted,
        "tz": JAKARTA,
        "category": "reminder",
        "not_after": None,
        "urgent": False,
    }
    return place_mail(wanted, **(values | given))  # type: ignore[arg-type]


def test_by_day_it_goes_at_once() -> None:
    assert place(jakarta(23, 10)) == jakarta(23, 10)
    assert place(jakarta(23, 7)) == jakarta(23, 7)
    assert place(jakarta(23, 20, 59)) == jakarta(23, 20, 59)


def test_at_night_it_waits_for_seven() -> None:
    assert place(jakarta(23, 21)) == jakarta(24, 7)
    assert place(jakarta(24, 0, 30)) == jakarta(24, 7)
    assert place(jakarta(24, 6, 59)) == jakarta(24, 7)


def test_night_is_where_the_event_is() -> None:
    at = jakarta(23, 20)  # 22.00 in Jayapura

    assert place(at, tz=JAYAPURA) == datetime(2026, 11, 24, 7, tzinfo=JAYAPURA)


def test_where_the_morning_is_too_late_it_goes_the_evening_before() -> None:
    now, wanted = jakarta(23, 9), jakarta(24, 3)

    assert place(wanted, now=now, not_after=jakarta(24, 6)) == jakarta(23, 20)


def test_where_that_evening_is_past_it_does_not_go() -> None:
    assert place(jakarta(24, 3), not_after=jakarta(24, 6)) is None


def test_only_essential_mails_about_something_near_wake_people() -> None:
    night, soon = jakarta(23, 22), jakarta(24, 9)

    assert place(night, category="essential", not_after=soon) == night
    assert place(night, category="reminder", not_after=soon) == jakarta(24, 7)
    assert place(night, category="essential", not_after=night + timedelta(hours=12)) == jakarta(24, 7)
    assert place(night, category="essential") == jakarta(24, 7)
    assert place(night, urgent=True) == night


def test_nothing_goes_once_it_is_too_late() -> None:
    assert place(jakarta(23, 10), not_after=jakarta(23, 10)) is None
    assert place(jakarta(23, 10), not_after=jakarta(23, 9), urgent=True) is None


@given(INSTANTS, HOURS, HOURS, ZONES, st.sampled_from(["essential", "reminder", "ask", "news"]))
def test_never_at_night_never_too_late_never_in_the_past(
    now: datetime, ahead: timedelta, left: timedelta, tz: ZoneInfo, category: str
) -> None:
    wanted, not_after = now + ahead, now + left

    at = place_mail(wanted, now=now, tz=tz, category=category, not_after=not_after, urgent=False)

    if at is not None:
        wakes = category == "essential" and not_after - wanted < timedelta(hours=12)
        assert now <= at < not_after
        assert wakes or not is_quiet(at, tz)


@given(INSTANTS, ZONES)
def test_the_next_morning_is_less_than_a_day_away(at: datetime, tz: ZoneInfo) -> None:
    assert timedelta(0) < next_morning(at, tz) - at <= timedelta(days=1)


def test_tries_are_five_more_and_ever_further_apart() -> None:
    now = jakarta(23, 10)
    waits = [retry_at(attempts, now) for attempts in range(1, 7)]

    assert [at - now for at in waits[:5] if at] == list(RETRY_AFTER)
    assert [wait // timedelta(minutes=1) for wait in RETRY_AFTER] == [1, 5, 15, 60, 240]
    assert waits[5] is None


@pytest.mark.parametrize("attempts", [6, 7, 100])
def test_after_six_tries_it_is_given_up(attempts: int) -> None:
    assert retry_at(attempts, jakarta(23, 10)) is None
