"""U21: every pair of colours meets its figure, and only the tokens hold a colour."""

from __future__ import annotations

import itertools
import math
import re

import pytest

from community.kit import assets

CSS = assets.STATIC_DIR / "css"
HEX = r"#[0-9A-Fa-f]{6}"
FILLS = ("bg", "surface", "sunken")
SOFT = ("primary-soft", "ok-soft", "warn-soft", "danger-soft", "info-soft")
EVERYWHERE = (*FILLS, *SOFT)

# what, on what, least contrast light, least contrast dark
PAIRS: list[tuple[str, tuple[str, ...], float, float]] = [
    ("ink", EVERYWHERE, 14.4, 11.9),
    ("ink-soft", EVERYWHERE, 6.4, 6.5),
    ("edge", FILLS, 3.5, 4.6),
    ("primary", (*FILLS, "primary-soft"), 7.5, 7.3),
    ("on-primary", ("primary",), 8.9, 9.1),
    ("on-primary", ("primary-strong",), 8.9, 9.1),
    ("on-danger", ("danger",), 6.8, 8.0),
    ("ok", (*FILLS, "ok-soft"), 5.5, 7.6),
    ("warn", (*FILLS, "warn-soft"), 5.7, 7.8),
    ("danger", (*FILLS, "danger-soft"), 6.2, 6.8),
    ("info", (*FILLS, "info-soft"), 6.0, 7.6),
    ("focus", FILLS, 14.6, 11.6),
    ("c1", FILLS, 3.6, 5.2),
    *((f"c{i}", ("bg", "surface"), 3.6, 5.2) for i in (2, 3, 4)),  # charts stand on paper and cards, not in wells
    *(("on-s-light", (f"s{i}",), 5.3, 5.3) for i in (1, 2, 3)),
    *(("on-s-dark", (f"s{i}",), 5.3, 5.3) for i in (4, 5)),
    ("qr-ink", ("qr-paper",), 21, 21),
]

# Full dichromacy in linear sRGB: Machado, Oliveira and Fernandes (2009), IEEE TVCG 15(6), severity 1.0.
COLOUR_BLIND = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def read_tokens() -> dict[str, dict[str, str]]:
    """The colours of both themes; the dark theme changes what it names."""
    css = (CSS / "base.css").read_text("utf-8")
    light_part, rest = css.split("@media (prefers-color-scheme: dark)")
    dark_part = rest.split("@media print")[0]
    light = dict(re.findall(rf"--([\w-]+): ({HEX})", light_part))
    return {"light": light, "dark": light | dict(re.findall(rf"--([\w-]+): ({HEX})", dark_part))}


TOKENS = read_tokens()


def linear(colour: str) -> tuple[float, float, float]:
    def channel(start: int) -> float:
        value = int(colour[start : start + 2], 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return channel(1), channel(3), channel(5)


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: tuple[float, ...]) -> tuple[float, float, float]:
    """CIE L*a*b* under D65, from linear sRGB."""
    red, green, blue = (min(max(value, 0.0), 1.0) for value in rgb)
    xyz = (
        (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089,
    )
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def seen_by(kind: str, colour: str) -> tuple[float, ...]:
    rgb = linear(colour)
    return tuple(sum(weight * value for weight, value in zip(row, rgb, strict=True)) for row in COLOUR_BLIND[kind])


def test_black_on_white_is_21() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize(("what", "on", "light", "dark"), PAIRS)
def test_every_pair_meets_its_figure(what: str, on: tuple[str, ...], light: float, dark: float) -> None:
    for theme, least in (("light", light), ("dark", dark)):
        tokens = TOKENS[theme]
        for fill in on:
            found = contrast(tokens[what], tokens[fill])
            assert found >= least - 0.05, f"{theme}: {what} on {fill} is {found:.2f}"


@pytest.mark.parametrize(("theme", "least"), [("light", 29), ("dark", 19)])
@pytest.mark.parametrize("kind", COLOUR_BLIND)
def test_series_stay_apart_for_the_colour_blind(theme: str, least: float, kind: str) -> None:
    series = [TOKENS[theme][f"c{i}"] for i in range(1, 5)]

    for one, other in itertools.combinations(series, 2):
        assert math.dist(lab(seen_by(kind, one)), lab(seen_by(kind, other))) >= least - 0.5, (one, other)


@pytest.mark.parametrize("theme", TOKENS)
def test_the_heat_scale_runs_one_way(theme: str) -> None:
    light = [luminance(TOKENS[theme][f"s{i}"]) for i in range(1, 6)]

    assert light in (sorted(light), sorted(light, reverse=True))


def test_nothing_but_the_tokens_has_a_colour() -> None:
    named = r"(?<![-\w])(?:black|white|red|green|blue|gr[ae]y|orange|yellow|purple)(?![-\w])"
    colour = re.compile(rf"{HEX}|#[0-9a-fA-F]{{3}}\b|rgba?\(|hsla?\(|oklch\(|color-mix\(|{named}")
    base = (CSS / "base.css").read_text("utf-8")
    tokens = base[base.index("@layer tokens") : base.index("@layer base")]
    sheets = {"base.css": base.replace(tokens, "")}
    sheets |= {file.name: file.read_text("utf-8") for file in CSS.rglob("*.css") if file.name != "base.css"}

    found = {name: colour.findall(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)) for name, css in sheets.items()}

    assert {name: colours for name, colours in found.items() if colours} == {}


def test_every_token_that_is_used_exists() -> None:
    used = {name for file in CSS.rglob("*.css") for name in re.findall(r"var\(--([\w-]+)", file.read_text("utf-8"))}
    made = set(re.findall(r"--([\w-]+):", (CSS / "base.css").read_text("utf-8")))

    assert used <= made


def test_the_style_sheet_stays_under_ten_kilobytes() -> None:
    packed = assets.read("site.css").packed

    assert packed is not None
    assert len(packed) <= 10 * 1024
