"""Who takes part in the demo: one sign-in per role and some more. All names are made up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from stdnum.cn import uscc

from assurance.accounts.actions.people import create_organisation, invite_person
from assurance.accounts.actions.registration import accept_invitation, add_organisation, add_person, invite
from assurance.accounts.models import Invitation, Organisation, User
from assurance.roles import Kind, Role

if TYPE_CHECKING:
    from datetime import datetime

PASSWORD: Final = "wuyou-demo-2026"  # noqa: S105  printed at every start; production refuses the demo
DOMAIN: Final = "demo.wuyou.example"


@dataclass(frozen=True)
class House:
    """One organisation of the demo; ``register`` is the body of its credit code, without the check digit."""

    code: str
    kind: Kind
    name: str
    register: str
    people: tuple[tuple[str, str, Role], ...]


HOUSES: Final = (
    House(
        "HEJIAN",
        Kind.MERCHANT,
        "杭州禾见日化有限公司",
        "91330109MA2KD00X1",
        (("owner", "许禾", Role.MERCHANT_OWNER), ("operator", "安宁", Role.MERCHANT_OPERATOR)),
    ),
    House(
        "SHANLI",
        Kind.MERCHANT,
        "兰溪山里食品有限公司",
        "91330781MA28E7KT2",
        (("owner.shanli", "季迪", Role.MERCHANT_OWNER),),
    ),
    House(
        "XIAOSHU",
        Kind.MERCHANT,
        "宁波小树童装有限公司",
        "91330212MA2AJ5UL3",
        (("owner.xiaoshu", "林小树", Role.MERCHANT_OWNER),),
    ),
    House(
        "HZXS",
        Kind.WAREHOUSE,
        "杭州萧山云仓",
        "91330109MA27X9QB4",
        (
            ("warehouse", "魏国强", Role.WAREHOUSE_OPERATOR),
            ("inspector", "陈静", Role.QC_INSPECTOR),
            ("inspector2", "罗敏", Role.QC_INSPECTOR),
            ("lead", "卞文", Role.QC_LEAD),
        ),
    ),
    House("GZBY", Kind.WAREHOUSE, "广州白云云仓", "91440111MA5CQ3RW5", (("inspector.gz", "何博", Role.QC_INSPECTOR),)),
    House(
        "HDHZ",
        Kind.LAB,
        "华东衡准检测中心",
        "91310115MA1K3PHN6",
        (("analyst", "钱衡", Role.LAB_ANALYST), ("verifier", "孙准", Role.LAB_VERIFIER), ("verifier2", "沈量", Role.LAB_VERIFIER)),
    ),
    House("LUDA", Kind.COURIER, "陆达速运", "91310118MA1JLT7C7", (("courier", "马跑", Role.COURIER_AGENT),)),
    House("XIAOMAN", Kind.STUDIO, "小满直播间", "91330106MA2HXG9P8", (("streamer", "小满", Role.STREAMER),)),
)
PLATFORM: Final = House(
    "WUYOU",
    Kind.PLATFORM,
    "无忧服务平台",
    "91110108MA01B2Y69",
    (
        ("admin", "伊静", Role.PLATFORM_ADMIN),
        ("reviewer", "戴娜", Role.ENROLMENT_REVIEWER),
        ("reviewer2", "窦伟", Role.ENROLMENT_REVIEWER),
        ("finance", "方圆", Role.FINANCE),
        ("agent", "柯安", Role.CASE_AGENT),
        ("case.reviewer", "柯正", Role.CASE_REVIEWER),
        ("auditor", "艾达", Role.AUDITOR),
    ),
)


def credit_code(register: str) -> str:
    """Return a unified social credit code that is right in its form and belongs to nobody."""
    body = "".join(character for character in register if character not in "IOZSV")[:17]
    return body + str(uscc.calc_check_digit(body))


def address(local: str) -> str:
    return f"{local}@{DOMAIN}"


@transaction.atomic
def let_everybody_in(*, at: datetime) -> dict[str, User]:
    """Add all organisations and people, with their passwords; return people by the first part of their address."""
    platform = Organisation.objects.of_kind(Kind.PLATFORM).order_by("pk").first() or add_organisation(
        kind=PLATFORM.kind, name=PLATFORM.name, code=PLATFORM.code, credit_code=credit_code(PLATFORM.register), at=at
    )
    local, name, role = PLATFORM.people[0]
    admin = add_person(organisation=platform, role=role, name=name, email=address(local), phone=None, language="zh-hans", at=at)
    invite(admin, purpose=Invitation.Purpose.JOIN, actor=admin, at=at)
    admin = join(admin, at=at)
    for local, name, role in PLATFORM.people[1:]:
        invite_into(platform, local, name, role, admin, at=at)
    for house in HOUSES:
        found(house, admin, at=at)
    return {person.email.split("@")[0]: person for person in User.objects.select_related("organisation")}


def found(house: House, admin: User, *, at: datetime) -> None:
    """Add one organisation with its people."""
    local, name, role = house.people[0]
    organisation = create_organisation(
        kind=house.kind,
        name=house.name,
        code=house.code,
        credit_code=credit_code(house.register),
        person_name=name,
        email=address(local),
        phone=None,
        role=role,
        language="zh-hans",
        actor=admin,
        at=at,
    )
    join(User.objects.get(email=address(local)), at=at)
    for local, name, role in house.people[1:]:
        invite_into(organisation, local, name, role, admin, at=at)


def invite_into(organisation: Organisation, local: str, name: str, role: Role, admin: User, *, at: datetime) -> None:
    person = invite_person(
        organisation_id=organisation.pk,
        name=name,
        email=address(local),
        phone=None,
        role=role,
        language="zh-hans",
        actor=admin,
        at=at,
    )
    join(person, at=at)


def join(person: User, *, at: datetime) -> User:
    """Open the invitation and choose the demo's password."""
    invitation = Invitation.objects.filter(user=person).latest("id")
    return accept_invitation(invitation_id=invitation.pk, password=PASSWORD, at=at)
