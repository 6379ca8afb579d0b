"""Claims as JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assurance.certificates.models import Certificate
from assurance.claims import queries
from assurance.claims.kinds import Basis, ClaimKind, Said
from assurance.claims.measuring import Measured
from assurance.claims.models import SOURCES, STATUSES, Claim, ClaimEvidence, ClaimFinding
from assurance.claims.status import Grade
from assurance.files.models import StoredFile
from assurance.products.models import Category, Product
from assurance.web.serializers import (
    DayField,
    RateField,
    StrictBooleanField,
    StrictChoiceField,
    StrictSerializer,
    StrictTextField,
    VisibleField,
)
from assurance.web.shown import ShownRow

MOST: Final = Decimal(999_999_999)


class FlawOut(serializers.Serializer[Any]):
    """Words that the law does not let pass; ``start`` and ``end`` count characters of the text."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()
    text = serializers.CharField()
    rule = serializers.CharField()
    level = serializers.ChoiceField(choices=["high", "medium", "low"])
    name = serializers.CharField()
    legal_basis = serializers.CharField()
    advice = serializers.CharField()
    would_support = serializers.CharField()


class CheckedOut(serializers.Serializer[Any]):
    """What was found in a text, by the named version of the rules."""

    rules_version = serializers.CharField()
    findings = FlawOut(many=True)


class EvidenceOut(ShownRow[ClaimEvidence]):
    """One piece of evidence that was not retracted."""

    class Meta:
        model = ClaimEvidence
        fields = (
            "id",
            "basis",
            "file",
            "certificate",
            "evidence_entry_id",
            "measured_value",
            "unit",
            "agrees",
            "is_drawn",
            "words",
            "from_date",
            "until_date",
            "attached_at",
        )
        read_only_fields = fields


class FindingOut(ShownRow[ClaimFinding]):
    class Meta:
        model = ClaimFinding
        fields = ("id", "grade", "source", "words", "reference", "found_date", "made_at")
        read_only_fields = fields


class ClaimOut(ShownRow[Claim]):
    """A claim with what it is worth now, worked out from its evidence and findings."""

    code = serializers.CharField(read_only=True)
    status = serializers.SerializerMethodField()
    because = serializers.SerializerMethodField()
    expected = serializers.SerializerMethodField()
    evidence = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField()
    words = serializers.SerializerMethodField()

    class Meta:
        model = Claim
        fields = (
            "id",
            "code",
            "product",
            "merchant",
            "kind",
            "said_by",
            "text",
            "measured",
            "component",
            "value",
            "unit",
            "made_at",
            "withdrawn_at",
            "status",
            "because",
            "expected",
            "evidence",
            "findings",
            "words",
        )
        read_only_fields = fields

    def to_representation(self, claim: Claim) -> dict[str, Any]:
        known = getattr(claim, "judged", None)
        self._judged = known or queries.judged([claim], timezone.now())[0]
        return super().to_representation(claim)

    @extend_schema_field(serializers.ChoiceField(choices=STATUSES))
    def get_status(self, _claim: Claim) -> str:
        return self._judged.status

    def get_because(self, _claim: Claim) -> str:
        return self._judged.because

    def get_expected(self, _claim: Claim) -> str:
        return self._judged.expected

    @extend_schema_field(EvidenceOut(many=True))
    def get_evidence(self, _claim: Claim) -> Any:
        return EvidenceOut(self._judged.evidence, many=True).data

    @extend_schema_field(FindingOut(many=True))
    def get_findings(self, _claim: Claim) -> Any:
        return FindingOut(self._judged.findings, many=True).data

    @extend_schema_field(FlawOut(many=True))
    def get_words(self, claim: Claim) -> Any:
        return FlawOut(queries.flaws(claim.text, claim.product.category), many=True).data


class ClaimIn(StrictSerializer):
    """Something to say of one of your products, word for word."""

    product = VisibleField(Product)
    kind = StrictChoiceField(choices=list(ClaimKind))
    said_by = StrictChoiceField(choices=list(Said))
    text = StrictTextField(max_length=200)
    measured = StrictChoiceField(choices=list(Measured), allow_blank=True, required=False)
    component = StrictTextField(max_length=20, allow_blank=True, required=False)
    value = RateField(most=MOST, required=False, allow_null=True)
    unit = StrictTextField(max_length=12, allow_blank=True, required=False)
    declared = StrictBooleanField(required=False)


class EvidenceIn(StrictSerializer):
    """A statement or a paper that was brought in as a file."""

    basis = StrictChoiceField(choices=[Basis.STATED, Basis.DOCUMENT, Basis.CERTIFICATE])
    file = VisibleField(StoredFile, required=False, allow_null=True)
    certificate = VisibleField(Certificate, required=False, allow_null=True)
    words = StrictTextField(max_length=200, allow_blank=True, required=False)
    from_date = DayField(required=False, allow_null=True)
    until_date = DayField(required=False, allow_null=True)


class RetractIn(StrictSerializer):
    """Which evidence was attached by mistake."""

    evidence = VisibleField(ClaimEvidence)


class FindingIn(StrictSerializer):
    """What was found about a claim."""

    grade = StrictChoiceField(choices=list(Grade))
    source = StrictChoiceField(choices=[code for code, _word in SOURCES])  # type: ignore[assignment]  # a field called so
    words = StrictTextField(max_length=300)
    reference = StrictTextField(max_length=200, allow_blank=True, required=False)
    found_date = DayField()


class WordsIn(StrictSerializer):
    """A text to check, for goods of a category or for any."""

    text = StrictTextField(max_length=4_000, several_lines=True)
    category = VisibleField(Category, by="code", required=False, allow_null=True)
