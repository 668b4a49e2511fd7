"""No cell of ours is ever calculated, and nothing is lost on the way through a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.kit.csvout import defused, write_csv


def read(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", ["=1+1", "+62812", "-3", "@cmd", "\t=1", "\r=1", " =1", "＝1", "\u00a0+1"])
def test_text_that_looks_like_a_formula_is_defused(text: str) -> None:
    assert read(write_csv(["nama"], [[text]]))[1] == [f"\t{text}"]


def test_numbers_stay_numbers_and_text_is_quoted() -> None:
    body = write_csv(["a", "b"], [[-3, Decimal("-1.5")], ["Siti", date(2026, 11, 28)], [None, True]])

    assert body.decode("utf-8-sig").split("\r\n") == ['"a","b"', "-3,-1.5", '"Siti","2026-11-28"', '"","ya"', ""]


@given(st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=40))
def test_every_text_comes_back_but_for_the_tab(text: str) -> None:
    found = read(write_csv(["nama", "x"], [[text, "x"]]))[1][0]

    assert found == defused(text)
    assert found.lstrip(" \n\u00a0")[:1] not in set("=+-@\r＝＋－＠")
    assert found.removeprefix("\t") in {text, text.removeprefix("\t")}


def test_a_heading_is_defused_too() -> None:
    assert read(write_csv(["=a"], []))[0] == ["\t=a"]
