"""The six digits of an authenticator app open once, for all processes and as long as they are valid."""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.db import transaction

from .errors import DigitsUsed


@transaction.atomic
def use_up(factor: Authenticator, code: str) -> None:
    """From now on only digits of a later half minute open (RFC 6238, 5.2); DigitsUsed if these did already.

    allauth remembers used digits for one period, in the cache, which one process may have to itself; they are
    accepted for three, since clocks differ. Recovery codes use themselves up.
    """
    if factor.type != Authenticator.Type.TOTP:
        return
    app = Authenticator.objects.select_for_update().get(pk=factor.pk)
    secret = decrypt(app.data["secret"])
    step = max((at for at in yield_hotp_counters_from_time() if _shown(secret, at, code)), default=0)
    if step <= app.data.get("step", 0):
        raise DigitsUsed
    app.data["step"] = step
    app.save(update_fields=["data"])


def _shown(secret: str, step: int, code: str) -> bool:
    return bool(compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))))
