"""Two sides that must never see each other, and the platform between them: the world of ``test_access.py``.

The near side is the one that asks. Everything on the far side carries the word ``qanary``. Every person has a name that is like no other
(``zq017x``) and a telephone number to it, so an answer that shows one in clear betrays whose it is.
"""

from __future__ import annotations

import io
import re
from datetime import timedelta
from functools import cached_property
from types import SimpleNamespace
from typing import Any, Final

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.utils import encrypt
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from PIL import Image

from assurance.accounts.actions import keys
from assurance.accounts.models import Invitation, Organisation, Session, User
from assurance.accounts.queries import handle_of
from assurance.catalog import actions as catalog
from assurance.catalog.models import CatalogEntry
from assurance.certificates.models import CertificateConflict
from assurance.claims import actions as claims
from assurance.claims.actions import NewClaim
from assurance.enrollment.lifecycle import EnrolmentState
from assurance.enrollment.models import Agreement, Enrolment
from assurance.events.models import Job
from assurance.fees import actions as fees
from assurance.files.actions import store
from assurance.imports import actions as imports
from assurance.imports.models import ProductImport
from assurance.notices.models import Notice
from assurance.products.actions import share
from assurance.products.models import Product
from assurance.qualification.models import ProgrammeEntry
from assurance.roles import ROLES_OF, Kind, Role
from assurance.runs import actions as runs
from assurance.runs.models import Run
from qc.checks.models import OutboundCheck
from qc.inspections import actions as qc
from qc.labs import actions as qc_labs
from qc.labs.models import LabScope
from tests import (
    cases,
    certificates,
    charges,
    checks,
    enrolments,
    factories,
    failures,
    goods,
    labs,
    offers,
    orders,
    papers,
    product_files,
    versions,
    waybills,
)
from warehouse.inbound import actions as inbound
from warehouse.orders import actions as floor
from warehouse.returns import actions as returns
from warehouse.stock import actions as stock
from warehouse.stock.models import Bin, CycleCount, EndingLot, Lot

TENANT: Final = "qanary"
"""Stands in every text of the far side; in lower case it appears in no answer to the near side."""
A_PERSON: Final = re.compile(r"zq(\d{3})x|1390000(?:\d)(\d{3})")
"""How a name, an address or a number in clear is found: the digits say whose it is."""
SECRET: Final = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD_HASH: Final = make_password("correct horse battery")


# --- the two sides ------------------------------------------------------------------------------------------------
class Side:
    """One merchant with his warehouse, laboratory, courier and studio, their people and their things."""

    def __init__(self, word: str, *, at: Any) -> None:
        self.word, self.at = word, at
        self.organisations = {
            kind: factories.organisation(kind, name=self._called(kind), name_en=self._called(kind))
            for kind in Kind
            if kind != Kind.PLATFORM
        }
        self.people = {
            role: self.person(role, organisation) for kind, organisation in self.organisations.items() for role in ROLES_OF[kind]
        }
        self.colleague = self.person(Role.MERCHANT_OPERATOR, self.merchant)
        self.left = self.person(Role.MERCHANT_OPERATOR, self.merchant, is_active=False)
        self.invited = self.person(Role.MERCHANT_OPERATOR, self.merchant, is_active=False)

    def _called(self, kind: Kind) -> str:
        """Warehouses stand in a directory that every merchant reads; the word is for what is private."""
        return f"house {len(self.word)}" if kind in (Kind.WAREHOUSE, Kind.LAB) else f"{self.word} {kind}"

    def person(self, role: Role, organisation: Organisation, **given: Any) -> User:
        n = User.objects.count()
        names = {"name": f"Zq{n:03}x", "email": f"zq{n:03}x@{self.word}.example", "phone": f"+861390000{n % 10}{n:03}"}
        made = factories.user(role, organisation, **(names | given))
        User.objects.filter(pk=made.pk).update(password=PASSWORD_HASH)
        made.password = PASSWORD_HASH
        return made

    @property
    def merchant(self) -> Organisation:
        return self.organisations[Kind.MERCHANT]

    @property
    def warehouse(self) -> Organisation:
        return self.organisations[Kind.WAREHOUSE]

    @property
    def owner(self) -> User:
        return self.people[Role.MERCHANT_OWNER]

    @cached_property
    def product(self) -> Product:
        """Neither submitted nor approved, and known to the warehouse."""
        made = self._product()
        share(product_ids=[made.pk], organisation_id=self.warehouse.pk, actor=None, at=self.at)
        return made

    @cached_property
    def bin(self) -> Bin:
        """One with units of the accepted lot in it."""
        picker = self.people[Role.WAREHOUSE_OPERATOR]
        made = stock.add_bins([stock.NewBin("B-01", "picking")], warehouse_id=self.warehouse.pk, actor=picker, at=self.at)[0]
        stock.place([stock.Placing(self.accepted.lot_id, "", "B-01", 5, f"{self.word} shelf")], actor=picker, at=self.at)
        return made

    @cached_property
    def count(self) -> CycleCount:
        """An open one of the bin."""
        place = {"warehouse_id": self.warehouse.pk, "bins": self.bin.code, "lot_number": ""}
        return stock.open_count(is_blind=True, actor=self.people[Role.WAREHOUSE_OPERATOR], at=self.at, **place)

    @cached_property
    def ending(self) -> EndingLot:
        """A lot near its end that nobody looks after."""
        lot = goods.lot(self.owner, self.people[Role.WAREHOUSE_OPERATOR], lot=f"{self.word}-E")
        owners = {"merchant_id": lot.merchant_id, "warehouse_id": lot.warehouse_id}
        return EndingLot.objects.create(lot=lot, opened_at=self.at, **owners)

    @cached_property
    def held_lot(self) -> Lot:
        """Held by the platform, so that the quality lead may let it go."""
        lot = goods.lot(self.owner, self.people[Role.WAREHOUSE_OPERATOR], lot=f"{self.word}-H")
        keeper = factories.user(Role.QC_LEAD, self.warehouse)
        stock.hold([lot.pk], because=f"{self.word} smells", actor=keeper, at=self.at)
        return lot

    @cached_property
    def spare(self) -> Product:
        """Without any enrolment."""
        return self._product()

    @cached_property
    def product_import(self) -> ProductImport:
        """Checked, with one bad cell; the owner's."""
        return self._product_import(self.owner)

    @cached_property
    def operators_import(self) -> ProductImport:
        """The same of somebody who may not see what the owner's files hold."""
        return self._product_import(self.people[Role.MERCHANT_OPERATOR])

    def _product_import(self, actor: User) -> ProductImport:
        data = product_files.as_csv([product_files.row(1, name=self.word), product_files.row(2, price=self.word)])
        found = imports.take_in(data=data, name=f"{self.word}.csv", actor=actor, at=self.at)
        runs.advance(run_id=found.run_id or 0, at=self.at)
        return found

    @cached_property
    def claim(self) -> Any:
        """Made of a product that may still be changed, with a statement under it."""
        new = NewClaim(self._product().pk, "efficacy", "page", f"{self.word} 清洁温和", self.owner, self.at)
        return claims.make(new)

    @cached_property
    def stated(self) -> Any:
        """What stands under the claim."""
        return self.claim.evidence.get()

    @cached_property
    def agreement(self) -> Agreement:
        """The one in force, the same for everybody; accepted by this side's merchant."""
        enrolments.accept(self.owner)
        return Agreement.objects.get()

    @cached_property
    def draft(self) -> Enrolment:
        assert self.agreement.sha256  # accepted, so that it can be submitted
        return Enrolment.objects.create(product=self.product, merchant=self.merchant, created_by=self.owner, created_at=self.at)

    @cached_property
    def submitted(self) -> Enrolment:
        return goods.enrol(
            self._product(),
            state=EnrolmentState.SUBMITTED,
            decided_by=None,
            decided_at=None,
            valid_until=None,
            due_at=self.at + timedelta(days=2),
        )

    @cached_property
    def paper(self) -> Any:
        """A brand authorisation that waits for review; the rules of entry are in force."""
        papers.load_rules()
        given = {"brand": f"{self.word} brand", "granted_by": f"{self.word} owner", "issuer": f"{self.word} issuer"}
        return papers.entered(self.owner, "brand_authorisation", number=f"{self.word}-SQ", **given)

    @cached_property
    def certificate(self) -> Any:
        """One that waits for verification and is attached to the spare product."""
        given = {"issuer": f"{self.word} issuer", "number": f"{self.word}-ZS-1", "kind": "test_report", "model_names": self.word}
        return certificates.entered(self.owner, self.spare, at=self.at, data=certificates.pdf(len(self.word)), **given)

    @cached_property
    def programme_entry(self) -> Any:
        """An application that waits."""
        return ProgrammeEntry.objects.create(
            merchant=self.merchant, number=1, applied_by=self.owner, applied_at=self.at, evidence=f"{self.word} says so"
        )

    @cached_property
    def entry(self) -> Any:
        """In the catalogue: one for all, because every streamer sees whose product it is."""
        return CatalogEntry.objects.order_by("pk").first() or offers.listed(self.merchant)

    @cached_property
    def selection_list(self) -> Any:
        """A list of this side's studio."""
        return catalog.make_list(name=f"{self.word} list", actor=self.people[Role.STREAMER], at=self.at)

    @cached_property
    def sheet_shown(self) -> Any:
        """That this side's streamer was shown a talk-sheet."""
        return catalog.show_talk_sheet(entry=self.entry, actor=self.people[Role.STREAMER], at=self.at)[1]

    @cached_property
    def notice(self) -> Any:
        """Announced, nothing arrived."""
        return goods.announced(self.owner, self.warehouse, goods.line(self._enrolled(), lot=f"{self.word}-A"), reference=f"{self.word}-1")

    @cached_property
    def closing(self) -> Any:
        """Announced, and a part of it arrived."""
        announced = goods.announced(
            self.owner, self.warehouse, goods.line(self._enrolled(), lot=f"{self.word}-B"), reference=f"{self.word}-2"
        )
        goods.receive(announced, self.people[Role.WAREHOUSE_OPERATOR], quantity=10)
        announced.refresh_from_db()
        return announced

    @cached_property
    def slot(self) -> Any:
        """A time at the gate with room for many, in a week."""
        day = timezone.localdate() + timedelta(days=7)
        at = timezone.now()
        return goods.slots(self.people[Role.WAREHOUSE_OPERATOR], capacity=90, first_day=day, last_day=day, at=at)[0]

    @cached_property
    def slotted(self) -> Any:
        """Announced, with a time at the gate."""
        notice = goods.announced(self.owner, self.warehouse, goods.line(self._enrolled(), lot=f"{self.word}-E"), reference=f"{self.word}-5")
        inbound.book_slot(notice_id=notice.pk, slot_id=self.slot.pk, actor=self.owner, at=timezone.now())
        return notice

    @cached_property
    def discrepancy(self) -> Any:
        """Damaged goods that stand aside."""
        notice = goods.announced(self.owner, self.warehouse, goods.line(self._enrolled(), lot=f"{self.word}-D"), reference=f"{self.word}-3")
        return goods.damaged(notice, self.people[Role.WAREHOUSE_OPERATOR], message=f"{self.word}-damaged")

    @cached_property
    def inspection(self) -> Any:
        """Open, nobody's."""
        return goods.inspection(self.owner, self.people[Role.WAREHOUSE_OPERATOR], product=self._enrolled(), lot=f"{self.word}-C")

    @cached_property
    def claimed(self) -> Any:
        """The inspector's."""
        found = goods.inspection(self.owner, self.people[Role.WAREHOUSE_OPERATOR], product=self._enrolled(), lot=f"{self.word}-D")
        qc.claim(inspection_id=found.pk, actor=self.people[Role.QC_INSPECTOR], at=self.at)
        return found

    @cached_property
    def accepted(self) -> Any:
        """An inspection that went well, on goods with a picture."""
        content = io.BytesIO()
        Image.new("RGB", (2, 2), (len(self.word), 0, 0)).save(content, "PNG")
        picture = store(
            organisation=self.merchant, uploaded_by=self.owner, data=content.getvalue(), shown_name=f"{self.word}.png", at=self.at
        )
        product = self._product(picture=picture)
        goods.enrol(product, snapshot={"files": {"picture": {"id": picture.pk}}})
        return goods.accepted(self.owner, self.people[Role.WAREHOUSE_OPERATOR], self.people[Role.QC_INSPECTOR], product=product)

    @cached_property
    def fee_line(self) -> Any:
        """Of October, which is over and open."""
        charges.load_prices()
        return charges.charged(charges.told(self.merchant.pk, "outbound_operation", quantity=3, source_id=self.product.pk), at=self.at)[0]

    @cached_property
    def dispute(self) -> Any:
        """Waits for an answer."""
        charges.load_prices()
        [line] = charges.charged(charges.told(self.merchant.pk, source_id=self.product.pk), at=self.at)
        return fees.dispute([line], reason=f"{self.word} was not packed", actor=self.owner, at=self.at)[0]

    @cached_property
    def scope(self) -> Any:
        """An accreditation of the side's laboratory, which no warehouse of the other side can tell from its own."""
        labs.load_tests()
        labs.scopes(self.organisations[Kind.LAB], self.people[Role.QC_LEAD])
        return LabScope.objects.filter(lab=self.organisations[Kind.LAB]).order_by("id")[0]

    @cached_property
    def sample(self) -> Any:
        """On its way to the side's laboratory; of a round that was drawn."""
        lead, lab_id = self.people[Role.QC_LEAD], self.scope.lab_id
        assert self.accepted.lot.pk
        [sealed] = labs.sealed(lead, at=self.at)
        return qc_labs.dispatch([qc_labs.Dispatching(sealed.pk, lab_id)], actor=lead, at=self.at)[0]

    @cached_property
    def badge(self) -> Any:
        from assurance.badges.models import Badge
        from assurance.gates.models import Clearance

        lot = self.accepted.lot
        clearance = Clearance.objects.create(
            subject_kind="lot",
            subject_id=lot.pk,
            stage="inbound",
            tranche=9,
            verdict="released",
            organisation=self.merchant,
            because="x",
            at=self.at,
        )
        return Badge.objects.create(
            code=f"{'BADGE' if self.word == 'near' else 'BADGF'}{lot.pk:07}".replace("0", "X").replace("1", "Y"),
            merchant=self.merchant,
            product=lot.product,
            enrolment=Enrolment.objects.get(product=lot.product),
            clearance=clearance,
            lot_id=lot.pk,
            lot_number=f"{self.word}-lot",
            warehouse=self.warehouse,
            received=10,
            inspected=10,
            defective=0,
            inspected_at=self.at,
            issued_at=self.at,
            valid_until=self.at + timedelta(days=90),
        )

    @cached_property
    def parcels(self) -> Any:
        """Three parcels: to be picked, to be packed, packed; each of an order of its own."""
        made, packer = self._stocked(), self.people[Role.WAREHOUSE_OPERATOR]
        numbered = iter(range(1, 9))
        weighed = self._product(gross_weight_g=100)
        goods.enrol(weighed)
        orders.stocked(self.owner, packer, product=weighed, lot=f"{self.word}-weighed")
        colleague = self.person(Role.WAREHOUSE_OPERATOR, self.warehouse)

        def paid() -> dict[str, Any]:
            return {"number": f"{self.word}-order-{next(numbered)}", "source": self.merchant.code}

        return {
            "to_pick": orders.allocated(self.owner, (made, 1), **paid()),
            "to_pack": orders.picked(self.owner, packer, (made, 1), **paid()),
            "packed": orders.packed(self.owner, packer, (made, 1), **paid()),
            "closed": orders.closed(self.owner, packer, (made, 1), **paid()),
            "heavy": orders.too_heavy(self.owner, colleague, (weighed, 1), **paid()),
            "in_wave": orders.allocated(self.owner, (made, 1), **paid()),
            "in_round": orders.allocated(self.owner, (made, 1), **paid()),
        }

    @cached_property
    def waves(self) -> Any:
        """A planned wave and one that is being picked."""
        packer, made = self.people[Role.WAREHOUSE_OPERATOR], self.parcels
        planned = floor.plan_wave([made["in_wave"].pk], actor=packer, at=self.at)
        walked = floor.plan_wave([made["in_round"].pk], actor=packer, at=self.at)
        return {"planned": planned, "picking": floor.start_wave(wave_id=walked.pk, actor=packer, at=self.at)}

    @cached_property
    def demanded(self) -> Any:
        """A corrective action that waits for the merchant, and one that waits for a decision."""
        return {
            "new": failures.demanded(self._enrolled(), self.warehouse),
            "submitted": failures.submitted(self._enrolled(), self.warehouse, self.owner),
        }

    @cached_property
    def failed(self) -> Any:
        """What failed at the door, with a merchant's and a lead's wish and a decision on it."""
        amal, wei, bo = self.owner, self.people[Role.WAREHOUSE_OPERATOR], self.people[Role.QC_INSPECTOR]
        product = self._enrolled()
        row = failures.failed(amal, wei, bo, quantity=20, product=product, lot=f"F{self.word}")
        lead, ends = self.people[Role.QC_LEAD], goods.TODAY + timedelta(days=150)
        return {
            "row": row,
            "wish": failures.ask(row, amal, "use_as_is", 2, ends_date=ends),
            "wish_of_lead": failures.ask(row, lead, "use_as_is", 2, ends_date=ends),
            "decision": failures.ask(row, lead, "destroy", 5),
        }

    @cached_property
    def returned(self) -> Any:
        """A packed parcel and a check; returns that are expected, unidentified, here, and graded."""
        checks.lists()
        made, wei, bo = self._stocked(), self.people[Role.WAREHOUSE_OPERATOR], self.people[Role.QC_INSPECTOR]
        lot = Lot.objects.get(product=made)

        def paid(word: str) -> dict[str, Any]:
            return {"number": f"{self.word}-{word}", "source": self.merchant.code}

        parcels = [checks.shipped(self.owner, wei, bo, lot, **paid(word)) for word in ("expected", "here", "graded")]
        packed = checks.packed(self.owner, wei, lot, **paid("packed"))
        expected = returns.announce_returns([returns.ExpectedReturn(parcels[0].pk)], actor=self.owner, at=self.at)[0]
        unknown = returns.receive_unidentified(photo_ids=[checks.picture(wei).pk], actor=wei, at=self.at, note=f"{self.word} parcel")
        unit = checks.unit(parcels[1], lot, wei)
        graded = checks.unit(parcels[2], lot, wei)
        checks.inspect(graded, bo)
        return {
            "packed": packed,
            "check": OutboundCheck.objects.get(parcel=parcels[0]),
            "expected": expected,
            "unknown": unknown,
            "shipped": parcels[1],
            "here": unit.return_parcel,
            "unit": unit,
            "graded": graded,
        }

    @cached_property
    def service(self) -> Any:
        """A courier's service, known to all warehouses. The warehouse of this side stands somewhere, so that parcels can be booked."""
        waybills.stands_in(self.warehouse)
        carrier = self.organisations[Kind.COURIER]
        return waybills.service(carrier, code=f"svc-{len(self.word)}", name=f"service {len(self.word)}")

    @cached_property
    def waybill(self) -> Any:
        """Booked, for a checked parcel."""
        number = f"{self.word}-order-9"
        parcels = waybills.checked(self.owner, self.people[Role.WAREHOUSE_OPERATOR], self._stocked(), number=number)
        return waybills.booked(self.people[Role.WAREHOUSE_OPERATOR], parcels, rule="fixed", service_code=self.service.code)[0]

    @cached_property
    def case(self) -> Any:
        """New, about a lot; nobody's."""
        return self._case("new")

    @cached_property
    def decided_case(self) -> Any:
        """Decided, with a refund to give."""
        found = self._case("decided")
        agent = User.objects.filter(role=Role.CASE_AGENT).order_by("pk")[0]
        reviewer = factories.user(Role.CASE_REVIEWER, factories.organisation(Kind.PLATFORM))
        cases.actions.claim([found.pk], actor=agent, at=self.at)
        cases.decided(found, agent, reviewer, reason=f"{self.word} reason")
        return found

    @cached_property
    def inquiry(self) -> str:
        """The secret of a buyer's link."""
        return cases.actions.ask(order_number=self.word, phone_tail="0000", kind="damaged", body=self.word, at=self.at)

    def _case(self, word: str) -> Any:
        lot = self.accepted.lot
        wanted = cases.actions.NewCase("quality", "agent", "warehouse.lot", lot.pk, summary=f"{self.word} {word}")
        return cases.actions.open_cases([wanted], actor=None, at=self.at)[0]

    def _stocked(self) -> Product:
        made = self._enrolled()
        orders.stocked(self.owner, self.people[Role.WAREHOUSE_OPERATOR], product=made, lot=f"{self.word}-W")
        return made

    @cached_property
    def invitation(self) -> Invitation:
        return Invitation.objects.create(
            user=self.invited, organisation=self.merchant, purpose="join", made_at=self.at, expires_at=self.at + timedelta(days=3)
        )

    def _product(self, **given: Any) -> Product:
        n = Product.objects.count()
        texts = {
            "sku": f"{self.word}-{n}",
            "name": f"{self.word} 面霜 {n}",
            "name_en": f"{self.word} cream {n}",
            "specification": self.word,
        }
        return goods.product(self.merchant, **(texts | {"cost": "12.34", "commission_rate": "0.200000"} | given))

    def _enrolled(self) -> Product:
        made = self._product()
        goods.enrol(made)
        return made


class World:
    """Both sides, the platform between them, and what belongs to one person each."""

    def __init__(self) -> None:
        self.at = timezone.now()
        self.near = Side("near", at=self.at)
        self.far = Side(TENANT, at=self.at)
        platform = factories.organisation(Kind.PLATFORM, code="WUYOU", name="无忧服务平台")
        self.staff = {role: self.near.person(role, platform) for role in ROLES_OF[Kind.PLATFORM]}
        self.second_admin = self.near.person(Role.PLATFORM_ADMIN, platform)
        self.gone = self.near.person(Role.MERCHANT_OWNER, self.near.merchant)
        self.users: dict[str, User] = {**self.near.people, **self.staff}
        self.own = {user.pk: self._own(user, "near") for user in (*self.users.values(), self.gone)}
        self.far_own = self._own(self.far.owner, TENANT)
        self.job = Job.objects.create(
            handler="x", key="access", queue="work", state="parked", attempts=5, next_at=self.at, created_at=self.at
        )
        self.rules = versions.draft(goods.category(), days=10_000)
        self.conflict = self._conflict()
        for side in (self.near, self.far):
            for thing in (
                "product",
                "spare",
                "claim",
                "stated",
                "paper",
                "certificate",
                "programme_entry",
                "product_import",
                "operators_import",
                "draft",
                "submitted",
                "notice",
                "slot",
                "slotted",
                "discrepancy",
                "closing",
                "inspection",
                "claimed",
                "accepted",
                "sample",
                "badge",
                "parcels",
                "bin",
                "held_lot",
                "waves",
                "failed",
                "demanded",
                "count",
                "ending",
                "returned",
                "fee_line",
                "dispute",
                "service",
                "waybill",
                "entry",
                "selection_list",
                "sheet_shown",
                "invitation",
                "case",
                "decided_case",
                "inquiry",
            ):
                getattr(side, thing)
        self.organisation_of = {
            int(A_PERSON.search(one.email)[1]): one.organisation_id for one in User.objects.filter(email__startswith="zq")
        }  # type: ignore[index]

    def _conflict(self) -> CertificateConflict:
        """Both sides show one number; the platform alone knows."""
        for side in (self.near, self.far):
            certificates.entered(side.owner, side._product(), at=self.at, kind="test_report", number="ZS-SHARED-1", issuer=side.word)
        return CertificateConflict.objects.get()

    def _own(self, user: User, word: str) -> SimpleNamespace:
        """Return what only this person may touch, and his organisation's run and file."""
        Authenticator.objects.create(user=user, type="totp", data={"secret": encrypt(SECRET)})
        RecoveryCodes.activate(user)
        key = keys.make_key(name=f"{word} key", scopes=["account:read"], days=30, actor=user, at=self.at)[0]
        session_key = f"{word}{user.pk:028}"[:40]
        Session.objects.create(
            session_key=session_key,
            session_data="",
            expire_date=self.at + timedelta(hours=3),
            user=user,
            started_at=self.at,
            seen_at=self.at,
            agent=word,
        )
        stored = store(
            organisation=user.organisation, uploaded_by=user, data=f"{word},{user.pk}\n".encode(), shown_name=f"{word}.csv", at=self.at
        )
        run = Run.objects.create(organisation=user.organisation, kind="products.export", started_by=user, created_at=self.at, failure=word)
        notice = Notice.objects.create(
            recipient=user, kind="enrolment_approved", params={"product": word}, link="/", key=f"{word}:{user.pk}", created_at=self.at
        )
        return SimpleNamespace(key=key, handle=handle_of(session_key), file=stored, run=run, notice=notice)
