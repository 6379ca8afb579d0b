"""What a certificate proves stays what was verified; nothing is attached that its covered list does not name; states keep their edges."""

from django.db import migrations

from assurance.database import AppendOnly, OnlyChanging, SameOwner, StateEdges

CERTIFICATE = "assurance_certificate"
ATTACHMENT = "assurance_certificateattachment"
CONFLICT = "assurance_certificateconflict"
COVERED = "assurance_coveredproduct"
MERCHANT = ("id", "merchant_id")


class Migration(migrations.Migration):
    dependencies = [("assurance", "0028_certificates")]

    operations = [
        SameOwner(CERTIFICATE, ("file_id", "merchant_id"), "assurance_storedfile", ("id", "organisation_id")),
        SameOwner(COVERED, ("certificate_id", "merchant_id"), CERTIFICATE, MERCHANT),
        SameOwner(COVERED, ("product_id", "merchant_id"), "assurance_product", MERCHANT),
        # P2.2: outside the covered list there is nothing to refer to
        SameOwner(ATTACHMENT, ("certificate_id", "product_id"), COVERED, ("certificate_id", "product_id")),
        SameOwner(ATTACHMENT, ("product_id", "merchant_id"), "assurance_product", MERCHANT),
        SameOwner(CONFLICT, ("first_id", "first_merchant_id"), CERTIFICATE, MERCHANT),
        SameOwner(CONFLICT, ("second_id", "second_merchant_id"), CERTIFICATE, MERCHANT),
        SameOwner("assurance_expirynotice", ("certificate_id", "merchant_id"), CERTIFICATE, MERCHANT),
        AppendOnly(COVERED),
        AppendOnly("assurance_expirynotice"),
        OnlyChanging(CERTIFICATE, "state", "decided_by_id", "decided_at", "decision_reason", "holder_accepted"),
        OnlyChanging(ATTACHMENT, "detached_by_id", "detached_at"),
        OnlyChanging(CONFLICT, "state", "decided_by_id", "decided_at", "reason"),
        StateEdges(
            CERTIFICATE,
            "state",
            {
                "entered": ["rejected", "verified"],
                "verified": ["suspended", "withdrawn"],
                "rejected": [],
                "suspended": ["verified", "withdrawn"],
                "withdrawn": ["verified"],
            },
        ),
        StateEdges(
            CONFLICT,
            "state",
            {
                "open": ["both_kept", "first_kept", "none_kept", "second_kept"],
                "both_kept": [],
                "first_kept": [],
                "second_kept": [],
                "none_kept": [],
            },
        ),
    ]
