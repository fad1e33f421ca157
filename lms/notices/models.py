"""What people were told, in which letter, and what they have declined."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .enums import Channel, Subject


class Letter(models.Model):
    """The digest of one person and day. Whatever comes later that day waits for the next."""

    person = models.ForeignKey("roster.Person", models.CASCADE, related_name="letters")
    day = models.DateField(db_index=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="person_gets_one_letter_a_day")]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.day}"


class Delivery(models.Model):
    """The letter goes out by this channel; `accepted_at` once the mail server or the gateway has taken it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    """The same at every try, so that a gateway tells a repetition from another letter."""
    letter = models.ForeignKey(Letter, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    accepted_at = models.DateTimeField(null=True, blank=True)
    refused = models.CharField(max_length=100, blank=True)
    """Why it will never be taken, in a word of ours: an address that a gateway does not know."""

    class Meta:
        verbose_name = _("delivery of a letter")
        verbose_name_plural = _("deliveries of letters")
        constraints = [
            models.UniqueConstraint(fields=["letter", "channel"], name="letter_goes_once_by_a_channel")
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} by {self.channel}"


class Notice(models.Model):
    """On `day` a person is told one thing: on their page at once, in the next letter once."""

    person = models.ForeignKey("roster.Person", models.CASCADE, related_name="notices")
    subject = models.CharField(max_length=16, choices=Subject.choices)
    about = models.CharField(max_length=80)
    title = models.CharField(max_length=255)
    url = models.CharField(max_length=300, default="/")
    due = models.DateField(null=True, blank=True)
    asked_by = models.ForeignKey("roster.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    day = models.DateField(db_index=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    letter = models.ForeignKey(Letter, models.CASCADE, null=True, blank=True, related_name="notices")

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(fields=["person"], condition=models.Q(letter__isnull=True), name="notices_to_send"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "subject", "about", "day"], name="person_is_told_a_thing_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.about}"


class Wish(models.Model):
    """What a person has chosen to get beside the page of notices; without a row, everything."""

    person = models.OneToOneField("roster.Person", models.CASCADE, related_name="notice_wish")
    by_mail = models.BooleanField(_("by e-mail"), default=True)
    by_message = models.BooleanField(_("by SMS or Zalo"), default=True)

    class Meta:
        verbose_name = _("choice of reminders")
        verbose_name_plural = _("choices of reminders")

    def __str__(self) -> str:
        return f"{self.person_id}"
