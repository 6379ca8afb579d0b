"""What was done for a merchant is written down once, in the transaction that did it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from assurance.fees.actions import MeteredDifferently, meter, meter_all
from assurance.fees.models import Operation, RatingDue
from tests.charges import OCTOBER, metered, told
from tests.factories import NOON


class TestMetering:
    def test_queues_the_operation_for_its_price(self, hejian):
        [operation] = metered(told(hejian.pk, quantity=3, measures={"weight_g": 820}))

        assert (operation.quantity, operation.measures, operation.at, operation.metered_at) == (3, {"weight_g": 820}, OCTOBER, NOON)
        assert RatingDue.objects.get().operation == operation

    def test_costs_nothing_when_the_deed_is_rolled_back(self, hejian):
        with transaction.atomic():
            assert meter("service", merchant_id=hejian.pk, source_kind="warehouse.parcel", source_id=1, at=NOON)
            transaction.set_rollback(True)

        assert Operation.objects.count() == RatingDue.objects.count() == 0

    @pytest.mark.django_db(transaction=True)
    def test_refuses_to_stand_outside_a_transaction(self):
        with pytest.raises(RuntimeError, match="share the transaction"):
            meter("service", merchant_id=1, source_kind="warehouse.parcel", source_id=1, at=NOON)

    @pytest.mark.row("P15.6")
    def test_does_nothing_when_the_same_operation_comes_again(self, hejian):
        one = told(hejian.pk, quantity=3)
        assert meter_all([one, one], at=NOON) == 1

        assert meter_all([one], at=NOON + timedelta(days=1)) == 0
        assert Operation.objects.count() == RatingDue.objects.count() == 1
        assert Operation.objects.get().metered_at == NOON

    @pytest.mark.parametrize(
        "other", [{"quantity": 4}, {"measures": {"weight_g": 1}}, {"at": OCTOBER + timedelta(seconds=1)}, {"merchant_id": -1}]
    )
    def test_refuses_other_content_under_the_same_key_and_keeps_nothing(self, hejian, other, other_merchant):
        one = told(hejian.pk, quantity=3)
        meter_all([one], at=NOON)
        if "merchant_id" in other:
            other = {"merchant_id": other_merchant.pk}

        with pytest.raises(MeteredDifferently), transaction.atomic():
            meter_all([told(hejian.pk), replace(one, **other)], at=NOON)

        assert Operation.objects.count() == 1
        with pytest.raises(MeteredDifferently):
            meter_all([told(hejian.pk, source_id=77), replace(told(hejian.pk, source_id=77), quantity=9)], at=NOON)

    def test_takes_one_source_for_several_kinds(self, hejian):
        assert meter_all([told(hejian.pk, kind, source_id=5) for kind in ("service", "outbound_operation")], at=NOON) == 2

    @pytest.mark.parametrize("wrong", [{"kind": "gift"}, {"quantity": 0}, {"measures": {"weight_g": 1.5}}, {"measures": {"ok": True}}])
    def test_refuses_what_nobody_can_price(self, hejian, wrong):
        with pytest.raises(ValueError, match=r"cannot be metered|measures"):
            meter_all([replace(told(hejian.pk), **wrong)], at=NOON)

    @pytest.mark.parametrize("many", [1, 50])
    def test_takes_one_statement_whatever_the_number(self, hejian, many, django_assert_num_queries):
        operations = [told(hejian.pk) for _ in range(many)]
        with django_assert_num_queries(1):
            assert meter_all(operations, at=NOON) == many
        with CaptureQueriesContext(connection) as again:
            assert meter_all(operations, at=NOON) == 0
        assert len(again) == 2
