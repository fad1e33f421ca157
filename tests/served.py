"""Requests at the server's own door, for benchmarks: no test client and nothing that only tests pay for."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from django.template.base import Template
from django.test import Client, RequestFactory

from lms.roster.queries import Person


class Browser:
    """Somebody who is signed in, at the server's own door: no test client between."""

    def __init__(self, client: Client, who: Person) -> None:
        assert who.user is not None
        client.force_login(who.user)
        self.secret = "c" * 32
        self.cookie = f"vung={client.cookies['vung'].value}; vung-csrf={self.secret}"
        self.door = get_wsgi_application()
        self.make = RequestFactory()

    def get(self, address: str) -> str:
        return self.ask(self.make.get(address))

    def post(self, address: str, **fields: str) -> str:
        """Returns where the answer leads, if it leads anywhere."""
        return self.ask(self.make.post(address, fields, HTTP_X_CSRFTOKEN=self.secret))

    def ask(self, request: WSGIRequest) -> str:
        answered: dict[str, Any] = {}
        environ = {**request.environ, "HTTP_COOKIE": self.cookie}
        response = self.door(environ, lambda status, headers: answered.update(headers, status=status))
        b"".join(response)
        response.close()
        assert answered["status"][0] in "23", answered
        return str(answered.get("Location", ""))


@pytest.fixture
def as_served(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Without what only tests pay for: copies of every template's context. Connections stay, as they do on
    PostgreSQL."""
    monkeypatch.setattr(Template, "_render", lambda self, context: self.nodelist.render(context))
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


def told(what: str, figure: float, unit: str, floor: str) -> float:
    print(f"\n{what:<62} {figure:>10,.1f} {unit:<8} {floor}")  # noqa: T201
    return figure


def paced(act: Callable[[int], Any], rate: float, count: int, threads: int = 24) -> tuple[list[float], int]:
    """`count` acts, `rate` a second; seconds from when each was due to its end, and how many failed."""
    begin = time.perf_counter() + 0.2
    failed: list[str] = []

    def one(n: int) -> float:
        due = begin + n / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        try:
            act(n)
        except Exception as error:
            failed.append(repr(error))
        return time.perf_counter() - due

    with ThreadPoolExecutor(threads) as pool:
        late = list(pool.map(one, range(count)))
        list(pool.map(lambda _n: (time.sleep(0.05), connection.close()), range(threads)))
    return sorted(late), len(failed)
