"""What awaits a product that is submitted: how long it takes until the badge, by the same rules the reviewer works with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

REVIEW_DAYS: Final = 2
"""Working days until a reviewer has decided."""
INSPECTION_DAYS: Final = 2
"""Working days from the goods' arrival until their lot is released."""
LAB_DAYS: Final = 7
"""Working days from drawing a sample until its result is published."""


@dataclass(frozen=True)
class LabTest:
    """One test a laboratory may make of this kind of goods."""

    code: str
    label_zh: str
    label_en: str
    standard: str

    def label(self, language: str) -> str:
        return self.label_en if language.startswith("en") else self.label_zh


@dataclass(frozen=True)
class Way:
    """Working days of each step; ``laboratory`` is 0 where the badge waits for no result."""

    review: int
    inspection: int
    laboratory: int

    @property
    def days(self) -> int:
        """Working days to the badge, without the goods' own journey."""
        return self.review + self.inspection + self.laboratory


def way_to_badge(*, lab_result_days: int) -> Way:
    """Return how long each step takes; a category whose risk demands it waits for a laboratory too."""
    return Way(REVIEW_DAYS, INSPECTION_DAYS, LAB_DAYS if lab_result_days else 0)


def lab_tests(rows: list[Mapping[str, Any]]) -> tuple[LabTest, ...]:
    """Read ``Category.lab_tests``.

    :raises KeyError: if a row lacks one of its four entries
    """
    return tuple(LabTest(row["code"], row["label_zh"], row["label_en"], row["standard"]) for row in rows)
