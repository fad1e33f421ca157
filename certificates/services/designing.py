"""How an issuer's papers look, and who signs them: set up by an administrator."""

import uuid
from dataclasses import asdict
from datetime import date

from django.db import transaction

from lms.kernel import services as kernel
from lms.roster.queries import Person

from ..layouts import Layout
from ..models import Design, Issuer, IssuingRule

ISSUERS = uuid.UUID("8d0f4c55-2a1e-4f6b-9a55-6f0f5f1f2c10")
"""The ledger's subject of an issuer is made of its code."""


@transaction.atomic
def save_design(*, issuer: Issuer, layout: Layout, by: Person, on: date) -> Design:
    """The next version of the issuer's design, or the one in force if nothing differs."""
    Issuer.objects.select_for_update().get(pk=issuer.pk)
    last = issuer.designs.order_by("-version").first()
    if last is not None and last.layout() == layout:
        return last
    version = last.version + 1 if last else 1
    return Design.objects.create(issuer=issuer, version=version, made_by=by, made_on=on, **asdict(layout))


@transaction.atomic
def save_issuer(*, issuer: Issuer, by: Person) -> Issuer:
    """Change who signs and how numbers are written, for papers issued from now on."""
    issuer.save()
    kernel.append(
        type="certificate.issuer_set_up",
        subject=uuid.uuid5(ISSUERS, issuer.code),
        fact={
            "issuer": issuer.code,
            "name": issuer.name,
            "signatory": issuer.signatory,
            "signatory_title": issuer.signatory_title,
            "pattern": issuer.number_pattern,
            "authorised": issuer.authorised,
            "authority_document": issuer.authority_document,
        },
        by=by,
    )
    return issuer


@transaction.atomic
def set_rule(
    *, course_id: int, issuer: Issuer, validity_months: int | None, outside: bool = False
) -> IssuingRule:
    """Who certifies a course, and for how long a paper holds that is issued from now on."""
    rule, _made = IssuingRule.objects.update_or_create(
        course_id=course_id,
        defaults={"issuer": issuer, "validity_months": validity_months, "outside": outside},
    )
    return rule
