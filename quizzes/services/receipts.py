"""Signing receipts with a key that signs nothing else."""

from urllib.parse import urlsplit

from django.conf import settings

from lms.kernel import keys
from lms.kernel.models import SigningKey
from lms.kernel.services import record_fact
from lms.kernel.signednotes import Verifier

from ..models import Attempt, AttemptItem
from ..receipts import Receipt, digest

PURPOSE = "receipts"


def sign_receipt(attempt: Attempt, items: list[AttemptItem]) -> str:
    """The receipt of an attempt that is being handed in, signed.

    Our key is made when it is first needed; the ledger then says that it signs for us.
    """
    assert attempt.submitted_at is not None
    signer = keys.signer(settings.KEY_DIR, PURPOSE, f"{urlsplit(settings.BASE_URL).netloc}/{PURPOSE}")
    verifier = str(signer.verifier)
    if not SigningKey.objects.current().filter(verifier=verifier).exists():
        record_fact(SigningKey(purpose=PURPOSE, verifier=verifier), by="platform")
    receipt = Receipt(
        signer.name,
        attempt.public_id,
        attempt.answers_sha256,
        len(items),
        sum(item.answer is not None for item in items),
        attempt.submitted_at,
    )
    return receipt.signed(signer)


def receipt_verifiers() -> list[Verifier]:
    """The public keys by which our receipts are checked."""
    return keys.verifiers(settings.KEY_DIR, PURPOSE)


def answers_digest(items: list[AttemptItem]) -> str:
    """SHA-256 of the stored answers with the questions they answer, by position."""
    return digest([(item.position, item.question.sha256, item.answer) for item in items])
