"""News that travels up."""

from django.dispatch import Signal

attempt_finished = Signal()
"""Sent with `result` (records.AttemptResult), in the transaction that finishes the attempt."""

mark_changed = Signal()
"""Sent with `before` and `result` (records.AttemptResult): two persons changed what an attempt is worth."""

appeal_raised = Signal()
"""Sent with `appeal_id` (UUID) and `person_id`, the learner's."""

appeal_answered = Signal()
"""Sent with `appeal_id` (UUID), `person_id`, the learner's, `outcome` and `answer`."""
