"""The tokens can be read, light and dark: WCAG 2.2 contrast, worked out from the style sheet itself."""

import re

import pytest
from django.conf import settings

from assurance.states import TONES

SHEET = (settings.BASE_DIR / "assurance/static/wuyou/css/tokens.css").read_text()
LIGHT, DARK = re.findall(r'^(?::root|\[data-bs-theme="dark"\]) {(.*?)^}', SHEET, re.DOTALL | re.MULTILINE)


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", block))


THEMES = {"light": tokens(LIGHT), "dark": tokens(LIGHT) | tokens(DARK)}


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
class TestColours:
    @pytest.mark.parametrize("ground", ["ground", "paper", "sunk"])
    @pytest.mark.parametrize("ink", ["ink", "ink-2", "ink-3", "brand"])
    def test_of_text_stand_out_on_every_ground(self, theme, ink, ground):
        colours = THEMES[theme]

        assert contrast(colours[ink], colours[ground]) >= 4.5

    @pytest.mark.parametrize("tone", TONES)
    def test_of_a_state_stand_out_on_its_own_ground(self, theme, tone):
        colours = THEMES[theme]

        assert contrast(colours[tone], colours[f"{tone}-bg"]) >= 6
        assert contrast("#fff", colours[f"{tone}-solid"]) >= 4.5

    def test_of_controls_can_be_seen(self, theme):
        colours = THEMES[theme]

        assert contrast(colours["line-3"], colours["paper"]) >= 3
        assert contrast(colours["fail-line"], colours["paper"]) >= 3
        assert contrast(colours["brand"], colours["brand-bg"]) >= 4.5
