"""Golden strings (U23): what people read, letter by letter, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.kit import format
from community.kit.i18n import use_locale

EVENING = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
NEARLY_MIDNIGHT = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)
MIDNIGHT = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)
JAKARTA, PONTIANAK, MAKASSAR, JAYAPURA = "Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura"
TODAY = date(2026, 11, 28)

# function, arguments, Indonesian, English
GOLDEN: list[tuple[str, tuple[Any, ...], str, str]] = [
    (
        "when_long", (EVENING, JAKARTA),
        "Sabtu, 28 November 2026 · pukul 19.00 WIB", "Saturday, 28 November 2026, 19:00 WIB",
    ),
    (
        "when_long", (EVENING, PONTIANAK),
        "Sabtu, 28 November 2026 · pukul 19.00 WIB", "Saturday, 28 November 2026, 19:00 WIB",
    ),
    (
        "when_long", (EVENING, MAKASSAR),
        "Sabtu, 28 November 2026 · pukul 20.00 WITA", "Saturday, 28 November 2026, 20:00 WITA",
    ),
    (
        "when_long", (EVENING, JAYAPURA),
        "Sabtu, 28 November 2026 · pukul 21.00 WIT", "Saturday, 28 November 2026, 21:00 WIT",
    ),
    ("when_short", (EVENING, JAKARTA), "Sab, 28 Nov · 19.00 WIB", "Sat 28 Nov, 19:00 WIB"),
    ("when_short", (EVENING, MAKASSAR), "Sab, 28 Nov · 20.00 WITA", "Sat 28 Nov, 20:00 WITA"),
    ("when_short", (EVENING, JAYAPURA), "Sab, 28 Nov · 21.00 WIT", "Sat 28 Nov, 21:00 WIT"),
    ("when_short", (NEARLY_MIDNIGHT, JAKARTA), "Kam, 31 Des · 23.59 WIB", "Thu 31 Dec, 23:59 WIB"),
    ("when_short", (MIDNIGHT, JAKARTA), "Jum, 1 Jan · 00.00 WIB", "Fri 1 Jan, 00:00 WIB"),
    ("when_short", (NEARLY_MIDNIGHT, MAKASSAR), "Jum, 1 Jan · 00.59 WITA", "Fri 1 Jan, 00:59 WITA"),
    ("when_long", (MIDNIGHT, JAYAPURA), "Jumat, 1 Januari 2027 · pukul 02.00 WIT", "Friday, 1 January 2027, 02:00 WIT"),
    ("date_long", (EVENING, JAKARTA), "Sabtu, 28 November 2026", "Saturday, 28 November 2026"),
    ("date_long", (NEARLY_MIDNIGHT, JAKARTA), "Kamis, 31 Desember 2026", "Thursday, 31 December 2026"),
    ("date_long", (NEARLY_MIDNIGHT, JAYAPURA), "Jumat, 1 Januari 2027", "Friday, 1 January 2027"),
    ("date_short", (EVENING, JAKARTA), "Sab, 28 Nov", "Sat 28 Nov"),
    ("time_short", (EVENING, MAKASSAR), "20.00 WITA", "20:00 WITA"),
    ("time_range", (EVENING, EVENING.replace(hour=14), JAKARTA), "19.00–21.00 WIB", "19:00–21:00 WIB"),
    ("time_range", (EVENING, EVENING.replace(hour=14), JAYAPURA), "21.00–23.00 WIT", "21:00–23:00 WIT"),
    (
        "time_range", (EVENING, EVENING.replace(hour=18), JAKARTA),
        "19.00–01.00 WIB (Min, 29 Nov)", "19:00–01:00 WIB (Sun 29 Nov)",
    ),
    ("zone_label", (PONTIANAK,), "WIB", "WIB"),
    ("zone_label", ("UTC",), "UTC", "UTC"),
    ("day_long", (date(2026, 8, 17),), "Senin, 17 Agustus 2026", "Monday, 17 August 2026"),
    ("day_long", (date(2028, 2, 29),), "Selasa, 29 Februari 2028", "Tuesday, 29 February 2028"),
    ("day_short", (date(2026, 5, 6),), "Rab, 6 Mei", "Wed 6 May"),
    ("day_short", (date(2026, 8, 9),), "Min, 9 Agu", "Sun 9 Aug"),
    ("day_short", (date(2026, 10, 8),), "Kam, 8 Okt", "Thu 8 Oct"),
    ("month_long", (date(2026, 3, 1),), "Maret 2026", "March 2026"),
    ("month_short", (date(2026, 12, 1),), "Des 2026", "Dec 2026"),
    ("relative_day", (date(2026, 11, 28), TODAY), "hari ini, 28 November", "today, 28 November"),
    ("relative_day", (date(2026, 11, 29), TODAY), "besok, 29 November", "tomorrow, 29 November"),
    ("relative_day", (date(2026, 11, 27), TODAY), "kemarin, 27 November", "yesterday, 27 November"),
    ("relative_day", (date(2026, 11, 30), TODAY), "lusa, 30 November", "the day after tomorrow, 30 November"),
    ("relative_day", (date(2026, 12, 5), TODAY), "Sabtu, 5 Desember", "Saturday, 5 December"),
    ("relative_day", (date(2027, 1, 2), TODAY), "Sabtu, 2 Januari 2027", "Saturday, 2 January 2027"),
    ("relative_day", (date(2027, 1, 1), date(2026, 12, 31)), "besok, 1 Januari 2027", "tomorrow, 1 January 2027"),
    ("duration", (0,), "0 menit", "0 minutes"),
    ("duration", (1,), "1 menit", "1 minute"),
    ("duration", (45,), "45 menit", "45 minutes"),
    ("duration", (60,), "1 jam", "1 hour"),
    ("duration", (135,), "2 jam 15 menit", "2 hours 15 minutes"),
    ("duration", (47 * 60 + 1,), "47 jam 1 menit", "47 hours 1 minute"),
    ("duration", (48 * 60,), "2 hari", "2 days"),
    ("duration", (50 * 60 + 30,), "2 hari 2 jam", "2 days 2 hours"),
    ("number", (0,), "0", "0"),
    ("number", (7,), "7", "7"),
    ("number", (1234,), "1.234", "1,234"),
    ("number", (1234.5,), "1.234,5", "1,234.5"),
    ("number", (1234.0,), "1.234", "1,234"),
    ("number", (-3,), "−3", "−3"),
    ("number", (-1234.56,), "−1.234,6", "−1,234.6"),
    ("number", (-0.04,), "0", "0"),
    ("number", (0.1 + 0.2,), "0,3", "0.3"),
    ("number", (1000000,), "1.000.000", "1,000,000"),
    ("number", (3.14159, 2), "3,14", "3.14"),
    ("number", (2, 2), "2,00", "2.00"),
    ("number", (Decimal("1234567.89"), 1), "1.234.567,9", "1,234,567.9"),
    ("percent", (0.125,), "12,5%", "12.5%"),
    ("percent", (0.82,), "82%", "82%"),
    ("percent", (1,), "100%", "100%"),
    ("percent", (-0.05,), "−5%", "−5%"),
    ("percent", (0.29,), "29%", "29%"),
    ("people", (1,), "1 orang", "1 person"),
    ("people", (0,), "0 orang", "0 people"),
    ("people", (6000,), "6.000 orang", "6,000 people"),
    ("people_range", (28, 41), "28–41 orang", "28–41 people"),
    ("people_range", (28, 28), "28 orang", "28 people"),
    ("people_range", (0, 1), "0–1 orang", "0–1 people"),
    ("people_range", (950, 1200), "950–1.200 orang", "950–1,200 people"),
    ("rupiah", (0,), "Rp0", "Rp0"),
    ("rupiah", (500,), "Rp500", "Rp500"),
    ("rupiah", (1_250_000,), "Rp1.250.000", "Rp1,250,000"),
    ("rupiah", (-3000,), "−Rp3.000", "−Rp3,000"),
    ("rupiah", (10**15,), "Rp1.000.000.000.000.000", "Rp1,000,000,000,000,000"),
    ("rupiah", (10**15 - 1,), "Rp999.999.999.999.999", "Rp999,999,999,999,999"),
    ("rupiah_short", (9_999,), "Rp9.999", "Rp9,999"),
    ("rupiah_short", (10_000,), "Rp10 ribu", "Rp10 thousand"),
    ("rupiah_short", (950_000,), "Rp950 ribu", "Rp950 thousand"),
    ("rupiah_short", (999_949,), "Rp999,9 ribu", "Rp999.9 thousand"),
    ("rupiah_short", (999_950,), "Rp1 juta", "Rp1 million"),
    ("rupiah_short", (1_200_000,), "Rp1,2 juta", "Rp1.2 million"),
    ("rupiah_short", (1_250_000,), "Rp1,2 juta", "Rp1.2 million"),
    ("rupiah_short", (3_400_000_000,), "Rp3,4 miliar", "Rp3.4 billion"),
    ("rupiah_short", (-2_000_000,), "−Rp2 juta", "−Rp2 million"),
    ("rupiah_short", (10**12,), "Rp1 triliun", "Rp1 trillion"),
    ("rupiah_short", (10**15,), "Rp1.000 triliun", "Rp1,000 trillion"),
    ("phone_full", ("+6281234567890",), "0812-3456-7890", "0812-3456-7890"),
    ("phone_full", ("+628123456789",), "0812-3456-789", "0812-3456-789"),
    ("phone_full", ("+62812345678901",), "0812-3456-78901", "0812-3456-78901"),
    ("phone_full", ("+62215551234",), "021-5551234", "021-5551234"),
    ("phone_full", ("+6591234567",), "+65 9123 4567", "+65 9123 4567"),
    ("phone_tail", ("+6281234567890",), "…890", "…890"),
]  # fmt: skip
assert len(GOLDEN) >= 90


@pytest.mark.parametrize(("function", "arguments", "indonesian", "english"), GOLDEN)
def test_what_people_read(function: str, arguments: tuple[Any, ...], indonesian: str, english: str) -> None:
    write = getattr(format, function)

    assert write(*arguments) == indonesian
    with use_locale("en"):
        assert write(*arguments) == english


def test_a_machine_reads_the_offset() -> None:
    assert format.iso(EVENING, JAYAPURA) == "2026-11-28T21:00:00+09:00"


def test_a_time_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        format.when_long(datetime(2026, 11, 28, 12, 0), JAKARTA)


@pytest.mark.parametrize("odd", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(odd: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        format.number(odd)


def test_a_negative_duration_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        format.duration(-1)


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_money_loses_no_digit_and_has_no_space_or_hyphen(amount: int) -> None:
    words = format.rupiah(amount)

    assert int(words.replace("−", "-").replace("Rp", "").replace(".", "")) == amount
    assert not set(words) & {" ", "\u00a0", "\u202f", "-"}


@given(st.integers(min_value=0, max_value=10**15))
def test_short_money_is_within_a_twentieth_of_the_truth(amount: int) -> None:
    figure, _space, unit = format.rupiah_short(amount).removeprefix("Rp").partition(" ")

    factor = {"": 1, "ribu": 10**3, "juta": 10**6, "miliar": 10**9, "triliun": 10**12}[unit]
    assert abs(float(figure.replace(".", "").replace(",", ".")) * factor - amount) <= 0.05 * max(factor, 1)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("H. Ahmad Contoh", "ahmad contoh"),
        ("Hj.Siti Contoh", "siti contoh"),
        ("Prof. Dr. Ir. Budi", "budi"),
        ("Drs. Andi", "andi"),
        ("dr. Rina", "rina"),
        ("Drajat", "drajat"),
        ("Irma", "irma"),
        ("Hendra", "hendra"),
        ("H.", "h."),
        ("  Dewi   Lestari ", "dewi lestari"),
    ],
)
def test_names_are_sorted_without_their_titles(name: str, key: str) -> None:
    assert format.sort_name(name) == key
