"""Returns and their units in the back office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from warehouse.returns.models import ReturnParcel, ReturnPhoto, ReturnUnit


class ReturnParcelTable(back_office.Shown):
    noun, nouns = _("return"), _("returns")
    columns = ("merchant", "warehouse", "parcel", "state", "tracking_number", "arrived_at", "received_at", "closed_at")
    rows = ("carrier", "reference", "buyer_reason", "note", "announced_at", "announced_by", "received_by", "matched_at", "matched_by")
    list_filter = ("state",)


class ReturnUnitTable(back_office.Shown):
    noun, nouns = _("returned unit"), _("returned units")
    columns = ("return_parcel", "kind", "product", "lot", "state", "grade", "received_at", "settled_at")
    rows = ("merchant", "warehouse", "parcel", "item", "ordinal", "scanned_code", "scanned_lot", "override_reason", "received_by")
    list_filter = ("state", "grade", "kind")


class ReturnPhotoTable(back_office.Shown):
    noun, nouns = _("photo of a return"), _("photos of returns")
    columns = ("return_parcel", "warehouse", "file")


back_office.tables([(ReturnParcel, ReturnParcelTable), (ReturnUnit, ReturnUnitTable), (ReturnPhoto, ReturnPhotoTable)])
