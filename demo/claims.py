"""What the demo's merchants say of their products, and what stands under it: papers, a mere statement, words that need proof."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from PIL import Image, ImageDraw

from assurance.claims import actions
from assurance.claims.actions import Attached, NewClaim
from assurance.files.actions import store

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.files.models import StoredFile
    from assurance.products.models import Product
    from demo.story import Stage

SAID: Final[dict[str, tuple[dict[str, Any], ...]]] = {
    "HJ-JM-120": (
        {"kind": "efficacy", "said_by": "page", "text": "泡沫细腻，洗后不紧绷", "paper": "消费者使用测试报告", "ends": 300},
        {"kind": "composition", "said_by": "package", "text": "氨基酸表活", "paper": "配方成分说明"},
        {"kind": "comparison", "said_by": "host", "text": "比皂基洁面清洁得更温和"},
    ),
    "HJ-FS-60": (
        {"kind": "rated_number", "said_by": "package", "text": "SPF50", "value": 50, "unit": "SPF", "paper": "防晒指数检验报告", "ends": 5},
    ),
    "HJ-HS-75": ({"kind": "absolute_word", "said_by": "page", "text": "全网第一的护手霜"},),
    "SL-HT-250": (
        {"kind": "origin", "said_by": "package", "text": "临安山核桃，产自浙江兰溪", "paper": "产地证明", "ends": 200},
        {"kind": "rated_number", "said_by": "package", "text": "净含量 250 g", "measured": "net_content", "value": 250, "unit": "g"},
    ),
    "XS-LT-90": (
        {
            "kind": "composition",
            "said_by": "package",
            "text": "棉 100%",
            "measured": "fibre_content",
            "component": "棉",
            "value": 100,
            "unit": "%",
        },
    ),
}
"""By SKU; ``paper`` names a document under the claim, ``ends`` in how many days it runs out."""


def say(stage: Stage, product: Product, *, actor: User, at: datetime) -> None:
    """Make the claims of a product that is still a draft, and put its papers under them."""
    wanted = SAID.get(product.sku, ())
    names = ("kind", "said_by", "text", "measured", "component", "value", "unit")
    new = [NewClaim(product.pk, actor=actor, at=at, **{name: one[name] for name in names if name in one}) for one in wanted]
    made = actions.make_all(new)
    papers = [
        Attached(claim.pk, "document", one["paper"], _scan(one["paper"], actor=actor, at=at), at.date(), _end(stage, one))
        for claim, one in zip(made, wanted, strict=True)
        if "paper" in one
    ]
    actions.attach_all(papers, actor=actor, at=at)


def _end(stage: Stage, one: dict[str, Any]) -> Any:
    return stage.today + timedelta(days=one["ends"]) if "ends" in one else None


def _scan(title: str, *, actor: User, at: datetime) -> StoredFile:
    """Return a sheet that differs from every other."""
    sheet, written = Image.new("RGB", (840, 594), (250, 250, 246)), io.BytesIO()
    ImageDraw.Draw(sheet).text((60, 60), f"{title.encode().hex()} {actor.pk}", fill=(40, 40, 40))
    sheet.save(written, "PNG")
    return store(organisation=actor.organisation, uploaded_by=actor, data=written.getvalue(), shown_name=f"{title}.png", at=at)
