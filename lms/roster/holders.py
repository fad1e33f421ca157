"""What accounts asks of the register: by what its people call themselves, and whether they see others."""

from collections.abc import Iterable
from datetime import date

from lms.roster.enums import Permit
from lms.roster.models import Person, PersonRecord, RoleGrant
from lms.roster.policies import grants_held, people_within_reach
from lms.roster.services.sign_ins import account_for_code


class Holders:
    """Plugged into accounts; a user without a person has no names here and sees nobody."""

    def names_of(self, user_id: int) -> Iterable[str]:
        rows = PersonRecord.objects.current().filter(person__user=user_id)
        return [name for row in rows.values_list("person__code", "phone", "email") for name in row if name]

    def address_of(self, user_id: int) -> str:
        rows = PersonRecord.objects.current().filter(person__user=user_id).exclude(email="")
        return rows.values_list("email", flat=True).first() or ""

    def account_of(self, officer_code: str, on: date) -> int | None:
        return account_for_code(officer_code, on)

    def keeps_account(self, keeper_id: int, user_id: int, on: date) -> bool:
        keeper = Person.objects.filter(user=keeper_id).first()
        if keeper is None:
            return False
        return people_within_reach(keeper, Permit.MANAGE_ACCOUNTS, on).filter(user=user_id).exists()

    def sees_others(self, user_id: int, on: date) -> bool:
        """Every role does: trainers see marks, managers people, reviewers what is not published yet.

        One plain query for a learner, who was never granted any: it is asked at every request.
        """
        granted = RoleGrant.objects.filter(person__user=user_id).select_related("person").first()
        return granted is not None and grants_held(granted.person, on).exists()
