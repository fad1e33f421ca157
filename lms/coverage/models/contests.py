"""What people contest in their records."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.kernel.facts import RecordedFact

from ..enums import About, ContestStatus


class Contest(RecordedFact):
    """Somebody says that what the register holds about them is wrong; their unit's manager answers by `due`.

    The words are theirs and the manager's, and go with the erasure of a person's data.
    """

    erasable = frozenset({"words", "answer"})

    person = models.ForeignKey("roster.Person", models.PROTECT, related_name="+")
    unit = models.ForeignKey("roster.Unit", models.PROTECT, related_name="+")
    """Whose manager has to answer."""
    about = models.CharField(_("what is wrong"), max_length=16, choices=About.choices)
    contested = models.UUIDField(null=True, blank=True)
    """The chain of the fact that is contested; none where something is missing."""
    words = models.TextField(_("what is wrong, and what is right"), max_length=1000, blank=True)
    opened_on = models.DateField()
    due = models.DateField(_("answer due by"))
    """The last day for the answer: two working days, as the law on personal data asks (decision 0042)."""
    status = models.CharField(max_length=16, choices=ContestStatus.choices, default=ContestStatus.WAITING)
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey("roster.Person", models.PROTECT, null=True, blank=True, related_name="+")
    """Who answered; empty where the operator did, and where it was taken back."""

    class Meta(RecordedFact.Meta):
        indexes = [
            models.Index(
                fields=["unit", "due"],
                condition=Q(superseded_entry__isnull=True, status="waiting"),
                name="contest_waiting",
            ),
            models.Index(fields=["person"], name="contest_by_person"),
        ]
        constraints = [
            *RecordedFact.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "contested"],
                condition=Q(superseded_entry__isnull=True, status="waiting"),
                name="fact_is_contested_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(about="missing", contested__isnull=True)
                | (~Q(about="missing") & Q(contested__isnull=False)),
                name="contest_names_a_fact_or_says_that_one_is_missing",
            ),
            models.CheckConstraint(
                condition=Q(due__gt=models.F("opened_on")), name="contest_is_due_after_it_was_opened"
            ),
            models.CheckConstraint(
                condition=Q(status="waiting", answered_on__isnull=True)
                | (~Q(status="waiting") & Q(answered_on__isnull=False)),
                name="contest_waits_or_was_answered_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=models.F("person")),
                name="contest_is_answered_by_somebody_else",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.about}"
