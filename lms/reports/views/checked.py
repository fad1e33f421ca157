"""A report that somebody brings to the page for checking: do its figures agree?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lms.reports.checking import checked


def answer(request: HttpRequest, content: bytes) -> HttpResponse | None:
    """The page that says whether the figures agree, or what differs; None if the file is no report."""
    verdict = checked(content)
    if verdict is None:
        return None
    return render(request, "reports/checked.html", {"verdict": verdict, "host": request.get_host()})
