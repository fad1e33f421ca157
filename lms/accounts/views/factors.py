"""Taking one's own passkey away, as long as a way in is left."""

from typing import Any

from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect

from lms.accounts.services import require_removable
from lms.kernel.errors import Refused

from .first import passkeys_possible


class RemovePasskeyView(RemoveWebAuthnView):
    """allauth's would also take the last way into an account that has no password."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "kept": self._refusal(),
            "passkeys_possible": passkeys_possible(self.request),
        }

    @transaction.atomic
    def form_valid(self, form: object) -> HttpResponse:
        if refusal := self._refusal():
            messages.error(self.request, str(refusal))
            return redirect("mfa_list_webauthn")
        answer: HttpResponse = super().form_valid(form)
        return answer

    @transaction.atomic
    def _refusal(self) -> Refused | None:
        try:
            require_removable(self.object)
        except Refused as refusal:
            return refusal
        return None
