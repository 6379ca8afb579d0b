"""This floor's tables by name, for Django; code imports them from their packages."""

from warehouse.inbound.models import Receipt, ShipmentLine, ShipmentNotice
from warehouse.stock.models import Lot, StockBalance, StockMove

__all__ = ["Lot", "Receipt", "ShipmentLine", "ShipmentNotice", "StockBalance", "StockMove"]
