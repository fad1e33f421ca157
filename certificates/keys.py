"""The public keys by which papers are checked."""

from django.conf import settings
from django.utils import timezone

from lms.kernel.services.checkpoints import known_verifiers

from .models import PublicKey
from .signing import SigningKey, load_key


def public_key(key: SigningKey) -> PublicKey:
    """The row of our own key, made on its first use."""
    row, _made = PublicKey.objects.get_or_create(
        key_id=key.key_id, defaults={"raw": key.raw_public, "since": timezone.localdate()}
    )
    return row


def known_keys() -> dict[str, str]:
    """Every key that ever signed here, by id, in hexadecimal."""
    public_key(load_key(settings.KEY_DIR))
    return {key.key_id: bytes(key.raw).hex() for key in PublicKey.objects.order_by("since", "key_id")}


def stolen_keys() -> list[str]:
    """Keys whose signature alone proves nothing."""
    return list(PublicKey.objects.filter(stolen=True).order_by("key_id").values_list("key_id", flat=True))


def standing_keys() -> dict[str, bytes]:
    """Every key but the stolen ones, by id: those by which credentials are checked, which have no ledger."""
    public_key(load_key(settings.KEY_DIR))
    rows = PublicKey.objects.filter(stolen=False).order_by("since", "key_id")
    return {key.key_id: bytes(key.raw) for key in rows}


def ledger_keys() -> list[str]:
    """The keys that sign the ledger's checkpoints, as C2SP writes them."""
    return [str(verifier) for verifier in known_verifiers()]
