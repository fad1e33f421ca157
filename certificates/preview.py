"""A made-up paper to look at. It is signed by nobody, and its link leads nowhere."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from .models import Issuer
from .payload import written
from .records import Achievement


def sample(issuer: Issuer, holder: str) -> dict[str, Any]:
    with override("vi"):
        title = _("A sample, not valid: counselling people who use synthetic drugs, for commune officials")
        level, result = _("basic"), _("passed")
    payload = written(
        holder=holder,
        birth_date=date(1988, 3, 9),
        unit_name="Ủy ban nhân dân xã Nguyễn Bỉnh Khiêm",
        achievement=Achievement(0, "MAU", title, level, 1, 1, Decimal("8"), result, date(2026, 1, 15)),
        issuer={
            "name": issuer.name,
            "parent_name": issuer.parent_name,
            "place": issuer.place,
            "signatory_title": issuer.signatory_title,
            "signatory": issuer.signatory,
            "authority_document": issuer.authority_document,
        },
        authorised=issuer.authorised,
        number="0000/2026/MAU",
        code="00000000",
        url=f"{settings.BASE_URL}/verify/{'0' * 22}/",
        issued_on=date(2026, 1, 16),
        valid_until=date(2028, 1, 16),
    )
    return {"format": "sample", "payload": payload, "key_id": "0" * 16, "signature": "0" * 86, "ledger": {}}
