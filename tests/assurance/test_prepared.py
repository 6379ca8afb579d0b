"""Rows that come as one JSON text are the rows that the ORM reads."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import models

from assurance.accounts.models import Organisation, User
from assurance.prepared import Part, Statement, reader_of
from assurance.products.models import Product

PERSON = Statement(
    "look_at_person",
    "bigint",
    (Part("u", User), Part("o", Organisation), Part("p", Product)),
    """FROM assurance_user u JOIN assurance_organisation o ON o.id = u.organisation_id
       LEFT JOIN assurance_product p ON p.id = 0 WHERE u.id = $1""",
    lambda: "now() > u.created_at, ARRAY[1, 2]",
)


def columns_of(row: models.Model) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.django_db
class TestARow:
    def test_holds_what_the_orm_reads(self, eve: User) -> None:
        User.objects.filter(pk=eve.pk).update(name='李 "四"\\', phone=None)
        found, more = PERSON.row(eve.pk) or ({}, [])

        assert columns_of(found["u"]) == columns_of(User.objects.get(pk=eve.pk))
        assert columns_of(found["o"]) == columns_of(Organisation.objects.get(pk=eve.organisation_id))
        assert (found["p"], more) == (None, [True, [1, 2]])

    def test_is_nothing_where_there_is_none(self) -> None:
        assert PERSON.row(0) is None


class TestAColumn:
    @pytest.mark.parametrize(
        ("field", "said", "read"),
        [
            (models.DateTimeField(), "2026-11-23T08:00:00.000001+00:00", datetime(2026, 11, 23, 8, 0, 0, 1, UTC)),
            (models.DateField(), "2028-02-29", date(2028, 2, 29)),
            (models.DecimalField(), "0.10", Decimal("0.10")),
            (models.BinaryField(), "\\x00ff", b"\x00\xff"),
        ],
    )
    def test_is_read_as_what_it_is(self, field: models.Field[object, object], said: str, read: object) -> None:
        assert reader_of(field)(said) == read

    def test_of_a_kind_that_nobody_thought_of_is_refused(self) -> None:
        with pytest.raises(TypeError, match="no reader for DurationField"):
            reader_of(models.DurationField())
