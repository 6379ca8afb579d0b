"""A merchant registers; an invited person joins."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from assurance.accounts.models import Organisation, User

GOOD = {
    "company": "禾见食品有限公司",
    "credit_code": "91330109MA2KD00X1H",
    "name": "王小禾",
    "email": "Owner@hejian.example",
    "phone": "138 0013 8000",
    "password": "correct horse battery",
}


@pytest.mark.django_db
class TestRegistering:
    def test_shows_the_form(self, client: Client):
        assert client.get(reverse("accounts:register")).status_code == 200

    def test_adds_a_merchant_and_its_owner(self, client: Client):
        response = client.post(reverse("accounts:register"), GOOD)
        assert response.status_code == 302
        owner = User.objects.get()
        assert (owner.email, owner.phone, owner.is_active, owner.role) == (
            "owner@hejian.example",
            "+8613800138000",
            False,
            "merchant_owner",
        )
        assert Organisation.objects.get().credit_code == GOOD["credit_code"]
