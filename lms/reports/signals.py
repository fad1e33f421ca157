"""News of reports, in the past tense."""

from django.dispatch import Signal

report_awaited = Signal()
"""A unit was reminded of its report. `report_id`."""
report_returned = Signal()
"""A report came back with comments. `report_id`."""
report_signed = Signal()
"""A unit has reported. `report_id`."""
