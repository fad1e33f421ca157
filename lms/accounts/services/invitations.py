"""Invitations by e-mail: a code that is made when the letter is written, and stands nowhere else."""

from collections.abc import Sequence

from django.db import transaction

from lms.kernel import jobs


@transaction.atomic
def invite(*, user_ids: Sequence[int], by: int | None) -> None:
    """Have a letter with a one-time code sent to each; the worker makes the code as it writes the letter."""
    for user_id in user_ids:
        jobs.enqueue("accounts.invite", key=f"invite:{user_id}", user=user_id, by=by or 0)
