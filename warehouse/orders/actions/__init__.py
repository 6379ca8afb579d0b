"""Take paid orders, promise them goods, pick, pack and let parcels go. Everything takes lists; one is a list of one."""

from warehouse.orders.actions.allocating import allocate
from warehouse.orders.actions.ending import cancel, cancel_parcels
from warehouse.orders.actions.leaving import Checked, mark_checked, mark_delivered, ship
from warehouse.orders.actions.locking import Step, lock_orders, lock_parcels
from warehouse.orders.actions.looking import label_of, reveal_recipient
from warehouse.orders.actions.packing import Packing, pack, scan, unpack
from warehouse.orders.actions.picking import pick, start_picking
from warehouse.orders.actions.taking import PaidLine, PaidOrder, PaidTo, Taken, take_orders

__all__ = [
    "Checked",
    "Packing",
    "PaidLine",
    "PaidOrder",
    "PaidTo",
    "Step",
    "Taken",
    "allocate",
    "cancel",
    "cancel_parcels",
    "label_of",
    "lock_orders",
    "lock_parcels",
    "mark_checked",
    "mark_delivered",
    "pack",
    "pick",
    "reveal_recipient",
    "scan",
    "ship",
    "start_picking",
    "take_orders",
    "unpack",
]
