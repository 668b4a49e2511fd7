"""Small PNG files: a page has few colours, so 256 of them and one byte a pixel do. No imaging library needed."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOURS = 256
Colour = tuple[int, int, int]


def shrink(png: bytes) -> bytes:
    """The picture with at most 256 colours. Takes 8-bit RGB or RGBA without interlacing, as browsers write it."""
    width, height, channels, raw = _read(png)
    pixels = _unfilter(raw, width, height, channels)
    colours = list(zip(pixels[::channels], pixels[1::channels], pixels[2::channels], strict=True))
    palette = [colour for colour, _count in Counter(colours).most_common(COLOURS)]
    places = {colour: place for place, colour in enumerate(palette)}
    for colour in set(colours) - set(places):
        places[colour] = _nearest(colour, palette)
    indexed = bytes(places[colour] for colour in colours)
    return _write(width, height, palette, indexed)


def _nearest(colour: Colour, palette: list[Colour]) -> int:
    red, green, blue = colour
    return min(
        range(len(palette)),
        key=lambda place: (
            2 * (palette[place][0] - red) ** 2 + 4 * (palette[place][1] - green) ** 2 + (palette[place][2] - blue) ** 2
        ),
    )


def _read(png: bytes) -> tuple[int, int, int, bytes]:
    if not png.startswith(SIGNATURE):
        raise ValueError("not a PNG file")
    chunks = list(_chunks(png))
    width, height, depth, kind, _compression, _filter, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if depth != 8 or kind not in {2, 6} or interlaced:
        raise ValueError("only 8-bit RGB or RGBA without interlacing")
    return (
        width,
        height,
        3 if kind == 2 else 4,
        zlib.decompress(b"".join(body for name, body in chunks if name == b"IDAT")),
    )


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length


def _unfilter(raw: bytes, width: int, height: int, channels: int) -> bytes:
    """Undo the five row filters of the PNG specification, §9."""
    stride = width * channels
    above, out = bytearray(stride), bytearray()
    for row in range(height):
        start = row * (stride + 1)
        kind, line = raw[start], bytearray(raw[start + 1 : start + 1 + stride])
        if kind == 2:
            line = bytearray((value + up) & 255 for value, up in zip(line, above, strict=True))
        elif kind:
            _unfilter_leftwards(kind, line, above, channels)
        out += line
        above = line
    return bytes(out)


def _unfilter_leftwards(kind: int, line: bytearray, above: bytearray, channels: int) -> None:
    for place, value in enumerate(line):
        left = line[place - channels] if place >= channels else 0
        corner = above[place - channels] if place >= channels else 0
        guess = (left, 0, (left + above[place]) // 2, _paeth(left, above[place], corner))[kind - 1]
        line[place] = (value + guess) & 255


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))


def _write(width: int, height: int, palette: list[Colour], indexed: bytes) -> bytes:
    rows = b"".join(b"\0" + indexed[row * width : (row + 1) * width] for row in range(height))
    return SIGNATURE + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", bytes(value for colour in palette for value in colour)),
            _chunk(b"IDAT", zlib.compress(rows, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
