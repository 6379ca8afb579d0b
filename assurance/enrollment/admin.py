"""Enrolments and the reasons of their reviewers in the back office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from assurance.enrollment.models import Acceptance, Agreement, Enrolment, EnrolmentSubmission, ReviewReason


class EnrolmentTable(back_office.Shown):
    noun, nouns = _("enrolment"), _("enrolments")
    columns = ("product", "merchant", "state", "submitted_at", "due_at", "claimed_by", "decided_by", "decided_at", "valid_until")
    rows = ("created_by", "created_at", "submitted_by", "claimed_at")
    list_filter = ("state",)


class SubmissionTable(back_office.Shown):
    noun, nouns = _("submission"), _("submissions")
    columns = ("enrolment", "merchant", "submitted_by", "submitted_at", "sha256")


class ReviewReasonTable(back_office.Shown):
    noun, nouns = _("reason of a review"), _("reasons of reviews")
    columns = ("enrolment", "field", "code", "words", "given_by", "given_at", "settled_at")
    list_filter = ("code",)


class AgreementTable(back_office.Shown):
    noun, nouns = _("agreement"), _("agreements")
    columns = ("version", "title_zh", "title_en", "loaded_at")


class AcceptanceTable(back_office.Shown):
    noun, nouns = _("acceptance of the agreement"), _("acceptances of the agreement")
    columns = ("merchant", "agreement", "accepted_by", "accepted_at")


back_office.tables([(Agreement, AgreementTable), (Acceptance, AcceptanceTable)])
back_office.tables([(Enrolment, EnrolmentTable), (EnrolmentSubmission, SubmissionTable), (ReviewReason, ReviewReasonTable)])
