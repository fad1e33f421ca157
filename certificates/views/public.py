"""The public check: by QR, by number and code, by file; and the holder's own paper."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lms.roster.queries import person_of

from .. import limits, queries
from ..checking import judged
from ..documents import document_of
from ..forms import CheckForm, FileForm
from ..keys import known_keys, ledger_keys, stolen_keys
from ..offline import downloads
from ..services.others import answered_by_another
from .credentials import wallet_link
from .papers import file_name, paper_response

PROGRAM = "kiem-tra-giay-chung-nhan"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Ask by number and code, or with the file; a paper that is found has an address of its own."""
    by_file = request.method == "POST" and "paper" in request.FILES
    form = CheckForm(None if by_file else request.POST or None)
    files = FileForm(request.POST, request.FILES) if by_file else FileForm()
    if request.method == "POST" and limits.exhausted(request):
        return _page(request, form, files, status=429, slower=True)
    if by_file and files.is_valid():
        content = files.cleaned_data["paper"].read()
        answer = judged(content, timezone.localdate())
        if answer.state == "unreadable" and (other := answered_by_another(request, content)):
            return other
        return render(request, "certificates/dropped.html", {"answer": answer, "host": request.get_host()})
    if request.method == "POST" and not by_file and form.is_valid():
        found = queries.by_number_and_code(form.cleaned_data["number"], form.cleaned_data["code"])
        if found is not None:
            limits.found()
            return redirect("certificates:verify", found.link)
        limits.missed(request)
        return _page(request, form, files, status=404, missed=True)
    return _page(request, form, files)


def _page(
    request: HttpRequest, form: CheckForm, files: FileForm, *, status: int = 200, **said: bool
) -> HttpResponse:
    return render(request, "certificates/check.html", {"form": form, "files": files, **said}, status=status)


@login_not_required
@never_cache
@require_safe
def verify(request: HttpRequest, link: str) -> HttpResponse:
    """What the paper with this link must say, and what it is worth today."""
    certificate = queries.by_link(link)
    if certificate is None:
        limits.missed(request)
        slower = limits.exhausted(request)
        return render(
            request,
            "certificates/unknown.html",
            {"host": request.get_host(), "slower": slower},
            status=429 if slower else 404,
        )
    limits.found()
    shown = request.GET.get("s", "")
    answer = queries.verified(certificate, timezone.localdate(), shown=shown)
    return render(
        request,
        "certificates/verified.html",
        {
            "answer": answer,
            "host": request.get_host(),
            "link": certificate.link,
            "wallet": wallet_link(certificate),
        },
    )


@login_not_required
@never_cache
@require_safe
def document(request: HttpRequest, link: str) -> HttpResponse:
    """The certificate as JSON with its proofs, for whoever has the paper."""
    certificate = queries.by_link(link)
    if certificate is None or certificate.erased_on is not None:
        raise Http404
    return JsonResponse(
        document_of(certificate),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
        headers={"Content-Disposition": f'attachment; filename="{file_name(certificate)}.json"'},
    )


@login_not_required
@require_safe
def offline_program(request: HttpRequest) -> HttpResponse:
    """One Python file that checks papers without a network, with our keys in it."""
    return _download(downloads.program(*_ours()), "py", "text/x-python")


@login_not_required
@require_safe
def offline_page(request: HttpRequest) -> HttpResponse:
    """One HTML file that does the same; to be opened from a disk, since no script runs inline here."""
    return _download(downloads.page(*_ours()), "html", "text/html")


def _ours() -> tuple[str, dict[str, str], list[str], list[str]]:
    return settings.BASE_URL, known_keys(), ledger_keys(), stolen_keys()


def _download(text: str, ending: str, kind: str) -> HttpResponse:
    return HttpResponse(
        text,
        content_type=f"{kind}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{PROGRAM}.{ending}"'},
    )


@require_safe
def paper(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The holder's own certificate as PDF; for anybody else it does not exist."""
    person = person_of(request.user)
    certificate = queries.paper_of(public_id, person_id=person.pk) if person else None
    if certificate is None or certificate.erased_on is not None:
        raise Http404
    return paper_response(certificate)
