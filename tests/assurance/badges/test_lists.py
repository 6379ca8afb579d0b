"""The merchant's list of badges: every status found by the database as by the rule, few queries, notices of stops."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from assurance.badges import tasks
from assurance.badges.models import Badge, Tag
from assurance.badges.queries import find, judge_all
from assurance.badges.validity import SOON, Status
from assurance.enrollment.lifecycle import EnrolmentState
from assurance.gates.actions import clear, lift_stop, open_stop
from assurance.notices.models import Notice
from tests import goods
from tests.factories import NOON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assurance.accounts.models import Organisation, User

_lot = itertools.count(1000)


def badge(merchant: Organisation, warehouse: Organisation, **given: Any) -> Badge:
    """Return a badge as it stands after a release, valid at NOON unless said otherwise."""
    state = given.pop("enrolled_as", EnrolmentState.APPROVED)
    product = goods.product(merchant, name=given.pop("name", "氨基酸洁面乳"), name_en="")
    lot_id = next(_lot)
    clearance = clear(
        subject_kind="lot",
        subject_id=lot_id,
        stage="inbound",
        verdict="released",
        organisation_id=merchant.pk,
        because="x",
        actor=None,
        at=NOON,
    )
    values = {
        "code": f"CODE{lot_id}".replace("0", "X").replace("1", "Y"),
        "merchant": merchant,
        "product": product,
        "enrolment": goods.enrol(product, state=state),
        "clearance": clearance,
        "lot_id": lot_id,
        "lot_number": f"HJ{lot_id}",
        "warehouse": warehouse,
        "received": 6000,
        "inspected": 200,
        "defective": 1,
        "inspected_at": NOON,
        "issued_at": NOON - timedelta(days=1),
        "valid_until": NOON + timedelta(days=90),
    } | given
    return Badge.objects.create(**values)


def every_kind_of_badge(merchant: Organisation, warehouse: Organisation, actor: User) -> Iterator[Badge]:
    """Yield badges for every combination of what can end one."""
    moments = (NOON - timedelta(hours=1), NOON, NOON + timedelta(hours=1))
    for revoked, until, state, stopped in itertools.product(
        (None, *moments), moments, (EnrolmentState.APPROVED, EnrolmentState.WITHDRAWN), (False, True)
    ):
        made = badge(merchant, warehouse, valid_until=until, revoked_at=revoked, enrolled_as=state)
        if stopped:
            open_stop(
                merchant_id=merchant.pk, lot_id=made.lot_id, code="complaints", because="x", actor=actor, at=NOON - timedelta(minutes=5)
            )
        yield made
    yield badge(merchant, warehouse, issued_at=NOON + timedelta(hours=1))
    for when in (NOON, NOON + timedelta(hours=1)):
        newer = badge(merchant, warehouse)
        yield newer
        yield badge(merchant, warehouse, superseded_at=when, successor=newer)
    fallen = badge(merchant, warehouse)
    Tag.objects.create(
        level="product",
        merchant=merchant,
        product=fallen.product,
        code=f"T{fallen.pk}",
        state="warned",
        falls_at=NOON,
        lost=[{"code": "x", "because": "x", "since": NOON.isoformat(), "falls_at": NOON.isoformat(), "is_safety": False}],
        tagged_at=NOON,
        changed_at=NOON,
    )
    yield fallen


OF_BADGES = set(Status) - {Status.UNKNOWN, Status.TAMPERED, Status.WRONG_PRODUCT}
"""What a badge can be in; the others are answers to a question about a code."""


class TestAStatus:
    def test_is_found_by_the_database_as_by_the_rule(self, hejian: Organisation, xiaoshan: Organisation, bea: User, amal: User) -> None:
        made = list(every_kind_of_badge(hejian, xiaoshan, bea))
        by_rule = {one.badge.pk: one.validity.status for one in judge_all(made, at=NOON) if one.badge}

        for status in OF_BADGES:
            found = set(Badge.objects.in_status(status, NOON).values_list("pk", flat=True))
            assert found == {pk for pk, said in by_rule.items() if said is status}, status
        assert set(by_rule.values()) == OF_BADGES

    @pytest.mark.parametrize("narrowed", [{}, {"product_id": True}, {"warehouse_id": True}, {"lot_id": True}])
    def test_of_a_stop_reaches_as_far_as_the_stop(
        self, narrowed: dict[str, bool], hejian: Organisation, xiaoshan: Organisation, other_warehouse: Organisation, bea: User
    ) -> None:
        one, other = badge(hejian, xiaoshan), badge(hejian, other_warehouse)
        scope = {name: getattr(one, name) for name in narrowed}
        open_stop(merchant_id=hejian.pk, code="complaints", because="x", actor=bea, at=NOON, **scope)

        stopped = set(Badge.objects.in_status(Status.SUSPENDED, NOON).values_list("pk", flat=True))

        assert stopped == ({one.pk} if narrowed else {one.pk, other.pk})
        assert [found.validity.status is Status.SUSPENDED for found in judge_all([one, other], at=NOON)] == [True, not narrowed]

    def test_is_that_it_ends_soon_for_the_merchant_alone(self, hejian: Organisation, xiaoshan: Organisation) -> None:
        soon = badge(hejian, xiaoshan, valid_until=NOON + SOON)
        late = badge(hejian, xiaoshan, valid_until=NOON + SOON + timedelta(seconds=1))

        found = judge_all([soon, late], at=NOON)

        assert [one.own[0] for one in found] == ["hold", "pass"]
        assert [one.tone for one in found] == ["pass", "pass"]


class TestTheList:
    def test_asks_for_the_stops_once(
        self, hejian: Organisation, xiaoshan: Organisation, amal: User, django_assert_num_queries: Any
    ) -> None:
        for _time in range(5):
            badge(hejian, xiaoshan)

        with django_assert_num_queries(3):
            judge_all(list(find(amal, at=NOON)), at=NOON)

    def test_puts_first_what_concerns_the_merchant(self, hejian: Organisation, xiaoshan: Organisation, bea: User) -> None:
        over, valid = badge(hejian, xiaoshan, valid_until=NOON), badge(hejian, xiaoshan)
        ending, stopped = badge(hejian, xiaoshan, valid_until=NOON + timedelta(days=3)), badge(hejian, xiaoshan)
        open_stop(merchant_id=hejian.pk, lot_id=stopped.lot_id, code="complaints", because="x", actor=bea, at=NOON)

        assert list(Badge.objects.by_concern(NOON)) == [stopped, ending, valid, over]

    def test_is_narrowed_by_a_tab_and_by_words(self, hejian: Organisation, xiaoshan: Organisation, amal: User) -> None:
        valid = badge(hejian, xiaoshan, name="保湿面霜", valid_until=NOON + timedelta(days=36500))
        badge(hejian, xiaoshan, revoked_at=NOON, revoked_reason="x")
        client = Client(headers={"accept-language": "en"})
        client.force_login(amal)

        for query in ("?status=valid", "?q=保湿", f"?q={valid.lot_number.lower()}", f"?q={valid.code[:8]}"):
            text = client.get(f"/badges/{query}").text
            assert text.count("w-sealed") == 1, query
            assert valid.lot_number in text, query
        assert client.get("/badges/?status=nonsense").status_code == 404
        assert "No badge fits this search." in client.get("/badges/?status=suspended").text

    def test_shows_nothing_of_another_merchant(self, hejian: Organisation, xiaoshan: Organisation, chidi: User) -> None:
        made = badge(hejian, xiaoshan)
        client = Client()
        client.force_login(chidi)

        assert made.lot_number not in client.get("/badges/").text


class TestAStop:
    def test_is_told_to_the_merchant_whose_badge_it_suspends(
        self, hejian: Organisation, xiaoshan: Organisation, amal: User, bea: User, eve: User
    ) -> None:
        made = badge(hejian, xiaoshan, valid_until=NOON + timedelta(days=36500))
        stop = open_stop(merchant_id=hejian.pk, lot_id=made.lot_id, code="complaints", because="封口渗漏", actor=bea, at=NOON)

        tasks.tell_of_stop(subject_id=stop.pk)
        tasks.tell_of_stop(subject_id=stop.pk)

        [notice] = Notice.objects.filter(recipient=amal)
        assert (notice.kind, notice.params, notice.link) == (
            "badge_stopped",
            {"lot": made.lot_number, "because": "封口渗漏"},
            f"/verify/{made.code}/",
        )

        lift_stop(stop_id=stop.pk, reason="复检合格", actor=eve, at=NOON)
        tasks.tell_of_lifting(subject_id=stop.pk)
        assert Notice.objects.filter(recipient=amal).latest("id").kind == "badge_back"

    def test_on_many_lots_is_told_once(self, hejian: Organisation, xiaoshan: Organisation, amal: User, bea: User) -> None:
        for _time in range(3):
            badge(hejian, xiaoshan, valid_until=NOON + timedelta(days=36500))
        stop = open_stop(merchant_id=hejian.pk, code="complaints", because="x", actor=bea, at=NOON)

        tasks.tell_of_stop(subject_id=stop.pk)

        [notice] = Notice.objects.filter(recipient=amal)
        assert (notice.kind, notice.params["count"]) == ("badges_stopped", 3)

    def test_on_goods_without_a_badge_is_told_to_nobody(self, hejian: Organisation, bea: User) -> None:
        stop = open_stop(merchant_id=hejian.pk, lot_id=1, code="inspection_rejected", because="x", actor=bea, at=NOON)

        tasks.tell_of_stop(subject_id=stop.pk)

        assert not Notice.objects.exists()
