from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.kit.format import phone_full
from community.kit.phones import looks_like_phone, parse_phone


@pytest.mark.parametrize(
    "written",
    [
        *("081234567890", "0812-3456-7890", "0812 3456 7890", "0812.3456.7890", "(0812) 3456-7890"),
        *("6281234567890", "+6281234567890", "+62 812-3456-7890", "+62 (0)812 3456 7890", "62 0812 3456 7890"),
        *("81234567890", "006281234567890", " 081234567890\t", "０８１２３４５６７８９０", "0812–3456–7890"),
        *("wa.me/6281234567890", "https://wa.me/6281234567890"),
    ],
)
def test_one_number_in_all_the_ways_people_write_it(written: str) -> None:
    assert parse_phone(written) == "+6281234567890"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("0811123456", "+62811123456"),
        ("0895-1234-5678-9", "+62895123456789"),
        ("(021) 555-1234", "+62215551234"),
        ("+65 9123 4567", "+6591234567"),
    ],
)
def test_short_long_land_and_foreign_numbers(written: str, kept: str) -> None:
    assert parse_phone(written) == kept


@pytest.mark.parametrize(
    "written",
    ["", "0", "123", "0812", "081234", "0812345678901234", "nomor saya", "0812x3456", "+", "+999123", "a@b.id"],
)
def test_what_is_no_number_is_refused_with_advice(written: str) -> None:
    with pytest.raises(ValueError, match="misalnya 0812-3456-7890"):
        parse_phone(written)


@given(st.from_regex(r"\A\+628[1-9][0-9]{7,10}\Z"))
def test_what_we_print_we_can_read(number: str) -> None:
    assert parse_phone(phone_full(number)) == number


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_and_never_breaks(text: str) -> None:
    try:
        kept = parse_phone(text)
    except ValueError:
        return
    assert kept.startswith("+")
    assert kept[1:].isdecimal()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("0812-3456", True),
        ("+62 812", True),
        ("wa.me/62812345678", True),
        ("a@b.id", False),
        ("Budi 2", False),
        ("", False),
    ],
)
def test_a_phone_is_told_from_a_mail_address(text: str, meant: bool) -> None:
    assert looks_like_phone(text) is meant
