"""Lots, the stock ledger and its balances in the back office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from warehouse.stock.models import Bin, BinBalance, BinMove, Lot, StockBalance, StockMove


class LotTable(back_office.Shown):
    noun, nouns = _("lot"), _("lots")
    columns = ("number", "product", "merchant", "warehouse", "produced_date", "expiry_date", "first_received_at")
    search_fields = ("number",)


class StockMoveTable(back_office.Shown):
    noun, nouns = _("stock move"), _("stock moves")
    columns = ("at", "lot", "source", "target", "quantity", "because", "actor")
    rows = ("merchant", "reference", "clearance")
    list_filter = ("because",)
    search_fields = ("reference",)


class StockBalanceTable(back_office.Shown):
    noun, nouns = _("stock balance"), _("stock balances")
    columns = ("lot", "custody", "quantity")
    list_filter = ("custody",)


class BinTable(back_office.Shown):
    noun, nouns = _("bin"), _("bins")
    columns = ("code", "kind", "warehouse", "created_at", "created_by")
    list_filter = ("kind",)
    search_fields = ("code",)


class BinMoveTable(back_office.Shown):
    noun, nouns = _("move between bins"), _("moves between bins")
    columns = ("at", "lot", "source", "target", "quantity", "because", "actor")
    rows = ("merchant", "warehouse", "product", "reference")
    list_filter = ("because",)
    search_fields = ("reference",)


class BinBalanceTable(back_office.Shown):
    noun, nouns = _("bin balance"), _("bin balances")
    columns = ("lot", "bin", "quantity")


back_office.tables([(Lot, LotTable), (StockMove, StockMoveTable), (StockBalance, StockBalanceTable)])
back_office.tables([(Bin, BinTable), (BinMove, BinMoveTable), (BinBalance, BinBalanceTable)])
