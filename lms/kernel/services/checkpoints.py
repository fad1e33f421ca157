"""Signing what the ledger is, so that nobody can make it have been something else."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lms.kernel import jobs, keys, ledger, queries
from lms.kernel.checkpoints import Checkpoint, opened
from lms.kernel.clock import database_now
from lms.kernel.errors import Refused
from lms.kernel.models import LedgerCheckpoint, SigningKey
from lms.kernel.services.entries import Actor, sequence
from lms.kernel.services.facts import record_fact
from lms.kernel.signednotes import Signer, Verifier

PURPOSE = "ledger"


class CheckpointRefused(Refused):
    """The ledger does not extend what was signed before, so it is not signed."""

    code = "checkpoint_refused"


def make_checkpoint() -> LedgerCheckpoint:
    """Sign the ledger as it is; the last checkpoint itself where nothing is new.

    Not inside another transaction: what is signed must be committed. Refused where the ledger does not begin
    with what was signed last, by what the database *or the key folder* remembers.
    """
    signer = keys.signer(settings.KEY_DIR, PURPOSE, _origin())
    if not SigningKey.objects.current().filter(verifier=str(signer.verifier)).exists():
        record_fact(SigningKey(purpose=PURPOSE, verifier=str(signer.verifier)), by="platform")
    return _seal([signer])


def rotate_ledger_key(*, by: Actor, reason: str = "", origin: str = "") -> LedgerCheckpoint:
    """Let a new key sign from here on. Old and new sign this checkpoint together; then the old is destroyed.

    A new origin begins another log: for when the ledger was restored from an old backup, so that it can never
    extend what was signed. Everybody who holds checkpoints must be told.
    """
    old = keys.signer(settings.KEY_DIR, PURPOSE, _origin())
    new = keys.made(origin or old.name)
    record_fact(SigningKey(purpose=PURPOSE, verifier=str(new.verifier)), by=by, reason=reason)
    keys.know(settings.KEY_DIR, PURPOSE, new)
    checkpoint = _seal([new] if origin else [old, new])
    keys.replace(settings.KEY_DIR, PURPOSE, new)
    return checkpoint


def known_verifiers() -> list[Verifier]:
    """The public keys by which our checkpoints are checked."""
    return keys.verifiers(settings.KEY_DIR, PURPOSE)


def last_signed() -> Checkpoint | None:
    """What the key folder remembers to have signed; it goes into no backup of the database."""
    path = _memory()
    return opened(path.read_text(), known_verifiers()) if path.exists() else None


def _seal(signers: Sequence[Signer]) -> LedgerCheckpoint:
    sequence()
    with transaction.atomic(durable=True):
        ledger.hold_lock()
        tree = queries.ledger_tree()
        here = Checkpoint(signers[-1].name, tree.size, tree.root())
        newest = LedgerCheckpoint.objects.order_by("-size").first()
        remembered = [opened(newest.note, known_verifiers()) if newest else None, last_signed()]
        for last in remembered:
            if last is None or last.origin != here.origin:
                continue
            if last.size > here.size or tree.root(last.size) != last.root:
                raise CheckpointRefused(
                    _(
                        "The ledger is not the one that was signed at %(size)d entries: it was altered, or"
                        " an old backup was restored. Run `manage.py ledger verify`."
                    )
                    % {"size": last.size}
                )
        if newest is not None and newest.size == here.size:
            return newest
        checkpoint = LedgerCheckpoint.objects.create(
            size=here.size, root=here.root, time=database_now(), note=here.signed(*signers)
        )
        if settings.LEDGER_CHECKPOINTS_TO:
            jobs.enqueue("kernel.publish_checkpoint", checkpoint=checkpoint.pk)
    _remember(checkpoint.note)
    return checkpoint


def _origin() -> str:
    """What the log is called for ever, once its first key is made."""
    return settings.LEDGER_ORIGIN or f"{urlsplit(settings.BASE_URL).netloc}/ledger"


def _memory() -> Path:
    folder: Path = settings.KEY_DIR
    return folder / f"{PURPOSE}.signed"


def _remember(note: str) -> None:
    path = _memory()
    fresh = path.with_suffix(".fresh")
    fresh.touch(mode=0o600)
    fresh.write_text(note)
    fresh.replace(path)
