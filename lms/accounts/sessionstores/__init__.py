"""Where sessions are kept: Django's stores, with one write where they make two and a look before.

`SESSION_ENGINE` names one of the modules here.
"""

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.sessions.backends.db import SessionStore as Store
else:
    Store = object


class WrittenOnce(Store):
    """The row of a new key is written when the answer goes out, not when the key is drawn.

    Django looks whether a key is taken, stores it at once, and stores it again with what it holds: at a
    sign-in, which draws a new key, two statements more. A key of 128 random bits is not taken; were it, the
    insert would fail.
    """

    _unwritten = False

    def create(self) -> None:
        self._session_key = self._get_new_session_key()
        self._get_session(no_load=True)  # type: ignore[attr-defined]
        self._unwritten = self.modified = True

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            self.create()
        super().save(must_create=must_create or self._unwritten)
        self._unwritten = False

    def _get_new_session_key(self) -> str:
        return secrets.token_hex(16)
