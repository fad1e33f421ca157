"""News of this room, sent in the transaction of the change."""

from django.dispatch import Signal

reading_begun = Signal()
"""The first lesson of an enrolment was finished. `person_id`, `course_id`, `course_code`, `on`."""

course_completed = Signal()
"""Everything that a course asks for is done. `completed` (records.Completed)."""

course_assigned = Signal()
"""A unit asks people to learn a course. `people` (row ids), `course_code`, `title`, `due`, `by`, `on`."""

assignments_taken_back = Signal()
"""What a unit asked is asked no longer. `people` (row ids), `course_code`."""

course_begun = Signal()
"""Somebody has begun a course by themselves. `person_id`, `course_code`, `on`."""

course_left = Signal()
"""An enrolment was closed without completing. `person_id`, `course_id`, `course_code`, `on`."""
