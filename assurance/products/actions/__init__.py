"""What changes products, whom they are shown to, and the categories that say what they must state."""

from assurance.products.actions.drafts import drop_draft, keep_draft
from assurance.products.actions.keeping import (
    BadAttribute,
    CategoryIsGroup,
    ChangedProduct,
    FieldNotAllowed,
    NewProduct,
    ProductLocked,
    SkuTaken,
    Upload,
    VersionConflict,
    create,
    create_all,
    lock,
    lock_all,
    unlock,
    update,
    update_all,
)
from assurance.products.actions.sharing import Sharing, share, share_all
from assurance.refusals import Refused

__all__ = [
    "BadAttribute",
    "CategoryIsGroup",
    "ChangedProduct",
    "FieldNotAllowed",
    "NewProduct",
    "ProductLocked",
    "Refused",
    "Sharing",
    "SkuTaken",
    "Upload",
    "VersionConflict",
    "create",
    "create_all",
    "drop_draft",
    "keep_draft",
    "lock",
    "lock_all",
    "share",
    "share_all",
    "unlock",
    "update",
    "update_all",
]
