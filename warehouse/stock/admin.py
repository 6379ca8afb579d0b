"""Lots, the stock ledger and its balances in the back office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from warehouse.stock.models import Bin, BinBalance, BinMove, CountLine, CycleCount, EndingLot, LifeRule, Lot, StockBalance, StockMove


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


class LifeRuleTable(back_office.Shown):
    noun, nouns = _("rule of remaining life"), _("rules of remaining life")
    columns = ("purpose", "category", "channel", "days", "share", "from_date", "set_by", "set_at")
    list_filter = ("purpose",)


class EndingLotTable(back_office.Shown):
    noun, nouns = _("lot near its end"), _("lots near their end")
    columns = ("lot", "state", "opened_at", "owner", "deed", "decided_at")
    rows = ("merchant", "warehouse", "rule", "owned_at", "note", "decided_by")
    list_filter = ("state", "deed")


class CycleCountTable(back_office.Shown):
    noun, nouns = _("count"), _("counts")
    columns = ("warehouse", "state", "is_blind", "opened_at", "opened_by", "settled_at", "settled_by")
    list_filter = ("state",)


class CountLineTable(back_office.Shown):
    noun, nouns = _("line of a count"), _("lines of counts")
    columns = ("count", "lot", "bin", "expected", "counted", "reason", "counted_by", "counted_at")
    rows = ("merchant", "warehouse", "product", "lost", "found")


back_office.tables([(Lot, LotTable), (StockMove, StockMoveTable), (StockBalance, StockBalanceTable)])
back_office.tables([(Bin, BinTable), (BinMove, BinMoveTable), (BinBalance, BinBalanceTable)])
back_office.tables([(LifeRule, LifeRuleTable), (EndingLot, EndingLotTable), (CycleCount, CycleCountTable), (CountLine, CountLineTable)])
