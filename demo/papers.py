"""The merchants' papers in the demo: verified ones, one that ends soon, one that waits, one that came back. Numbers belong to nobody."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from PIL import Image, ImageDraw

from assurance.qualification import actions
from assurance.qualification.actions import NewPaper
from assurance.qualification.objections import Objection

if TYPE_CHECKING:
    from datetime import datetime

    from demo.story import Stage

OFFICES: Final = {
    "owner": "杭州市萧山区市场监督管理局",
    "owner.shanli": "兰溪市市场监督管理局",
    "owner.xiaoshu": "宁波市鄞州区市场监督管理局",
}
LICENSED_DAYS_AGO: Final = 900
ENDS_SOON: Final = 12
SIZE: Final = (840, 594)


def hand_in(stage: Stage, *, at: datetime) -> None:
    """Enter every merchant's papers and have them verified, as far as each got."""
    reviewer = stage.people["reviewer"]
    verified = [
        *(_paper(stage, name, "business_licence", stage.people[name].organisation.credit_code, at=at) for name in OFFICES),
        _paper(stage, "owner.shanli", "food_licence", "JY13307810021456", ends=ENDS_SOON, at=at),
        _paper(stage, "owner", "trademark", "58213047", ends=1500, brand="禾见", at=at),
    ]
    entered = actions.enter(verified)
    actions.verify([paper.pk for paper in entered], actor=reviewer, at=at + timedelta(hours=3))
    recent = stage.ago(1.3)
    dealer = {"brand": "小树苗", "granted_by": "宁波小树苗品牌管理有限公司", "chain_level": 2}
    actions.enter([_paper(stage, "owner.xiaoshu", "brand_authorisation", "XSM-2026-017", ends=380, at=recent, **dealer)])
    [blurred] = actions.enter([_paper(stage, "owner", "brand_authorisation", "HJ-SQ-2026-03", ends=300, at=recent, **HEJIAN)])
    objections = [
        Objection("file", "unreadable", "盖章处看不清，请重新扫描"),
        Objection("until_date", "contradiction", "原件写到 2027-06-30"),
    ]
    actions.send_back(paper_id=blurred.pk, objections=objections, actor=reviewer, at=stage.ago(0.9))


HEJIAN: Final = {"brand": "禾见", "granted_by": "禾见品牌管理（杭州）有限公司", "chain_level": 1}


def _paper(stage: Stage, name: str, kind: str, number: str, *, at: datetime, ends: int | None = None, **given: Any) -> NewPaper:
    return NewPaper(
        kind=kind,
        number=number,
        issuer="国家知识产权局" if kind == "trademark" else given.get("granted_by") or OFFICES[name],
        from_date=stage.today - timedelta(days=LICENSED_DAYS_AGO),
        until_date=None if ends is None else stage.today + timedelta(days=ends),
        actor=stage.people[name],
        at=at,
        data=scan(kind, number),
        file_name=f"{kind}.png",
        **given,
    )


def scan(kind: str, number: str) -> bytes:
    """Return a picture that says what it stands for."""
    picture = Image.new("RGB", SIZE, "#fbf7ec")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((18, 18, SIZE[0] - 18, SIZE[1] - 18), outline="#b08d3e", width=6)
    pen.text((90, 120), f"SPECIMEN\n\n{kind.replace('_', ' ').upper()}\n\nNo. {number}", fill="#4a3b14", font_size=38, spacing=14)
    pen.ellipse((580, 380, 740, 540), outline="#c03028", width=7)
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()
