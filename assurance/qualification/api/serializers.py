"""Papers, entries and rules of entry as JSON."""

from __future__ import annotations

from rest_framework import serializers

from assurance.files.models import StoredFile
from assurance.products.models import Category, Product
from assurance.qualification.models import KIND_CHOICES, SCOPE_CHOICES, EntryRules, ProgrammeEntry, QualificationPaper
from assurance.qualification.objections import CODES, FIELDS
from assurance.qualification.outcome import EntryOutcome, Line
from assurance.qualification.queries import Block, MerchantRow, Standing
from assurance.qualification.term import Scope
from assurance.web.serializers import (
    DayField,
    RateField,
    StrictBooleanField,
    StrictChoiceField,
    StrictIntegerField,
    StrictListField,
    StrictSerializer,
    StrictTextField,
    VisibleField,
    VisibleListField,
)
from assurance.web.shown import ShownRow

MOST_MONTHS = 60


class PaperOut(ShownRow[QualificationPaper]):
    products = serializers.SerializerMethodField()

    class Meta:
        model = QualificationPaper
        fields = (
            "id",
            "code",
            "merchant",
            "kind",
            "number",
            "issuer",
            "brand",
            "granted_by",
            "chain_level",
            "scope",
            "categories",
            "products",
            "from_date",
            "until_date",
            "file",
            "sha256",
            "state",
            "entered_at",
            "decided_at",
            "objections",
            "replaces",
        )
        read_only_fields = fields

    def get_products(self, paper: QualificationPaper) -> list[int]:
        return sorted(one.product_id for one in paper.covered.all())


class PaperIn(StrictSerializer):
    """A paper of your organisation; the file was uploaded before. Brand and scope belong to papers about a brand."""

    kind = StrictChoiceField(choices=KIND_CHOICES)
    number = StrictTextField(max_length=40)
    issuer = StrictTextField(max_length=80)
    brand = StrictTextField(max_length=60, allow_blank=True, required=False)
    granted_by = StrictTextField(max_length=80, allow_blank=True, required=False)
    chain_level = StrictIntegerField(most=9, required=False, allow_null=True)
    scope = StrictChoiceField(choices=SCOPE_CHOICES, default=Scope.SHOP)
    categories = VisibleListField(Category, by="code", most=100, required=False)
    products = VisibleListField(Product, required=False)
    from_date = DayField()
    until_date = DayField(required=False, allow_null=True)
    file = VisibleField(StoredFile)
    replaces = VisibleField(QualificationPaper, required=False, allow_null=True)


class ObjectionIn(StrictSerializer):
    """An objection: a code at a field of the paper, with words where the code does not say enough."""

    field = StrictChoiceField(choices=list(FIELDS))
    code = StrictChoiceField(choices=list(CODES))
    words = StrictTextField(max_length=300, allow_blank=True, required=False)


class ObjectionsIn(StrictSerializer):
    """At least one objection."""

    objections = ObjectionIn(many=True)


class EntryOut(ShownRow[ProgrammeEntry]):
    class Meta:
        model = ProgrammeEntry
        fields = (
            "id",
            "code",
            "merchant",
            "product",
            "number",
            "state",
            "outcome",
            "evidence",
            "applied_at",
            "decided_at",
            "cleared_at",
            "clear_reason",
            "return_date",
        )
        read_only_fields = fields


class ApplyIn(StrictSerializer):
    """An application to take part again: of the whole shop, or of one product that was cleared out by itself."""

    product = VisibleField(Product, required=False, allow_null=True)


class EvidenceIn(StrictSerializer):
    """What the decision goes by; needed where the metrics say nothing yet."""

    evidence = StrictTextField(max_length=300, allow_blank=True, required=False)


class ReasonIn(StrictSerializer):
    """Why."""

    reason = StrictTextField(max_length=300)


class ClearOutIn(ReasonIn):
    """Why, and which product; without one the whole shop."""

    product = VisibleField(Product, required=False, allow_null=True)


class LineOut(serializers.Serializer[Line]):
    """One metric: its fact, its floor, your number, and why the verdict is what it is."""

    fact = serializers.CharField(source="demand.fact")
    at_least = serializers.DecimalField(source="demand.at_least", max_digits=12, decimal_places=6)
    least_sample = serializers.IntegerField(source="demand.least_sample")
    window_days = serializers.IntegerField(source="demand.window_days")
    formula_zh = serializers.CharField(source="demand.formula_zh")
    formula_en = serializers.CharField(source="demand.formula_en")
    share = serializers.DecimalField(source="measured.share", max_digits=20, decimal_places=6, allow_null=True, default=None)
    sample = serializers.IntegerField(source="measured.sample", allow_null=True, default=None)
    as_of = serializers.DateTimeField(source="measured.as_of", allow_null=True, default=None)
    verdict = serializers.CharField()
    because = serializers.CharField()


class OutcomeOut(serializers.Serializer[EntryOutcome]):
    """What the metrics say; ``unknown`` below the least number of orders."""

    verdict = serializers.CharField()
    orders = serializers.IntegerField()
    least_orders = serializers.IntegerField()
    version = serializers.CharField()
    lines = LineOut(many=True)


class BlockOut(serializers.Serializer[Block]):
    """What blocks a merchant, or only these products of his."""

    code = serializers.CharField()
    words = serializers.CharField()
    since = serializers.DateField()
    products = serializers.SerializerMethodField()

    def get_products(self, block: Block) -> list[int] | None:
        return None if block.product_ids is None else sorted(block.product_ids)


class StandingOut(serializers.Serializer[Standing]):
    """Where a merchant stands now."""

    merchant = serializers.IntegerField(source="merchant.pk")
    code = serializers.CharField(source="merchant.code")
    entry = EntryOut(allow_null=True)
    outcome = OutcomeOut(allow_null=True)
    blocks = BlockOut(many=True)
    may_apply = serializers.BooleanField()
    gaps = serializers.ListField(child=serializers.CharField(), help_text="Papers that the rules demand and that are missing, in words.")


class MerchantOut(serializers.Serializer[MerchantRow]):
    """One merchant in short."""

    merchant = serializers.IntegerField(source="merchant.pk")
    code = serializers.CharField(source="merchant.code")
    state = serializers.CharField(source="entry.state", allow_null=True, default=None)
    verdict = serializers.CharField()
    blocks = serializers.IntegerField(help_text="How many reasons block this merchant or products of his.")
    waiting_papers = serializers.IntegerField()


class RulesOut(ShownRow[EntryRules]):
    class Meta:
        model = EntryRules
        fields = ("id", "version", "from_date", "terms", "because", "loaded_at")
        read_only_fields = fields


class FloorIn(StrictSerializer):
    """A metric and its new floor."""

    fact = StrictTextField(max_length=64)
    at_least = RateField()


class RulesIn(StrictSerializer):
    """A new version: the newest one with other floors and numbers. ``accepts`` names the merchants taking part that would not meet it."""

    version = StrictTextField(max_length=24)
    from_date = DayField()
    floors = FloorIn(many=True, required=False)
    least_orders = StrictIntegerField(most=100_000, required=False)
    cool_down_months = StrictListField(child=StrictIntegerField(most=MOST_MONTHS), most=9, required=False)
    most_entries = StrictIntegerField(most=100, required=False)
    papers_block = StrictBooleanField(required=False)
    because = StrictTextField(max_length=200)
    accepts = StrictListField(child=StrictTextField(max_length=24), required=False)

    def validate_cool_down_months(self, value: list[int]) -> list[int]:
        if not value:
            raise serializers.ValidationError("At least one.", "required")
        return value
