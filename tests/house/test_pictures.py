"""Pictures get small without an imaging library, and stay the pictures they were."""

from __future__ import annotations

import struct
import zlib

import pytest

from docs.build.pictures import SIGNATURE, _chunk, _chunks, _paeth, shrink


def make_png(width: int, rows: list[tuple[int, bytes]], *, channels: int = 3, depth: int = 8) -> bytes:
    """`rows`: filter of the row, and its bytes as filtered."""
    kind = {3: 2, 4: 6}[channels]
    body = b"".join(bytes([name]) + line for name, line in rows)
    head = struct.pack(">IIBBBBB", width, len(rows), depth, kind, 0, 0, 0)
    return SIGNATURE + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(body)) + _chunk(b"IEND", b"")


def read_pixels(png: bytes) -> list[tuple[int, int, int]]:
    """Of an indexed picture without filters, as `shrink` writes it."""
    chunks = dict(_chunks(png))
    width, height, *_rest = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    palette, rows = chunks[b"PLTE"], zlib.decompress(chunks[b"IDAT"])
    lines = [rows[start + 1 : start + 1 + width] for start in range(0, height * (width + 1), width + 1)]
    colours = [(palette[at * 3], palette[at * 3 + 1], palette[at * 3 + 2]) for line in lines for at in line]
    assert len(colours) == width * height
    return colours


def test_few_colours_stay_exactly_as_they_were_through_every_filter():
    red, grey = (200, 10, 10), (90, 90, 90)
    plain = bytes([*red, *grey])
    leftwards = bytes([*red, *((grey[i] - red[i]) & 255 for i in range(3))])
    as_above = bytes(6)
    average = bytes([*((red[i] - red[i] // 2) & 255 for i in range(3))]) + bytes(
        (grey[i] - (red[i] + grey[i]) // 2) & 255 for i in range(3)
    )
    paeth = bytes(3) + bytes((grey[i] - _paeth(red[i], grey[i], red[i])) & 255 for i in range(3))
    picture = make_png(2, [(0, plain), (1, leftwards), (2, as_above), (3, average), (4, paeth)])

    assert read_pixels(shrink(picture)) == [red, grey] * 5


def test_transparency_is_dropped_and_rare_colours_become_the_nearest_of_the_256_common_ones():
    common = [(value, 255 - value, 7, 255) for value in range(256)]
    shades = [*common, *common, *((red, green, 9, 255) for red, green, _blue, _alpha in common)]
    picture = make_png(len(shades), [(0, bytes(part for shade in shades for part in shade))], channels=4)

    assert read_pixels(shrink(picture)) == [shade[:3] for shade in common * 3]


@pytest.mark.parametrize("wrong", [b"GIF89a", make_png(1, [(0, bytes(6))], depth=16)])
def test_what_a_browser_does_not_write_is_refused(wrong: bytes):
    with pytest.raises(ValueError, match=r"PNG|8-bit"):
        shrink(wrong)
