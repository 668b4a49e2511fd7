from __future__ import annotations

import re
import struct

import pytest
import segno

from community.kit.qr import QUIET_MODULES, qr_path, qr_png

ADDRESS = "https://ranger.example/k/AB2CD"


@pytest.mark.parametrize("text", ["x", ADDRESS, "é" * 200])
def test_the_path_draws_every_dark_module_and_no_other(text: str) -> None:
    path, side = qr_path(text)

    drawn = {
        (int(x) + step - QUIET_MODULES, int(y) - QUIET_MODULES)
        for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)", path)
        for step in range(int(length))
    }
    matrix = segno.make(text, micro=False, error="m").matrix
    assert drawn == {(x, y) for y, row in enumerate(matrix) for x, module in enumerate(row) if module}
    assert side == len(matrix) + 2 * QUIET_MODULES


def test_the_picture_is_a_square_png() -> None:
    png = qr_png(ADDRESS, module_px=10)

    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    assert width == height == 10 * qr_path(ADDRESS)[1]
