"""The bank: questions through their versions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..enums import Kind


class Bank(models.Model):
    """Questions that belong together: those of one module, or of whoever keeps them."""

    code = models.CharField(_("code"), max_length=32, unique=True)
    title = models.CharField(_("title"), max_length=255)
    course = models.CharField(_("course"), max_length=32, blank=True, db_index=True)
    """The code of the course that it is for; `module` that of the module. Content holds what they are."""
    module = models.CharField(_("module"), max_length=32, blank=True)

    class Meta:
        verbose_name = _("question bank")
        verbose_name_plural = _("question banks")

    def __str__(self) -> str:
        return self.code


class BankKeeper(models.Model):
    """Somebody who writes the questions of a bank, whoever owns the course."""

    bank = models.ForeignKey(Bank, models.CASCADE, related_name="keepers")
    person = models.ForeignKey("roster.Person", models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bank", "person"], name="bank_names_a_keeper_once")]

    def __str__(self) -> str:
        return f"{self.bank_id}: {self.person_id}"


class Question(models.Model):
    """A question through all its versions. Retired ones are drawn no more, and never deleted."""

    bank = models.ForeignKey(Bank, models.PROTECT, related_name="questions")
    code = models.CharField(_("code"), max_length=64)
    retired = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.UniqueConstraint(fields=["bank", "code"], name="question_code_is_unique_in_its_bank")
        ]

    def __str__(self) -> str:
        return self.code


class QuestionVersion(models.Model):
    """A question as it was worded and keyed at one time; what was asked is never rewritten."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=Kind.choices)
    objective = models.PositiveSmallIntegerField(default=1)
    difficulty = models.PositiveSmallIntegerField(default=1)
    tags = models.JSONField(default=list, blank=True)
    body = models.JSONField()
    """Stem, options, key and explanations, as `quizzes/bodies.py` describes for each kind."""
    name = models.CharField(_("name"), max_length=255, blank=True)
    source = models.TextField(_("source"), blank=True)
    law = models.TextField(_("legal ground"), blank=True)
    sha256 = models.CharField(max_length=64)
    likeness = models.CharField(max_length=64, blank=True, db_index=True)
    """The same for questions that ask the same in other letters (`quizzes/likeness.py`)."""
    by = models.ForeignKey("roster.Person", models.PROTECT, null=True, blank=True, related_name="+")
    """Who worded it; nobody for what was loaded by a command."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="question_version_is_numbered_once")
        ]

    def __str__(self) -> str:
        return f"{self.question_id} v{self.number}"
