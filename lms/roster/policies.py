"""Who may do what, where: roles list permits; a permit and a day become the rows that a person may reach.

A role is held for a unit and a span of days and applies to everything below that unit in the tree of the day.
Outside reach a thing does not exist (404); inside it but not permitted is 403.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .enums import GrantStatus, Permit, Role, UnitKind
from .models import Person, Posting, RoleGrant, Unit
from .queries import paths_of, units_below, units_on
from .records import RoleHeld

PERMITS: Mapping[Role, frozenset[Permit]] = {
    Role.TRAINER: frozenset({Permit.WRITE_CONTENT}),
    Role.REVIEWER: frozenset({Permit.WRITE_CONTENT, Permit.REVIEW_CONTENT}),
    Role.UNIT_MANAGER: frozenset(
        {
            Permit.SEE_FIGURES,
            Permit.READ_RECORDS,
            Permit.MANAGE_ROSTER,
            Permit.CONFIRM_ROSTER,
            Permit.ASSIGN_LEARNING,
            Permit.PREPARE_REPORT,
            Permit.APPROVE_ABSENCE,
            Permit.APPROVE_EVIDENCE,
            Permit.ANSWER_CONTESTS,
            Permit.KEEP_CERTIFICATES,
        }
    ),
    Role.REPORTING_OFFICER: frozenset(
        {
            Permit.SEE_FIGURES,
            Permit.READ_RECORDS,
            Permit.ASSIGN_LEARNING,
            Permit.PREPARE_REPORT,
            Permit.CLOSE_PERIOD,
            Permit.APPROVE_ABSENCE,
            Permit.APPROVE_EVIDENCE,
            Permit.KEEP_CERTIFICATES,
        }
    ),
    Role.AUDITOR: frozenset({Permit.SEE_FIGURES, Permit.READ_RECORDS, Permit.READ_LEDGER}),
    Role.ADMINISTRATOR: frozenset(
        {
            Permit.MANAGE_ACCOUNTS,
            Permit.MANAGE_ROSTER,
            Permit.MANAGE_UNITS,
            Permit.KEEP_COURSES,
            Permit.SET_UP_CERTIFICATES,
        }
    ),
}

SENTENCES: Mapping[Role, Promise] = {
    Role.TRAINER: _("You write courses and questions, and send them to review."),
    Role.REVIEWER: _("You check what trainers have written, send it back or publish it."),
    Role.UNIT_MANAGER: _(
        "You see the figures and training records of {unit} and everything below it, keep and confirm its "
        "list of staff and its register of certificates, assign courses, prepare its reports, approve what "
        "others have declared, and answer who says that a record is wrong."
    ),
    Role.REPORTING_OFFICER: _(
        "You see the figures and training records of {unit} and everything below it, keep its register of "
        "certificates, assign courses, approve what others have declared, prepare its reports, and close and "
        "sign its figures."
    ),
    Role.AUDITOR: _(
        "You may read everything of {unit} and everything below it, the audit log too, and change nothing."
    ),
    Role.ADMINISTRATOR: _(
        "You keep accounts, roles, units and lists of staff of {unit} and everything below it, set up its "
        "certificates, and enter courses held elsewhere. You see no marks."
    ),
}

ABOVE_UNIT_LEVEL = frozenset({UnitKind.COUNTRY, UnitKind.PROVINCE})
"""A role for a unit of these kinds needs a second person (TRUST.md §1)."""


def roles_with(permit: Permit) -> list[Role]:
    return [role for role, permits in PERMITS.items() if permit in permits]


def grants_held(me: Person, on: date) -> QuerySet[RoleGrant]:
    """The approved roles that I hold on that day.

    Whoever has left service holds none from the day on which the last posting ended, though nobody has ended
    the roles; who never had a posting (a trainer from outside) holds what was granted.
    """
    approved = RoleGrant.objects.current().on(on).filter(person=me, status=GrantStatus.APPROVED)
    return approved.filter(_in_service(me, on)).select_related("unit")


def _in_service(who: Person | OuterRef, on: date) -> Q:
    """Holding a posting on that day, or never having had one until then."""
    begun = Posting.objects.current().filter(person=who, since__lte=on)
    return Exists(begun.on(on)) | ~Exists(begun)


def nearest_unit_with(permit: Permit, unit: int, on: date, *, besides: Iterable[int] = ()) -> int:
    """The unit itself, or the nearest above it, in which somebody besides these people holds the permit on
    that day; the unit itself where nobody does up to the root. Two queries."""
    path = [step.id for step in paths_of([unit], on).get(unit, [])]
    held = RoleGrant.objects.current().on(on).filter(_in_service(OuterRef("person"), on))
    held = held.filter(unit__in=path, role__in=roles_with(permit), status=GrantStatus.APPROVED)
    units = set(held.exclude(person__in=list(besides)).values_list("unit", flat=True))
    return next((step for step in reversed(path) if step in units), unit)


def units_within_reach(me: Person, permit: Permit, on: date) -> QuerySet[Unit]:
    """The units for which I hold the permit on that day: those of my roles, and all below them."""
    tops = grants_held(me, on).filter(role__in=roles_with(permit)).values_list("unit_id", flat=True)
    return units_below(tops, on)


def tops_within_reach(me: Person, permit: Permit, on: date) -> QuerySet[Unit]:
    """The units that my roles with this permit name themselves: where I begin to look."""
    tops = grants_held(me, on).filter(role__in=roles_with(permit)).values("unit")
    return Unit.objects.filter(pk__in=tops)


def people_within_reach(me: Person, permit: Permit, on: date) -> QuerySet[Person]:
    """The people who hold a posting, on that day, in a unit for which I hold the permit."""
    postings = Posting.objects.current().on(on).filter(unit__in=units_within_reach(me, permit, on))
    return Person.objects.filter(pk__in=postings.values("person"))


def people_left_within(me: Person, permit: Permit, on: date) -> QuerySet[Person]:
    """The people who once held a posting in a unit for which I hold the permit, and hold none anywhere."""
    once = Posting.objects.current().filter(unit__in=units_within_reach(me, permit, on))
    still = Posting.objects.current().on(on)
    left = Person.objects.filter(pk__in=once.values("person"))
    return left.exclude(pk__in=still.values("person"))


def may_see(me: Person, permit: Permit, person: Person, on: date) -> bool:
    """Whether this person lies within my reach: one statement that walks up from their postings of the day.

    It meets the few units above somebody and never the many people below me, so it costs the same for a
    province as for a commune. It says what people_within_reach says (tests/roster/test_reach.py).
    """
    roles = [role.value for role in roles_with(permit)]
    holes = ", ".join(["%s"] * len(roles))
    standing = "s.superseded_entry IS NULL AND s.since <= %s AND (s.until IS NULL OR s.until > %s)"
    begun = (
        "SELECT 1 FROM roster_posting m WHERE m.person_id = g.person_id AND m.superseded_entry IS NULL "
        "AND m.since <= %s"
    )
    sql = (
        "WITH RECURSIVE up(id, parent) AS ("  # noqa: S608 — holes and constants, no values
        "SELECT s.unit_id, s.parent_id FROM roster_posting p JOIN roster_unitspan s ON s.unit_id = p.unit_id "
        "WHERE p.person_id = %s AND p.superseded_entry IS NULL AND p.since <= %s "
        f"AND (p.until IS NULL OR p.until > %s) AND {standing} "
        "UNION SELECT s.unit_id, s.parent_id FROM roster_unitspan s JOIN up ON s.unit_id = up.parent "
        f"WHERE {standing}) "
        "SELECT 1 FROM roster_rolegrant g JOIN up ON g.unit_id = up.id WHERE g.person_id = %s "
        "AND g.superseded_entry IS NULL AND g.status = %s AND g.since <= %s "
        f"AND (g.until IS NULL OR g.until > %s) AND g.role IN ({holes}) "
        f"AND (EXISTS ({begun} AND (m.until IS NULL OR m.until > %s)) OR NOT EXISTS ({begun})) LIMIT 1"
    )
    values: list[int | str | date] = [person.pk, *([on] * 6), me.pk, GrantStatus.APPROVED.value, on, on]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *roles, on, on, on])
        return cursor.fetchone() is not None


def may(me: Person, permit: Permit, unit: Unit, on: date) -> bool:
    return units_within_reach(me, permit, on).filter(pk=unit.pk).exists()


def may_anywhere(me: Person, permit: Permit, on: date) -> bool:
    """Whether any of my roles carries the permit: what decides about a place in the navigation."""
    return grants_held(me, on).filter(role__in=roles_with(permit)).exists()


def holders_over(unit: int, permit: Permit, on: date) -> set[int]:
    """Who holds the permit on that day for this unit, by a role for it or for a unit above it."""
    above = [step.id for step in paths_of([unit], on).get(unit, [])]
    grants = RoleGrant.objects.current().on(on).filter(unit__in=above, status=GrantStatus.APPROVED)
    return set(grants.filter(role__in=roles_with(permit)).values_list("person", flat=True))


def permits_held(me: Person, on: date) -> frozenset[Permit]:
    """Every permit that I hold somewhere on that day."""
    roles = set(grants_held(me, on).values_list("role", flat=True))
    return frozenset().union(*(PERMITS[Role(role)] for role in roles))


@dataclass(frozen=True, slots=True)
class GrantHeld:
    """A role that is held, and the unit for which it is held."""

    role: Role
    unit: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Who asks, and every role that they hold on the day of asking."""

    person: Person
    grants: tuple[GrantHeld, ...]

    def permits(self) -> frozenset[Permit]:
        """Every permit that is held somewhere."""
        return frozenset().union(*(PERMITS[grant.role] for grant in self.grants))

    def tops(self, permit: Permit) -> frozenset[int]:
        """The units that roles with this permit name; the reach is these and all below them."""
        return frozenset(grant.unit for grant in self.grants if permit in PERMITS[grant.role])


def standing_of(user: AbstractBaseUser | AnonymousUser, on: date) -> Standing | None:
    """Who the signed-in user is in the register and what they may that day, in one query for a whole page.

    The roles are those of grants_held (tests/roster/test_policies.py).
    """
    if not user.is_authenticated:
        return None
    approved = Q(role_grants__superseded_entry__isnull=True, role_grants__status=GrantStatus.APPROVED)
    that_day = Q(role_grants__until__isnull=True) | Q(role_grants__until__gt=on)
    held = FilteredRelation("role_grants", condition=approved & that_day & Q(role_grants__since__lte=on))
    rows = Person.objects.filter(user_id=user.pk).alias(held=held)
    rows = rows.annotate(serves=_in_service(OuterRef("pk"), on))
    found = list(rows.values_list("pk", "public_id", "code", "serves", "held__role", "held__unit_id"))
    if not found:
        return None
    pk, public_id, code = found[0][:3]
    person = Person.from_db(None, ["id", "public_id", "code", "user_id"], [pk, public_id, code, user.pk])
    grants = (GrantHeld(Role(role), unit) for *_who, serves, role, unit in found if serves and role)
    return Standing(person, tuple(grants))


def needs_second_person(unit: Unit, on: date) -> bool:
    """Whether a role for this unit lies above unit level."""
    from_day = unit.spans.current().on(on).filter(kind__in=ABOVE_UNIT_LEVEL)
    return from_day.exists()


def roles_of(me: Person, on: date) -> list[RoleHeld]:
    """My roles of that day, each with the sentence that says what it lets me do."""
    grants = list(grants_held(me, on).order_by("unit__code", "role"))
    units = {unit.id: unit for unit in units_on(Unit.objects.filter(role_grants__in=grants), on)}
    return [
        RoleHeld(
            grant.role,
            str(Role(grant.role).label),
            unit.code,
            unit.name,
            grant.since,
            grant.until,
            str(SENTENCES[Role(grant.role)]).format(unit=unit.name),
        )
        for grant in grants
        if (unit := units.get(grant.unit_id))
    ]
