"""A chapter's list: what is read, and how each fault is named."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.members.rules.reading import MOST_BYTES, parse_joined, read

TODAY = date(2026, 11, 23)
HEAD = "nama,hp,email,bergabung,id_toko,nama_toko,asal_persetujuan\n"


def one(line: str, heading: str = HEAD):
    return read((heading + line).encode(), TODAY)


def test_a_clear_line_is_read_whole() -> None:
    found = one("Siti Contoh,0812-3456-7890,SITI@Contoh.Example,01/03/2019,toko_1,Toko Siti,formulir 2019\n")

    assert not found.errors
    (row,) = found.rows
    assert (row.number, row.name, row.phone) == (2, "Siti Contoh", "+6281234567890")
    assert (row.email, row.joined_on, row.precision) == ("SITI@contoh.example", date(2019, 3, 1), "day")
    assert (row.store_id, row.store_name, row.consent) == ("toko_1", "Toko Siti", "formulir 2019")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_delimiters_and_encodings_of_spreadsheets_are_read(delimiter: str, encoding: str) -> None:
    text = "\r\n".join(delimiter.join(cells) for cells in (("Nama", "Asal persetujuan"), ("André", "grup")))

    assert read(text.encode(encoding), TODAY).rows[0].name == "André"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-03-01", (date(2019, 3, 1), "day")),
        ("01/03/2019", (date(2019, 3, 1), "day")),
        ("1.3.2019", (date(2019, 3, 1), "day")),
        ("1 Maret 2019", (date(2019, 3, 1), "day")),
        ("Maret 2019", (date(2019, 3, 1), "month")),
        ("Agt 2020", (date(2020, 8, 1), "month")),
        ("03/2019", (date(2019, 3, 1), "month")),
        ("2019", (date(2019, 1, 1), "year")),
        ("31/02/2019", None),
        ("13/25/2019", None),
        ("01/03/19", None),
        ("43525", None),
        ("kemarin", None),
        ("٣/٣/٢٠١٩", None),
    ],
)
def test_dates_are_read_day_first_and_never_guessed(text: str, expected: object) -> None:
    assert parse_joined(text) == expected


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ('Siti,"8,1E+11",,,,,grup', "hp", "phone_broken"),
        ("Siti,8.12E11,,,,,grup", "hp", "phone_broken"),
        ("Siti,12,,,,,grup", "hp", "not_phone"),
        ("Siti,,siti(at)contoh,,,,grup", "email", "not_email"),
        ("Siti,,,31/02/2019,,,grup", "bergabung", "not_date"),
        ("Siti,,,2031,,,grup", "bergabung", "date_out_of_range"),
        ("Siti,,,1999-12-31,,,grup", "bergabung", "date_out_of_range"),
        ("Siti,,,,toko satu,,grup", "id_toko", "not_store_id"),
        (",,,,,,grup", "nama", "name_missing"),
        ("Siti,,,,,,", "asal_persetujuan", "consent_missing"),
        (f"{'a' * 101},,,,,,grup", "nama", "name_too_long"),
        ("Siti\x07,,,,,,grup", "nama", "bad_text"),
    ],
)
def test_each_fault_names_row_column_value_and_what_to_do(line: str, column: str, code: str) -> None:
    found = one(f"Budi Contoh,,,,,,grup\n{line}\n")

    (error,) = found.errors
    assert (error.number, error.column, error.code) == (3, column, code)
    assert error.advice
    assert [row.name for row in found.rows] == ["Budi Contoh"]


def test_the_row_number_counts_blank_lines_as_a_spreadsheet_does() -> None:
    assert one("\n,,,,,,\nSiti,,,x,,,grup\n").errors[0].number == 4


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "column_missing"),
        (b"nama,hp\nSiti,0812\n", "column_missing"),
        (b"nama,nama lengkap,asal_persetujuan\n", "column_twice"),
        (b"nama,asal_persetujuan\n", "no_rows"),
        (b"PK\x03\x04\0\0", "not_csv"),
        (b'nama,asal_persetujuan\n"' + b"x" * 200_000, "not_csv"),
        (b"x" * (MOST_BYTES + 1), "too_large"),
    ],
)
def test_a_file_that_is_no_list_is_refused_whole(content: bytes, code: str) -> None:
    found = read(content, TODAY)

    assert code in {error.code for error in found.errors}
    assert not found.rows


def test_a_row_past_the_limit_is_refused() -> None:
    found = read(b"nama,asal_persetujuan\n" + b"Siti,grup\n" * 50_001, TODAY)

    assert found.errors[0].code == "too_many_rows"


def test_other_columns_are_listed_and_not_read() -> None:
    found = one("Siti,grup,Kediri,rahasia\n", "nama,asal_persetujuan,kota,catatan\n")

    assert found.unread == ("kota", "catatan")


def test_the_same_store_twice_is_a_fault_of_the_second_row() -> None:
    found = one("Siti,,,,toko1,,grup\nBudi,,,,toko1,,grup\n")

    assert [(error.number, error.code) for error in found.errors] == [(3, "store_twice")]


def test_the_mark_against_formulas_is_taken_off() -> None:
    assert one('Siti,"\t+6281234567890",,,,,grup\n').rows[0].phone == "+6281234567890"


@given(st.binary(max_size=400))
def test_no_file_whatever_raises(content: bytes) -> None:
    found = read(content, TODAY)

    assert found.rows or found.errors


@given(st.lists(st.text(max_size=20), min_size=7, max_size=8))
def test_no_cell_whatever_raises(cells: list[str]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(cells)
    read((HEAD + out.getvalue()).encode("utf-8", "surrogatepass"), TODAY)
