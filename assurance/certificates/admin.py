"""Certificates in the back office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from assurance.certificates.models import Certificate, CertificateAttachment, CertificateConflict, CoveredProduct, ExpiryNotice


class CertificateTable(back_office.Shown):
    noun, nouns = _("certificate"), _("certificates")
    columns = ("number", "kind", "merchant", "holder", "state", "expires_date", "entered_at")
    rows = (
        "number_key",
        "issuer",
        "model_names",
        "issued_date",
        "valid_from_date",
        "file",
        "sha256",
        "entered_by",
        "decided_by",
        "decided_at",
        "decision_reason",
        "holder_accepted",
    )
    list_filter = ("kind", "state")


class CoveredProductTable(back_office.Shown):
    noun, nouns = _("covered product"), _("covered products")
    columns = ("certificate", "product", "merchant")


class AttachmentTable(back_office.Shown):
    noun, nouns = _("attached certificate"), _("attached certificates")
    columns = ("certificate", "product", "merchant", "attached_by", "attached_at", "detached_by", "detached_at")


class ConflictTable(back_office.Shown):
    noun, nouns = _("conflict about a certificate"), _("conflicts about certificates")
    columns = ("first", "second", "first_merchant", "second_merchant", "is_number", "is_file", "state", "found_at")
    rows = ("decided_by", "decided_at", "reason")
    list_filter = ("state",)


class ExpiryNoticeTable(back_office.Shown):
    noun, nouns = _("told end of a certificate"), _("told ends of certificates")
    columns = ("certificate", "merchant", "days", "told_at")


back_office.tables([(Certificate, CertificateTable), (CoveredProduct, CoveredProductTable), (CertificateAttachment, AttachmentTable)])
back_office.tables([(CertificateConflict, ConflictTable), (ExpiryNotice, ExpiryNoticeTable)])
