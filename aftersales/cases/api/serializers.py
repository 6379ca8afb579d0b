"""Cases and buyers' requests as JSON."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from aftersales.cases.clock import STANDARD, URGENT
from aftersales.cases.forms import BUYERS_CHOICES
from aftersales.cases.lifecycle import Side
from aftersales.cases.models import Case, CaseAppeal, CaseDecision, CaseMessage, Remedy
from aftersales.cases.models.case import KIND_CHOICES, LIABLE_CHOICES
from aftersales.cases.models.decision import OUTCOME_CHOICES
from assurance.web.serializers import (
    MomentField,
    MoneyField,
    StrictBooleanField,
    StrictChoiceField,
    StrictIntegerField,
    StrictListField,
    StrictSerializer,
    StrictTextField,
)
from assurance.web.shown import ShownRow

DIGITS = 4


class CaseBrief(ShownRow[Case]):
    """A case in a list."""

    code = serializers.CharField(read_only=True)
    merchant = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)

    class Meta:
        model = Case
        fields: tuple[str, ...] = (
            "id",
            "code",
            "merchant",
            "product",
            "lot",
            "kind",
            "origin",
            "rule",
            "about",
            "summary",
            "state",
            "policy",
            "opened_at",
            "due_at",
            "waiting_for",
            "liability",
            "is_confirmed",
            "decided_at",
            "closed_at",
        )
        read_only_fields = fields


class LinkOut(serializers.Serializer[Any]):
    """A linked record: its table and number, what it is called and what it says."""

    id = serializers.IntegerField(source="link.pk")
    relation = serializers.CharField(source="link.relation")
    subject_kind = serializers.CharField(source="link.subject_kind")
    subject_id = serializers.IntegerField(source="link.subject_id")
    title = serializers.CharField()
    text = serializers.CharField()
    at = MomentField(allow_null=True)
    url = serializers.CharField()


class MessageOut(ShownRow[CaseMessage]):
    class Meta:
        model = CaseMessage
        fields = ("id", "side", "body", "to_buyer", "to_merchant", "written_at")
        read_only_fields = fields


class DecisionOut(ShownRow[CaseDecision]):
    class Meta:
        model = CaseDecision
        fields = (
            "id",
            "round",
            "state",
            "liability",
            "is_confirmed",
            "outcome",
            "amount",
            "reason",
            "evidence",
            "stops_lot",
            "proposed_at",
            "decided_at",
            "sent_back_because",
            "evidence_entry_id",
        )
        read_only_fields = fields


class RemedyOut(ShownRow[Remedy]):
    class Meta:
        model = Remedy
        fields = ("id", "kind", "amount", "state", "subject_kind", "subject_id", "reference", "ordered_at", "done_at")
        read_only_fields = fields


class AppealOut(ShownRow[CaseAppeal]):
    class Meta:
        model = CaseAppeal
        fields = ("id", "decision", "side", "reason", "appealed_at")
        read_only_fields = fields


class CaseOut(CaseBrief):
    """A case with everything the asker may see of it; ``page`` is what ``queries.case_page`` found."""

    links = LinkOut(source="page.chain", many=True, read_only=True)
    messages = MessageOut(source="page.messages", many=True, read_only=True)
    decisions = DecisionOut(source="page.decisions", many=True, read_only=True)
    remedies = RemedyOut(source="page.remedies", many=True, read_only=True)
    appeals = AppealOut(source="page.appeals", many=True, read_only=True)

    class Meta(CaseBrief.Meta):
        fields = (
            *CaseBrief.Meta.fields,
            "first_response_due_at",
            "next_update_due_at",
            "resolution_due_at",
            "reopened",
            "links",
            "messages",
            "decisions",
            "remedies",
            "appeals",
        )
        read_only_fields = fields


class OpenIn(StrictSerializer):
    """``number`` is that of an order, a parcel (``BG-000123``), a waybill or a lot of yours."""

    number = StrictTextField(max_length=64)
    kind = StrictChoiceField(choices=KIND_CHOICES)
    summary = StrictTextField(max_length=200)


class WriteIn(StrictSerializer):
    """A message of the desk. With neither side it is a note; ``waits_for`` stops the clock until that side answers."""

    body = StrictTextField(max_length=1000, several_lines=True)
    to_buyer = StrictBooleanField(default=False)
    to_merchant = StrictBooleanField(default=False)
    waits_for = StrictChoiceField(choices=[(Side.BUYER, "buyer"), (Side.MERCHANT, "merchant")], required=False)


class AnswerIn(StrictSerializer):
    body = StrictTextField(max_length=1000, several_lines=True)


class ProposeIn(StrictSerializer):
    """``evidence`` are ids of the case's links; both sides see them."""

    liability = StrictChoiceField(choices=LIABLE_CHOICES)
    is_confirmed = StrictBooleanField()
    outcome = StrictChoiceField(choices=OUTCOME_CHOICES)
    amount = MoneyField(required=False, allow_null=True)
    evidence = StrictListField(child=StrictIntegerField(most=2**63 - 1), most=100)
    reason = StrictTextField(max_length=1000, several_lines=True)
    stops_lot = StrictBooleanField(default=False)


class ReasonIn(StrictSerializer):
    reason = StrictTextField(max_length=1000, several_lines=True)


class PaceIn(StrictSerializer):
    policy = StrictChoiceField(choices=[(STANDARD, STANDARD), (URGENT, URGENT)])


class FinishIn(StrictSerializer):
    """A remedy of the case, and the number it can be found by."""

    remedy = StrictIntegerField(most=2**63 - 1)
    reference = StrictTextField(max_length=80)


class AskIn(StrictSerializer):
    """What a buyer says without an account; ``phone_tail`` are the last four digits of the number on the parcel."""

    order_number = StrictTextField(max_length=64)
    phone_tail = StrictTextField(max_length=DIGITS)
    kind = StrictChoiceField(choices=BUYERS_CHOICES)
    body = StrictTextField(max_length=1000, several_lines=True)


class RateIn(StrictSerializer):
    score = StrictIntegerField(least=1, most=5)
    comment = StrictTextField(max_length=500, several_lines=True, allow_blank=True, required=False)


class Asked(serializers.Serializer[Any]):
    """The secret by which a request is found again; nobody can tell it you a second time."""

    token = serializers.CharField()


class BuyersDecision(ShownRow[CaseDecision]):
    class Meta:
        model = CaseDecision
        fields = ("liability", "is_confirmed", "outcome", "amount", "reason", "decided_at")
        read_only_fields = fields


class BuyersMessage(ShownRow[CaseMessage]):
    class Meta:
        model = CaseMessage
        fields = ("side", "body", "written_at")
        read_only_fields = fields


class InquiryOut(serializers.Serializer[Any]):
    """How a request stands. Until the desk has answered, every request looks like this: ``received``."""

    state = serializers.SerializerMethodField()
    asked_at = MomentField(source="inquiry.asked_at")
    messages = BuyersMessage(many=True)
    decision = BuyersDecision(allow_null=True)
    evidence = serializers.SerializerMethodField()
    may_write = serializers.BooleanField()
    may_appeal = serializers.BooleanField()
    may_rate = serializers.BooleanField()

    def get_state(self, page: Any) -> str:
        return page.case.state if page.case else "received"

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_evidence(self, page: Any) -> list[str]:
        return [link.relation for link in page.evidence]
