"""The rules of accounts, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from assurance.accounts.attempts import Tried, exhausted
from assurance.accounts.credit_codes import credit_code
from assurance.accounts.lifecycle import MANAGER_OF, Standing, fits, is_last_manager, manages, standing
from assurance.accounts.masking import masked_address, masked_email, masked_name, masked_phone
from assurance.accounts.phones import national, phone
from assurance.accounts.scopes import AREAS, PERSONS_ONLY, SCOPES, noun_of, scope_of
from assurance.accounts.session_age import ends_at
from assurance.roles import ROLES_OF, Kind, Role
from assurance.web.invalid import Invalid


class TestAPhoneNumber:
    @pytest.mark.parametrize(
        "written",
        [
            "13800138000",
            "138 0013 8000",
            "138-0013-8000",
            "+8613800138000",
            "+86 138 0013 8000",
            "0086 13800138000",
            "8613800138000",
            " (138) 0013.8000 ",
            "１３８００１３８０００",
        ],
    )
    def test_of_china_is_stored_in_one_form(self, written: str):
        assert phone(written) == "+8613800138000"

    @pytest.mark.parametrize(("written", "stored"), [("+44 20 7946 0958", "+442079460958"), ("0085221234567", "+85221234567")])
    def test_from_abroad_keeps_its_country(self, written: str, stored: str):
        assert phone(written) == stored

    @pytest.mark.parametrize(
        "written",
        [
            "",
            "12800138000",
            "1380013800",
            "138001380001",
            "+8612800138000",
            "+861380013800",
            "+0123456789",
            "+1234567890123456",
            "+86",
            "abc",
            "138\n0013\n8000",
            "1380013800٣",
            "1" * 10_000,
        ],
    )
    def test_of_another_form_is_refused(self, written: str):
        with pytest.raises(Invalid) as caught:
            phone(written)
        assert caught.value.code == "phone_format"

    def test_is_shown_without_the_code_of_china(self):
        assert (national("+8613800138000"), national("+442079460958")) == ("13800138000", "+442079460958")


class TestACreditCode:
    @pytest.mark.parametrize("written", ["91330109MA2KD00X1H", "91330109ma2kd00x1h", " 9133 0109 MA2K D00X 1H ", "91110000600037341L"])
    def test_is_stored_in_capitals_without_blanks(self, written: str):
        assert credit_code(written) == written.replace(" ", "").upper()

    @pytest.mark.parametrize(
        ("written", "code", "params"),
        [
            ("91330109MA2KD00X1", "credit_code_length", {"expected": 18, "given": 17}),
            ("91330109MA2KD00X1HH", "credit_code_length", {"expected": 18, "given": 19}),
            ("", "credit_code_length", {"expected": 18, "given": 0}),
            ("91330109MA2KDOOX1H", "credit_code_character", {"character": "O"}),
            ("91330109MA2KD00X1é", "credit_code_character", {"character": "É"}),
            ("9133O109MA2KD00X1H", "credit_code_character", {"character": "O"}),
            ("9A330109MA2KD00X1H", "credit_code_format", {}),
            ("91330109MA2KD00X1W", "credit_code_check", {}),
            ("91330190MA2KD00X1H", "credit_code_check", {}),
        ],
    )
    def test_that_is_wrong_says_what_is_wrong(self, written: str, code: str, params: dict[str, object]):
        with pytest.raises(Invalid) as caught:
            credit_code(written)
        assert (caught.value.code, caught.value.params) == (code, params)


@pytest.mark.promise("G31")
class TestAMask:
    @pytest.mark.parametrize(
        ("name", "masked"),
        [("张三", "张*"), ("张小明", "张**"), ("欧阳娜娜", "欧***"), ("李", "李*"), ("Amal", "A***"), ("Maximilian", "M***"), ("", "")],
    )
    def test_keeps_the_first_character_of_a_name(self, name: str, masked: str):
        assert masked_name(name) == masked

    @pytest.mark.parametrize(
        ("number", "masked"),
        [
            ("+8613812345678", "138******78"),
            ("+442079460958", "+44********58"),
            ("+12345678", "+1******8"),
            ("12345", "*****"),
        ],
    )
    def test_hides_six_digits_of_a_phone_number_or_more(self, number: str, masked: str):
        assert masked_phone(number) == masked
        assert masked.count("*") >= min(6, len(number))

    def test_keeps_the_host_of_an_address(self):
        assert masked_email("amal@hejian.example") == "a***@hejian.example"
        assert masked_email("nonsense") == "***"

    @pytest.mark.parametrize(
        ("address", "masked"),
        [
            ("浙江省杭州市萧山区宁围街道金一路88号3幢2单元501室", "浙江省杭州市萧山区宁围街道金一路***"),
            ("浙江省杭州市西湖区文苑小区12幢301", "浙江省杭州市西湖区文苑小区***"),
            ("12 High Street", "***"),
        ],
    )
    def test_ends_an_address_at_the_community(self, address: str, masked: str):
        assert masked_address(address) == masked


class TestTheBudgetOfAttempts:
    @pytest.mark.parametrize(
        ("tried", "familiar", "budget"),
        [
            (Tried(0, 0, 0), False, ""),
            (Tried(4, 9, 49), False, ""),
            (Tried(5, 5, 5), False, "pair"),
            (Tried(5, 5, 5), True, "pair"),
            (Tried(0, 0, 50), True, "place"),
            (Tried(0, 10, 0), False, "account"),
            (Tried(0, 10, 0), True, ""),
            (Tried(4, 1000, 4), True, ""),
        ],
    )
    def test_is_counted_by_pair_place_and_account(self, tried: Tried, familiar: bool, budget: str):
        assert exhausted(tried, is_familiar=familiar) == budget


class TestASession:
    NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
    LIMITS = {"longest": timedelta(hours=12), "idle": timedelta(hours=3)}

    def test_ends_three_hours_after_the_last_request(self):
        assert ends_at(started_at=self.NOON, seen_at=self.NOON + timedelta(hours=1), **self.LIMITS) == self.NOON + timedelta(hours=4)

    def test_ends_after_twelve_hours_in_any_case(self):
        assert ends_at(started_at=self.NOON, seen_at=self.NOON + timedelta(hours=11), **self.LIMITS) == self.NOON + timedelta(hours=12)


class TestAScope:
    def test_follows_from_the_name_of_the_route(self):
        assert scope_of("api:product-list", "GET") == "products:read"
        assert scope_of("api:product-list", "HEAD") == "products:read"
        assert scope_of("api:product-list", "POST") == "products:write"
        assert scope_of("api:enrolment-submit", "POST") == "enrolments:write"
        assert scope_of("api:me", "PATCH") == "account:write"

    @pytest.mark.parametrize("route", ["api:key-list", "api:session-end", "api:member-reveal", "api:member-remove-second-factor"])
    def test_that_reaches_what_is_for_persons_only_does_not_exist(self, route: str):
        assert scope_of(route, "GET") == scope_of(route, "POST") == ""

    def test_of_an_unknown_noun_does_not_exist(self):
        assert (noun_of("api:moon-list"), scope_of("api:moon-list", "GET")) == ("", "")

    def test_belongs_to_one_area(self):
        nouns = [noun for nouns in AREAS.values() for noun in nouns]
        assert len(nouns) == len(set(nouns))
        assert not PERSONS_ONLY & set(nouns)
        assert len(SCOPES) == 2 * len(AREAS)
        assert all(len(scope) <= 24 for scope in SCOPES)


class TestManaging:
    @pytest.mark.parametrize("role", list(Role))
    def test_is_for_the_owner_at_home_and_for_the_platform_everywhere(self, role: Role):
        assert manages(role=role, own_organisation=True) is (role in (Role.MERCHANT_OWNER, Role.PLATFORM_ADMIN))
        assert manages(role=role, own_organisation=False) is (role == Role.PLATFORM_ADMIN)

    @pytest.mark.parametrize("kind", list(Kind))
    def test_gives_roles_of_the_kind_only(self, kind: Kind):
        assert {role for role in Role if fits(role, kind)} == ROLES_OF[kind]

    def test_never_leaves_an_organisation_without_its_manager(self):
        assert is_last_manager(kind="merchant", role="merchant_owner", other_managers=0)
        assert not is_last_manager(kind="merchant", role="merchant_owner", other_managers=1)
        assert not is_last_manager(kind="merchant", role="merchant_operator", other_managers=0)
        assert not is_last_manager(kind="warehouse", role="qc_lead", other_managers=0)
        assert MANAGER_OF == {Kind.MERCHANT: Role.MERCHANT_OWNER, Kind.PLATFORM: Role.PLATFORM_ADMIN}

    def test_knows_three_standings(self):
        assert standing(is_active=True, is_invited=False) == Standing.ACTIVE
        assert standing(is_active=True, is_invited=True) == Standing.ACTIVE
        assert standing(is_active=False, is_invited=True) == Standing.INVITED
        assert standing(is_active=False, is_invited=False) == Standing.DEACTIVATED
