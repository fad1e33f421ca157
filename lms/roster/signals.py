"""News of the register. Each carries `on`, the day from which it holds; ids are row ids of this database."""

from django.dispatch import Signal

role_granted = Signal()
"""A role is held. `person_id`, `user_id` (None without a sign-in), `role`, `unit_code`, `on`."""

role_ended = Signal()
"""A role is held no longer. `person_id`, `user_id`, `role`, `unit_code`, `on`."""

posting_changed = Signal()
"""A posting began, moved or ended. `person_id`, `unit_code`, `on`."""

person_erased = Signal()
"""A person is being forgotten, in this transaction: each room empties what it holds.

`person_ids`, `by`, `on`, `reason`."""
