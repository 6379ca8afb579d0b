"""Hold a lot, recall it, let it go again. A stop in force keeps its units from being promised, picked, packed and shipped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.events.actions import News, announce_each
from assurance.gates.actions import NoReason, lift_stop, open_stop
from assurance.gates.models import Stop
from assurance.refusals import Refused
from assurance.roles import Role
from warehouse.stock.actions.locking import lock_lots
from warehouse.stock.models import Lot

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User

HOLD: Final = "lot_hold"
RECALL: Final = "lot_recall"


class OthersStop(Refused):
    code = "others_stop"
    message = _("This stop was opened by a rule or a verdict; it ends where it came from.")


class RecallStays(Refused):
    code = "recall_stays"
    status = 403
    message = _("Only the platform ends a recall.")


@transaction.atomic
def hold(lot_ids: Sequence[int], *, because: str, actor: User, at: datetime) -> list[Stop]:
    """Keep lots where they are until somebody else lets them go; again changes nothing.

    :raises NoReason: without a reason
    """
    return _stop(lot_ids, HOLD, "warehouse.lot.on_hold", because=because, actor=actor, at=at)


@transaction.atomic
def recall(lot_id: int, *, because: str, actor: User, at: datetime) -> list[Stop]:
    """Stop a production lot wherever it stands: every lot of that product and number, in every warehouse; again changes nothing.

    :raises NoReason: without a reason
    """
    lot = Lot.objects.get(pk=lot_id)
    same = Lot.objects.filter(product_id=lot.product_id, number=lot.number).order_by("id").values_list("pk", flat=True)
    return _stop(list(same), RECALL, "warehouse.lot.recalled", because=because, actor=actor, at=at)


@transaction.atomic
def let_go(lot_id: int, *, code: str, reason: str, actor: User, at: datetime) -> list[Stop]:
    """Lift a lot's hold, or a recall wherever the production lot stands. Who opened it does not lift it, except the platform.

    :raises OthersStop: if the lot is not stopped in that way
    :raises RecallStays: if somebody else than the platform would end a recall
    :raises OwnWork: if the actor opened it
    :raises NoReason: without a reason
    """
    if code == RECALL and actor.role != Role.PLATFORM_ADMIN:
        raise RecallStays
    lot = Lot.objects.get(pk=lot_id)
    alike = Lot.objects.filter(product_id=lot.product_id, number=lot.number) if code == RECALL else Lot.objects.filter(pk=lot_id)
    lots = lock_lots(alike.values_list("pk", flat=True))
    stops = _standing(lot.merchant_id, lots, code)
    if not stops:
        raise OthersStop
    lifted = [lift_stop(stop_id=stop.pk, actor=actor, at=at, reason=reason) for stop in stops]
    _tell("warehouse.lot.let_go", [lots[stop.lot_id] for stop in lifted], actor=actor, at=at, reason=reason)  # type: ignore[index]
    return lifted


def _stop(lot_ids: Sequence[int], code: str, kind: str, *, because: str, actor: User, at: datetime) -> list[Stop]:
    if not because.strip():
        raise NoReason(field="reason")
    lots = lock_lots(lot_ids)
    merchants = {lot.merchant_id for lot in lots.values()}
    known = {stop.lot_id for merchant_id in merchants for stop in _standing(merchant_id, lots, code)}
    stops = [
        open_stop(
            merchant_id=lot.merchant_id,
            product_id=lot.product_id,
            warehouse_id=lot.warehouse_id,
            lot_id=lot.pk,
            code=code,
            because=because,
            actor=actor,
            at=at,
        )
        for lot in lots.values()
    ]
    _tell(kind, [lot for lot in lots.values() if lot.pk not in known], actor=actor, at=at, reason=because)
    return stops


def _standing(merchant_id: int, lots: dict[int, Lot], code: str) -> list[Stop]:
    return list(Stop.objects.open().filter(merchant_id=merchant_id, lot_id__in=lots, code=code).order_by("id"))


def _tell(kind: str, lots: Sequence[Lot], *, actor: User, at: datetime, reason: str) -> None:
    announce_each([News(kind, lot, {}, at, actor, {"lot_id": lot.pk}, reason) for lot in lots])
