"""How what a category demands changes: versions are loaded or drafted, shown to be understood, and activated by another person."""

from assurance.categories.actions.activating import (
    Activation,
    ListChanged,
    NoSecondAdministrator,
    OwnDraft,
    activate,
    activate_all,
    activate_harmless,
    put_in_force,
)
from assurance.categories.actions.drafting import (
    BadContent,
    CategoryIsGroup,
    DraftExists,
    EffectiveInThePast,
    PeriodTaken,
    VersionConflict,
    Wording,
    discard,
    draft,
    redraft,
)
from assurance.categories.actions.loading import load_categories

__all__ = [
    "Activation",
    "BadContent",
    "CategoryIsGroup",
    "DraftExists",
    "EffectiveInThePast",
    "ListChanged",
    "NoSecondAdministrator",
    "OwnDraft",
    "PeriodTaken",
    "VersionConflict",
    "Wording",
    "activate",
    "activate_all",
    "activate_harmless",
    "discard",
    "draft",
    "load_categories",
    "put_in_force",
    "redraft",
]
