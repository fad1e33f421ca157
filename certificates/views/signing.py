"""The way round that agencies really use: a batch is downloaded, signed outside, and uploaded."""

import zipfile
from collections.abc import Iterator
from typing import IO, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from lms.kernel.archives import ArchiveRefused, Limits, entries_of, unpacked
from lms.roster.queries import Person

from .. import queries, services
from ..agency import roots_in
from ..forms import SignedFileForm
from ..policies import certificates_within_reach
from ..records import Taken
from .papers import unsigned_paper_of
from .register import keeper, zipped

BATCH = 500
"""Papers in one batch: about seven seconds of one core, 30 MB."""
LIMITS = Limits(entries=1_000, total=300_000_000)
VERDICTS = {
    "taken": gettext_lazy("Taken. From now on this signed file is given out."),
    "unchanged": gettext_lazy("Was here already; nothing changed."),
    "unreadable": gettext_lazy(
        "No PDF of a certificate, or the tool wrote it anew. Sign the downloaded file itself, so that the"
        " signature is added to it."
    ),
    "unknown_key": gettext_lazy("Carries the seal of another installation."),
    "altered": gettext_lazy("Is not as it was downloaded. Download the paper again and sign that."),
    "not_here": gettext_lazy("Is in no register that you keep."),
    "revoked": gettext_lazy("The certificate is revoked, so nothing was kept."),
    "signed_before": gettext_lazy("A signed file of this certificate is here already; it stays."),
    "none": gettext_lazy("Carries no digital signature yet."),
    "broken": gettext_lazy("The digital signature does not fit the file."),
    "not_all": gettext_lazy("Something was added to the file after it was signed."),
    "changed": gettext_lazy("The page was changed before it was signed."),
    "unknown": gettext_lazy("The signature is by nobody in whose root certificate this platform believes."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@keeper
def signing(request: HttpRequest, me: Person) -> HttpResponse:
    """What waits for a signature; and what came back, file by file."""
    today = timezone.localdate()
    mine = certificates_within_reach(me, today)
    form = SignedFileForm(request.POST or None, request.FILES or None)
    taken: list[Taken] = []
    if request.method == "POST" and form.is_valid():
        try:
            files = _files(form.cleaned_data["file"])
            taken = services.take_signed_papers(files=files, among=mine, by=me, on=today)
        except ArchiveRefused as refusal:
            form.add_error("file", str(refusal))
    good = sum(one.good for one in taken)
    return render(
        request,
        "certificates/signing.html",
        {
            "form": form,
            "results": [(one, VERDICTS[one.state]) for one in taken],
            "good": good,
            "bad": len(taken) - good,
            "unsigned": queries.unsigned(mine).count(),
            "signed": queries.signed_outside(mine).count(),
            "batch": BATCH,
            "roots": bool(roots_in(settings.KEY_DIR)),
        },
        status=422 if form.errors else 200,
    )


@require_safe
@keeper
def batch(request: HttpRequest, me: Person) -> HttpResponseBase:
    """The oldest papers that nobody has signed outside yet, as one ZIP."""
    today = timezone.localdate()
    rows = queries.unsigned(certificates_within_reach(me, today)).select_related("issuer")[:BATCH]
    return StreamingHttpResponse(
        zipped(rows, unsigned_paper_of),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="cho-ky-so-{today.isoformat()}.zip"'},
    )


def _files(upload: UploadedFile[bytes]) -> Iterator[tuple[str, bytes]]:
    """The PDFs of a ZIP, or the one that was uploaded; one at a time in memory."""
    file = cast(IO[bytes], upload.file)
    if not zipfile.is_zipfile(file):
        file.seek(0)
        return iter([(upload.name or "", file.read())])
    infos = [info for info in entries_of(file, LIMITS) if info.filename.lower().endswith(".pdf")]
    if not infos:
        raise ArchiveRefused(_("The archive holds no PDF."))
    return ((info.filename, b"".join(unpacked(file, info))) for info in infos)
