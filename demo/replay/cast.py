"""Who acts in the replay: a warehouse with its people, a courier, a reviewer. Added once, found by their credit codes afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stdnum.cn import uscc

from assurance.accounts.actions.founding import NewHouse, NewPerson, found_all
from assurance.accounts.models import Organisation, User
from assurance.roles import Kind, Role

if TYPE_CHECKING:
    from datetime import datetime

SOURCE: Final = "replay"
DOMAIN: Final = "replay.wuyou.example"
PROVINCE: Final = "浙江省"
"""Where the replay's warehouse stands."""
SERVICE: Final = "replay-standard"
PLATFORM_PEOPLE: Final = (
    NewPerson("回放管理员", f"admin@{DOMAIN}", Role.PLATFORM_ADMIN),
    NewPerson("回放审核员", f"reviewer@{DOMAIN}", Role.ENROLMENT_REVIEWER),
    NewPerson("回放财务", f"finance@{DOMAIN}", Role.FINANCE),
)
WAREHOUSE_PEOPLE: Final = (
    NewPerson("回放收货员", f"receiver@{DOMAIN}", Role.WAREHOUSE_OPERATOR),
    NewPerson("回放打包员", f"packer@{DOMAIN}", Role.WAREHOUSE_OPERATOR),
    NewPerson("回放质检员", f"inspector@{DOMAIN}", Role.QC_INSPECTOR),
    NewPerson("回放复核员", f"checker@{DOMAIN}", Role.QC_INSPECTOR),
)
COURIER_PEOPLE: Final = (NewPerson("回放快递员", f"courier@{DOMAIN}", Role.COURIER_AGENT),)


def _credit_code(body: str) -> str:
    """Return a code that is right in its form and belongs to nobody."""
    return body + str(uscc.calc_check_digit(body))


PLATFORM_CODE: Final = _credit_code("91110108MA01B2Y69")
"""The platform of a system that has none yet; the demo month founds the same one."""
WAREHOUSE_CODE: Final = _credit_code("91330100MA0REPAY2")
COURIER_CODE: Final = _credit_code("91330100MA0REPAY3")


@dataclass(frozen=True, slots=True)
class Cast:
    """The people of the replay by what they do."""

    admin: User
    reviewer: User
    finance: User
    warehouse: Organisation
    receiver: User
    packer: User
    inspector: User
    checker: User
    courier: User


def let_in(*, founded_at: datetime) -> None:
    """Add who is missing. On an empty platform the platform's own organisation is founded too."""
    platform = Organisation.objects.of_kind(Kind.PLATFORM).order_by("pk").first()
    name, code, ours = ("无忧服务平台", PLATFORM_CODE, "WUYOU")
    if platform:
        name, code, ours = platform.name, platform.credit_code or PLATFORM_CODE, platform.code
    found_all(
        [
            NewHouse(Kind.PLATFORM, name, code, PLATFORM_PEOPLE, founded_at, ours, source=SOURCE),
            NewHouse(Kind.WAREHOUSE, "杭州临平云仓", WAREHOUSE_CODE, WAREHOUSE_PEOPLE, founded_at, "HZLP", source=SOURCE),
            NewHouse(Kind.COURIER, "迅和速运", COURIER_CODE, COURIER_PEOPLE, founded_at, "XUNHE", source=SOURCE),
        ],
        actor=None,
    )


def gathered() -> Cast:
    """Return the people who were let in."""
    people = {
        one.email.split("@")[0]: one
        for one in User.objects.select_related("organisation").filter(email__endswith=f"@{DOMAIN}", email__in=_addresses())
    }
    return Cast(warehouse=people["receiver"].organisation, **people)


def _addresses() -> list[str]:
    return [person.email for people in (PLATFORM_PEOPLE, WAREHOUSE_PEOPLE, COURIER_PEOPLE) for person in people]


def owner_address(credit_code: str) -> str:
    """Return the address of a merchant's first person; nobody reads it until the administrator invites somebody else."""
    return f"{credit_code.lower()}@{DOMAIN}"


__all__ = ["SOURCE", "Cast", "gathered", "let_in", "owner_address"]
