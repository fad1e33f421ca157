"""The ledger: what was recorded, when, by whom, in an order that nobody changes unseen. And work to do."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from lms.kernel.enums import JobState
from lms.kernel.facts import RecordedFact


class LedgerEntry(models.Model):
    """One thing that the institution answers for was recorded, corrected or withdrawn.

    The entry itself holds no personal data: `commitment` binds the fact without telling it. An entry is
    written with its fact, and numbered once that is committed; from then on it never changes.
    """

    number = models.BigIntegerField(null=True, unique=True)
    """From 1, without gaps; leaf `number - 1` of the Merkle tree."""
    time = models.DateTimeField(null=True)
    """When it was numbered, by the database's clock; never earlier than the entry before."""
    type = models.CharField(max_length=64)
    """The kind of fact and what was done: "roster.posting.corrected"."""
    version = models.PositiveSmallIntegerField(default=1)
    uid = models.UUIDField()
    """Random; taken from the salt, so that an altered salt is told from an altered fact."""
    actor = models.CharField(max_length=64)
    """Officer code of who answers for it; "operator" or "platform" where nobody signed in."""
    subject = models.UUIDField()
    """The fact's chain: its identity through all corrections."""
    commitment = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(number__isnull=True), name="entries_without_number")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__isnull=True, time__isnull=True) | Q(number__gte=1, time__isnull=False),
                name="entry_gets_number_and_time_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.type}"


class LedgerSalt(models.Model):
    """What must be known besides the fact to check an entry's commitment. Erasure destroys it."""

    entry = models.BigIntegerField(primary_key=True)
    salt = models.BinaryField(max_length=16)

    def __str__(self) -> str:
        return f"salt of entry {self.entry}"


class LedgerReason(models.Model):
    """Why a fact was corrected or withdrawn, in the words of who did it; part of what is committed to."""

    entry = models.BigIntegerField(primary_key=True)
    text = models.TextField()

    def __str__(self) -> str:
        return f"reason of entry {self.entry}"


class LedgerTile(models.Model):
    """Up to 256 hashes of the Merkle tree side by side (lms.kernel.merkle)."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField(max_length=8192)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["level", "index"], name="tile_is_there_once"),
        ]

    def __str__(self) -> str:
        return f"tile {self.level}/{self.index}"


class LedgerCheckpoint(models.Model):
    """The signed statement that the ledger had this size and this root."""

    size = models.BigIntegerField(unique=True)
    root = models.BinaryField(max_length=32)
    time = models.DateTimeField()
    note = models.TextField()
    """The C2SP signed note, byte for byte."""

    def __str__(self) -> str:
        return f"checkpoint at {self.size}"


class SigningKey(RecordedFact):
    """From here on this key signs for us; the private one lies in a file (lms.kernel.keys)."""

    ledger_type = "kernel.signing_key"

    purpose = models.CharField(max_length=32)
    verifier = models.CharField(max_length=300)
    """The public key as C2SP writes it: name+id+key."""

    def __str__(self) -> str:
        return f"{self.purpose}: {self.verifier}"


class SaltErasure(RecordedFact):
    """The salts of these entries were destroyed, so that they say nothing any more about somebody.

    A salt that is gone and not named here is a salt that somebody took away.
    """

    ledger_type = "kernel.salt_erasure"

    entries = models.JSONField()
    """The entries' `uid`s."""

    def __str__(self) -> str:
        return f"{len(self.entries)} salts erased"


class Job(models.Model):
    """Work to be done, written in the transaction that makes it necessary.

    The row is the truth; a message to a worker only says that there is one. A worker leases a row, renews the
    lease while it works, and marks it done; a lease that ran out says that the worker was killed. A handler
    may run twice.
    """

    kind = models.CharField(max_length=64)
    """Name of the handler: "certificates.issue"."""
    payload = models.JSONField(default=dict)
    """Ids alone: a row of work tells nothing about anybody."""
    key = models.CharField(max_length=64, blank=True)
    """Of jobs of one kind with the same key, only one waits at a time."""
    state = models.CharField(max_length=16, choices=JobState.choices, default=JobState.WAITING)
    run_after = models.DateTimeField(db_default=Now())
    leased_until = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    """Whose lease it is: the worker that holds another one has lost it."""
    attempts = models.PositiveSmallIntegerField(default=0)
    kills = models.PositiveSmallIntegerField(default=0)
    """How many workers died at it."""
    error = models.CharField(max_length=500, blank=True)
    """Kind and place of the last failure; never its words, which may tell of somebody."""
    created = models.DateTimeField(db_default=Now())
    finished = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["run_after"], condition=Q(state=JobState.WAITING), name="jobs_waiting"),
            models.Index(fields=["leased_until"], condition=Q(state=JobState.RUNNING), name="jobs_running"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=Q(state=JobState.WAITING) & ~Q(key=""),
                name="one_job_of_a_key_waits",
            ),
            models.CheckConstraint(
                condition=Q(state=JobState.RUNNING, leased_until__isnull=False, lease__isnull=False)
                | (~Q(state=JobState.RUNNING) & Q(leased_until__isnull=True, lease__isnull=True)),
                name="job_is_leased_while_it_runs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.payload}: {self.state}"
