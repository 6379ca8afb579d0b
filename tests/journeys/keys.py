"""Hands that only have a keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

MOST_STEPS: Final = 120
"""Nobody presses Tab more often than that to find a button."""
HAS_FOCUS: Final = "one => one === document.activeElement"


def reach(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus.

    :raises AssertionError: if it cannot be reached
    """
    target.wait_for()
    for _ in range(MOST_STEPS):
        if target.evaluate(HAS_FOCUS):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached by Tab")


def press(page: Page, target: Locator) -> None:
    """Use a link or a button as somebody without a mouse does."""
    reach(page, target)
    page.keyboard.press("Enter")


def choose(page: Page, target: Locator, value: str) -> None:
    """Choose from a list by the arrows.

    :raises AssertionError: if the list does not offer it
    """
    reach(page, target)
    page.keyboard.press("Home")
    for _ in range(MOST_STEPS):
        if target.input_value() == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{target} does not offer {value}")
