"""What happened, in words: one short sentence for every kind of event, in both languages.

The audit trail, the timelines of pages and home pages all say it with these words. The kind itself stays visible beside them, because
programs know it by that name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import Promise

WORDS: Final[Mapping[str, Promise]] = {
    # accounts
    "accounts.organisation.created": _("Organisation added by the platform"),
    "accounts.organisation.registered": _("Merchant registered"),
    "accounts.registration.repeated": _("Registration tried with a known address"),
    "accounts.person.added": _("Added without an invitation"),
    "accounts.person.invited": _("Invited"),
    "accounts.person.joined": _("Joined"),
    "accounts.person.changed": _("Account settings changed"),
    "accounts.person.role_changed": _("Role changed"),
    "accounts.person.deactivated": _("Account deactivated"),
    "accounts.person.reactivated": _("Account active again"),
    "accounts.person.revealed": _("Personal data shown in full"),
    "accounts.sign_in.entered": _("Signed in"),
    "accounts.sign_in.failed": _("Sign-in failed"),
    "accounts.sign_in.refused": _("Sign-in refused"),
    "accounts.sign_in.locked": _("Sign-in locked for a while"),
    "accounts.sign_in.left": _("Signed out"),
    "accounts.session.ended": _("Sessions ended"),
    "accounts.password.changed": _("Password changed"),
    "accounts.password.reset_asked": _("Password reset asked for"),
    "accounts.password.reset_used": _("Password set anew by mail"),
    "accounts.second_factor.added": _("Second factor added"),
    "accounts.second_factor.removed": _("Second factor removed"),
    "accounts.second_factor.codes_made": _("Recovery codes made"),
    "accounts.second_factor.failed": _("Second factor was wrong"),
    "accounts.key.made": _("API key made"),
    "accounts.key.rotated": _("API key rotated"),
    "accounts.key.retired": _("Old API key given an end"),
    "accounts.key.revoked": _("API key revoked"),
    # jobs, notices, files, runs
    "events.job.parked": _("Job parked after its last attempt"),
    "events.job.restarted": _("Job given new attempts"),
    "notices.notice.read": _("Notices marked as read"),
    "files.file.stored": _("File stored"),
    "files.file.shared": _("File shared"),
    "runs.run.started": _("Import or export ordered"),
    "runs.run.running": _("Import or export begun"),
    "runs.run.done": _("Import or export finished"),
    "runs.run.failed": _("Import or export failed"),
    "runs.run.cancel_asked": _("Cancelling asked for"),
    "runs.run.cancelled": _("Import or export cancelled"),
    # products and their enrolment
    "products.category.loaded": _("Category loaded"),
    "products.product.created": _("Product entered"),
    "products.product.changed": _("Product changed"),
    "products.product.shared": _("Product shown to another organisation"),
    "products.product.locked": _("Product locked for review"),
    "products.product.unlocked": _("Product unlocked"),
    "enrollment.agreement.loaded": _("Agreement published"),
    "enrollment.agreement.accepted": _("Agreement accepted"),
    "enrollment.enrolment.started": _("Draft begun"),
    "enrollment.enrolment.submitted": _("Submitted for review"),
    "enrollment.enrolment.claimed": _("Review begun"),
    "enrollment.enrolment.released": _("Review handed back"),
    "enrollment.enrolment.returned": _("Returned for changes"),
    "enrollment.enrolment.approved": _("Approved"),
    "enrollment.enrolment.rejected": _("Rejected"),
    "enrollment.enrolment.withdrawn": _("Withdrawn"),
    "enrollment.enrolment.expired": _("Expired"),
    # what is proved and what may move
    "evidence.entry.recorded": _("Evidence recorded"),
    "evidence.fact.changed": _("Measured fact changed"),
    "gates.clearance.released": _("Cleared"),
    "gates.clearance.refused": _("Not cleared"),
    "gates.stop.opened": _("Stopped"),
    "gates.stop.extended": _("Stop extended"),
    "gates.stop.lifted": _("Stop lifted"),
    "gates.stop.lapsed": _("Stop ran out"),
    "badges.badge.issued": _("Badge issued"),
    "badges.badge.extended": _("Badge extended to another tranche"),
    "badges.badge.refined": _("Seal shows new evidence"),
    "badges.badge.revoked": _("Badge revoked"),
    "catalog.entry.badge_fell": _("Badge in the catalogue no longer valid"),
    "catalog.list.made": _("List begun"),
    "catalog.list.added": _("Products put on the list"),
    "catalog.list.removed": _("Products taken off the list"),
    "catalog.talk_sheet.shown": _("Talk-sheet shown"),
    # goods
    "warehouse.shipment.announced": _("Shipment announced"),
    "warehouse.shipment.arrived": _("Receiving begun"),
    "warehouse.shipment.received": _("Shipment received"),
    "warehouse.shipment.cancelled": _("Shipment cancelled"),
    "warehouse.receipt.recorded": _("Goods received"),
    "warehouse.lot.first_received": _("Lot received for the first time"),
    "warehouse.stock.moved": _("Goods moved"),
    "warehouse.stock.shipped": _("Goods left in a parcel"),
    # orders and parcels
    "warehouse.order.taken": _("Order taken"),
    "warehouse.order.renamed": _("Marketplace's state changed"),
    "warehouse.order.short": _("Order waits for stock"),
    "warehouse.order.allocated": _("Stock allocated to the order"),
    "warehouse.order.packed": _("Order packed"),
    "warehouse.order.shipped": _("Order shipped"),
    "warehouse.order.delivered": _("Order delivered"),
    "warehouse.order.cancelled": _("Order cancelled"),
    "warehouse.parcel.created": _("Parcel made"),
    "warehouse.parcel.picking": _("Picking begun"),
    "warehouse.parcel.picked": _("Parcel picked"),
    "warehouse.parcel.packed": _("Parcel packed"),
    "warehouse.parcel.unpacked": _("Parcel opened again"),
    "warehouse.parcel.checked": _("Parcel checked"),
    "warehouse.parcel.handed_over": _("Parcel left the warehouse"),
    "warehouse.parcel.delivered": _("Parcel reached its buyer"),
    "warehouse.parcel.cancelled": _("Parcel given up"),
    "warehouse.recipient.revealed": _("Buyer's data looked at"),
    "warehouse.recipient.labelled": _("Buyer's data read for the label"),
    # couriers and parcels on their way
    "logistics.service.added": _("Courier service certified"),
    "logistics.service.changed": _("Courier service changed"),
    "logistics.prices.set": _("Courier prices set"),
    "logistics.origin.set": _("Place of a warehouse set"),
    "logistics.waybill.requested": _("Courier chosen"),
    "logistics.waybill.created": _("Waybill booked"),
    "logistics.waybill.refused": _("Waybill refused by the courier"),
    "logistics.waybill.cancelled": _("Waybill called off"),
    "logistics.label.printed": _("Label printed"),
    "logistics.parcel.handed_over": _("Parcel handed over to the courier"),
    "logistics.tracking.recorded": _("Courier events taken down"),
    "logistics.parcel.picked_up": _("Parcel picked up"),
    "logistics.parcel.delivered": _("Parcel delivered"),
    "logistics.parcel.exception": _("Parcel in trouble"),
    "logistics.parcel.returned": _("Parcel returned to the sender"),
    "logistics.parcel.lost": _("Parcel lost"),
    "logistics.parcel.late": _("Parcel late"),
    # inspections
    "qc.defect_kind.loaded": _("Defect added to the catalogue"),
    "qc.inspection.opened": _("Inspection opened"),
    "qc.inspection.enlarged": _("Inspection enlarged"),
    "qc.inspection.claimed": _("Inspection taken"),
    "qc.inspection.given_back": _("Inspection given back"),
    "qc.inspection.recorded": _("Units recorded"),
    "qc.inspection.unit_taken_back": _("Unit taken back"),
    "qc.inspection.decided": _("Verdict given"),
    "qc.lot.released": _("Lot released"),
    "qc.lot.held": _("Lot put on hold"),
    # checks before sending
    "qc.checklist.loaded": _("Checklist added"),
    "qc.parcel.checked": _("Parcel checked and cleared"),
    "qc.parcel.failed": _("Parcel failed its check"),
    "qc.non_conformance.opened": _("To be put right"),
    "qc.non_conformance.closed": _("Put right"),
    "qc.day.closed": _("Day of checks closed"),
    # returns
    "warehouse.return.announced": _("Return expected"),
    "warehouse.return.unidentified": _("Unidentified return received"),
    "warehouse.return.matched": _("Return matched with its parcel"),
    "warehouse.return.received": _("Return received"),
    "warehouse.return.cancelled": _("Return called off"),
    "warehouse.return.inspected": _("Return inspected"),
    "warehouse.return.closed": _("Return settled"),
    "qc.return.graded": _("Returned unit graded"),
    "qc.return.disposed": _("Decided what becomes of a returned unit"),
    # what buyers say
    "aftersales.review.kept": _("Review taken over"),
    # cases
    "aftersales.inquiry.received": _("Buyer's request received"),
    "aftersales.inquiry.judged": _("Buyer's request looked up"),
    "aftersales.case.opened": _("Case opened"),
    "aftersales.case.claimed": _("Case taken"),
    "aftersales.case.given_back": _("Case given back"),
    "aftersales.case.paced": _("Service level changed"),
    "aftersales.case.written": _("Message written"),
    "aftersales.case.waiting": _("Answer asked for"),
    "aftersales.case.resumed": _("Case goes on"),
    "aftersales.case.proposed": _("Decision proposed"),
    "aftersales.case.sent_back": _("Proposal sent back"),
    "aftersales.case.decided": _("Case decided"),
    "aftersales.case.appealed": _("Appealed against the decision"),
    "aftersales.case.remedied": _("Everything decided is done"),
    "aftersales.case.closed": _("Case closed"),
    "aftersales.case.reopened": _("Case reopened"),
    "aftersales.remedy.ordered": _("Remedy ordered"),
    "aftersales.remedy.done": _("Remedy done"),
    "aftersales.remedy.cancelled": _("Remedy called off"),
    "aftersales.rating.given": _("Case rated by the buyer"),
    "aftersales.rule.switched": _("Rule switched on or off"),
}
"""Kind → words. Who announces a new kind writes its words here; ``tests/assurance/events`` finds a kind without."""

FIELDS: Final[Mapping[str, Promise]] = {
    "events": _("events"),
    "prices": _("prices by zone"),
    "about": _("about"),
    "answers": _("answers"),
    "photos": _("photos"),
    "cancel_asked_at": _("cancelling asked for"),
    "evidence": _("evidence"),
    "evidence_entry": _("evidence entry"),
    "lines": _("lines"),
    "locked": _("limit that was reached"),
    "message": _("number of the message"),
    "notices": _("notices"),
    "password": _("password"),
    "picture": _("picture"),
    "readers": _("who may read it"),
    "products": _("products"),
    "reasons": _("points to change"),
    "sessions_ended": _("sessions ended"),
    "sha256": _("fingerprint"),
    "shared_with": _("shown to"),
    "signed_name": _("name of who signed"),
    "side": _("side"),
    "snapshot": _("fingerprint of what was submitted"),
    "subject": _("subject"),
    "units": _("units"),
}
"""What stands in ``changes`` and is no column of the subject, or has no name elsewhere."""


def words(kind: str) -> str:
    """Return what happened, in the language that is active now; a kind of a newer or older version keeps its name."""
    return str(WORDS.get(kind, kind))


def families() -> dict[str, list[tuple[str, str]]]:
    """Return the kinds by what they are about, for choosing one: ``accounts`` → its kinds with their words."""
    found: dict[str, list[tuple[str, str]]] = {}
    for kind in WORDS:
        found.setdefault(kind.split(".", 1)[0], []).append((kind, words(kind)))
    return found
