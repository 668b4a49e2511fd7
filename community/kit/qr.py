"""QR codes: SVG to stand in a page (no request, follows the text size), PNG to be saved and shared."""

from __future__ import annotations

import io

import segno

QUIET_MODULES = 4  # ISO/IEC 18004 asks for four; scanners in a dark room need them


def qr_path(text: str) -> tuple[str, int]:
    """The dark modules as one SVG path of horizontal strokes, and the side of the square with its quiet zone.

    Colours are the caller's: dark on light in both themes, or phones cannot read it.
    """
    code = segno.make(text, micro=False, error="m")
    strokes = []
    for y, row in enumerate(code.matrix):
        x = 0
        while x < len(row):
            length = next((i for i, module in enumerate(row[x:]) if not module), len(row) - x)
            if length:
                strokes.append(f"M{x + QUIET_MODULES} {y + QUIET_MODULES}h{length}")
            x += length + 1
    return "".join(strokes), len(code.matrix) + 2 * QUIET_MODULES


def qr_png(text: str, *, module_px: int = 12) -> bytes:
    """Black on white, for posters and chats."""
    buffer = io.BytesIO()
    segno.make(text, micro=False, error="m").save(buffer, kind="png", scale=module_px, border=QUIET_MODULES)
    return buffer.getvalue()
