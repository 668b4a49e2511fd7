"""Which passwords are taken. Length is what counts; only what guessers try first is refused.

No list of leaked passwords with a clear licence came with any library we use, so the common ones are made here, by the
recipes people follow: a frequent word, doubled or not, with the usual digits or sign behind it; keyboard rows; runs of
digits; dates. Of published lists hardly anything else is ten characters long.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import product

LEAST, MOST = 10, 128

WORDS = tuple(
    """password passw0rd p@ssword p@ssw0rd katasandi sandi rahasia rahasiaku admin administrator root user welcome
    letmein login master dragon monkey sunshine princess football iloveyou superman batman trustno1 shadow michael
    jordan computer internet secret freedom whatever starwars pokemon hello charlie qwerty asdfgh zxcvbn abc abcd abcde
    abcdef test testing guest changeme default indonesia jakarta bandung surabaya yogyakarta jogja semarang medan
    makassar denpasar bali sayang sayangku cinta cintaku bismillah alhamdulillah assalamualaikum insyaallah
    masyaallah subhanallah allahuakbar muhammad keluarga bahagia semangat sukses berkah merdeka garuda pancasila persib
    persija arema jakmania bobotoh kucing anjing bunga mawar melati ranger pelapak penjual pembeli toko tokoku tokosaya
    jualan dagang kopdar komunitas pasar online warung sembako gratis diskon promo juara pemenang pahlawan satria
    matahari bulan bintang langit laut gunung sekolah kuliah kampus mahasiswa guru dosen dokter polisi tentara presiden
    akusayangkamu akucintakamu terimakasih selamatpagi selamatdatang apakabar samsung oppo vivo xiaomi android iphone
    google facebook instagram whatsapp tiktok youtube twitter telegram gmail yahoo""".split()  # noqa: SIM905  (a list literal would take two hundred lines)
)
ENDINGS = (
    *("", "1", "12", "123", "1234", "12345", "123456", "1234567", "12345678", "123456789", "1234567890", "321", "4321"),
    *("00", "01", "07", "10", "11", "22", "33", "44", "55", "66", "77", "88", "99", "000", "007", "111", "222", "333"),
    *("444", "555", "666", "777", "888", "999", "1111", "0000", "1945", "!", "!!", "123!", "1!", "@", "@1", "@123"),
    *("@1234", "#1", "#123", "_123", ".", ".1", ".123", "*", "?", "qwerty", "abc"),
    *(str(year) for year in range(1980, 2031)),
)
ROWS = ("1234567890", "0987654321", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv", "abcdefghijklmnopqrst")


def normal(password: str) -> str:
    """NFKC, so that the same keys on two keyboards give the same password."""
    return unicodedata.normalize("NFKC", password)


def refuse(password: str) -> str | None:
    """The code of what is wrong with a new password, already normalised: too_short, too_long, too_common; or None."""
    if len(password) < LEAST:
        return "too_short"
    if len(password) > MOST:
        return "too_long"
    return "too_common" if is_common(password) else None


def is_common(password: str) -> bool:
    lowered = password.casefold()
    return lowered in common() or len(set(lowered)) <= 2


@cache
def common() -> frozenset[str]:
    """About 33,000, all of a length we would otherwise accept, in lower case."""
    return frozenset(word for word in _made() if len(word) >= LEAST)


def _made() -> Iterator[str]:
    for word, ending in product(WORDS, ENDINGS):
        yield word + ending
        if ending.isdigit() and len(ending) <= 4:
            yield word + word + ending
            yield ending + word
    for row in ROWS:
        doubled = row + row
        for start, length in product(range(len(row)), range(LEAST, 17)):
            yield doubled[start : start + length]
        for ending in ENDINGS:
            yield row + ending
