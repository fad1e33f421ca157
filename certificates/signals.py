"""News that travels up."""

from django.dispatch import Signal

certificate_issued = Signal()
"""Sent with certificate_id, person_id, in the transaction of the issue."""

certificate_revoked = Signal()
"""Sent with certificate_id, person_id, reason, in the transaction of the revocation."""

certificate_expiring = Signal()
"""Sent with certificate_id, person_id, course_code, days, last_day, in the transaction that notes it."""

misses_alarming = Signal()
"""Sent with misses, asks: too many of this hour's public checks found nothing."""
