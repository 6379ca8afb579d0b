"""What waybills and their events may do, whoever writes: owners agree, nothing leaves without its clearance, events never change."""

from django.db import migrations

from assurance.database import AppendOnly, OnlyChanging, SameOwner, StateEdges

# The clearance of that same parcel, and it said yes. Never deferred: it is the first thing to be wrong.
HAND_OVER_CARRIES_CLEARANCE = """
ALTER TABLE logistics_handover ADD CONSTRAINT hand_over_carries_clearance
    FOREIGN KEY (clearance_id, clearance_kind, parcel_id, clearance_verdict)
    REFERENCES assurance_clearance (id, subject_kind, subject_id, verdict)
"""

SIDES = ("merchant_id", "warehouse_id", "courier_id")
ENDS = ["delivered", "lost", "returned"]


class Migration(migrations.Migration):
    dependencies = [("logistics", "0001_couriers_and_waybills")]

    operations = [
        SameOwner(
            "logistics_waybill", ("parcel_id", "merchant_id", "warehouse_id"), "warehouse_parcel", ("id", "merchant_id", "warehouse_id")
        ),
        SameOwner("logistics_waybill", ("service_id", "courier_id"), "logistics_courierservice", ("id", "courier_id")),
        SameOwner("logistics_manifest", ("service_id", "courier_id"), "logistics_courierservice", ("id", "courier_id")),
        SameOwner("logistics_handover", ("waybill_id", "parcel_id", *SIDES), "logistics_waybill", ("id", "parcel_id", *SIDES)),
        SameOwner("logistics_trackingevent", ("waybill_id", *SIDES), "logistics_waybill", ("id", *SIDES)),
        migrations.RunSQL([HAND_OVER_CARRIES_CLEARANCE], ["ALTER TABLE logistics_handover DROP CONSTRAINT hand_over_carries_clearance"]),
        AppendOnly("logistics_handover"),
        AppendOnly("logistics_manifest"),
        AppendOnly("logistics_priceband"),
        AppendOnly("logistics_trackingevent"),
        OnlyChanging("logistics_courierservice", "provinces", "certified_until", "is_active"),
        OnlyChanging("logistics_priceversion", "valid_until"),
        OnlyChanging("logistics_origin", "province", "updated_at"),
        OnlyChanging(
            "logistics_waybill",
            "number",
            "state",
            "booked_at",
            "handed_over_at",
            "picked_up_at",
            "delivered_at",
            "last_event_at",
            "late_told_at",
            "incident",
            "responsible",
            "is_contradictory",
            "close_reason",
        ),
        StateEdges(
            "logistics_waybill",
            "state",
            {
                "requested": ["created", "refused", "cancelled"],
                "created": ["handed_over", "cancelled"],
                "refused": [],
                "cancelled": [],
                "handed_over": ["in_transit", "out_for_delivery", "exception", *ENDS],
                "in_transit": ["out_for_delivery", "exception", *ENDS],
                "out_for_delivery": ["exception", *ENDS],
                "exception": ["in_transit", "out_for_delivery", *ENDS],
                "lost": ["returned", "delivered"],
                "returned": ["delivered"],
                "delivered": [],
            },
        ),
    ]
