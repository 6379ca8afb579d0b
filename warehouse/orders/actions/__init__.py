"""Take paid orders, promise them goods, pick, pack and let parcels go. Everything takes lists; one is a list of one."""

from warehouse.orders.actions.allocating import allocate
from warehouse.orders.actions.ending import cancel, cancel_parcels
from warehouse.orders.actions.leaving import Checked, mark_checked, mark_delivered, ship
from warehouse.orders.actions.locking import Step, lock_orders, lock_parcels
from warehouse.orders.actions.looking import NotChecked, check_passed, label_of, reveal_recipient
from warehouse.orders.actions.packing import Packing, pack, scan, unpack
from warehouse.orders.actions.picking import pick, start_picking
from warehouse.orders.actions.recording import keep_records, let_go, record_packing
from warehouse.orders.actions.swapping import take_other_lot
from warehouse.orders.actions.taking import PaidLine, PaidOrder, PaidTo, Taken, take_orders
from warehouse.orders.actions.waves import cancel_wave, fetch, finish_wave, plan_wave, start_wave
from warehouse.orders.actions.weighing import Accepting, Weighing, accept_weights, refuse_stopped, weigh

__all__ = [
    "Accepting",
    "Checked",
    "NotChecked",
    "Packing",
    "PaidLine",
    "PaidOrder",
    "PaidTo",
    "Step",
    "Taken",
    "Weighing",
    "accept_weights",
    "allocate",
    "cancel",
    "cancel_parcels",
    "cancel_wave",
    "check_passed",
    "fetch",
    "finish_wave",
    "keep_records",
    "label_of",
    "let_go",
    "lock_orders",
    "lock_parcels",
    "mark_checked",
    "mark_delivered",
    "pack",
    "pick",
    "plan_wave",
    "record_packing",
    "refuse_stopped",
    "reveal_recipient",
    "scan",
    "ship",
    "start_picking",
    "start_wave",
    "take_orders",
    "take_other_lot",
    "unpack",
    "weigh",
]
