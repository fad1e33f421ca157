"""The webhook to a gateway: signed, repeated under one id, refused where it leads inside."""

import base64
import hashlib
import hmac
import json
import threading
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from lms.kernel import outbound
from lms.kernel.services import correct_fact
from lms.notices import services
from lms.notices.enums import Subject
from lms.notices.errors import NotTaken
from lms.notices.models import Delivery
from lms.notices.records import About
from tests.factories import roster

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)


class Gateway(HTTPServer):
    """Answers with the statuses that it was given, one after another, and keeps what it was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.answers = [200]
        self.taken: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/send"


class Taking(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((dict(self.headers), body))
        self.send_response(
            self.server.answers.pop(0) if len(self.server.answers) > 1 else self.server.answers[0]
        )
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Silent."""


@pytest.fixture
def gateway(settings):
    server = Gateway()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.GATEWAYS = {"zalo": "", "sms": server.url}
    settings.GATEWAY_SECRET = "bí mật"
    settings.GATEWAY_PRIVATE_HOSTS = ["127.0.0.1"]
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def delivery(db, gateway) -> Delivery:
    who = roster.person(full_name="Lê Thị Hoa")
    correct_fact(who.records.current().get(), {"phone": "0912345678"}, by="operator")
    services.tell([who.pk], subject=Subject.DEADLINE, about=About("course:A", "Ma túy", due=DAY), on=DAY)
    return services.compose_letter(person_id=who.pk, on=DAY).deliveries.get()


def test_a_gateway_gets_a_signed_request_that_names_no_course(gateway, delivery) -> None:
    services.deliver(delivery_id=delivery.pk, at=NOON)
    [(headers, body)] = gateway.taken
    told = json.loads(body)
    assert (told["channel"], told["to"], told["language"]) == ("sms", "0912345678", "vi")
    assert "Ma túy" not in told["text"]
    signed = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    mark = hmac.new("bí mật".encode(), signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(mark).decode()
    delivery.refresh_from_db()
    assert delivery.accepted_at == NOON


@pytest.mark.parametrize("answer", [500, 503, 408, 429, 302])
def test_a_gateway_in_trouble_is_tried_again_under_the_same_id(answer, gateway, delivery) -> None:
    gateway.answers = [answer, 200]
    with pytest.raises(NotTaken):
        services.deliver(delivery_id=delivery.pk, at=NOON)
    services.deliver(delivery_id=delivery.pk, at=NOON)
    assert len({headers["webhook-id"] for headers, _body in gateway.taken}) == 1
    assert len(gateway.taken) == 2


def test_a_number_that_the_gateway_refuses_is_not_tried_again(gateway, delivery) -> None:
    gateway.answers = [422]
    assert services.deliver(delivery_id=delivery.pk, at=NOON)
    assert services.deliver(delivery_id=delivery.pk, at=NOON)
    delivery.refresh_from_db()
    assert (delivery.refused, delivery.accepted_at, len(gateway.taken)) == ("answered 422", None, 1)


# What is refused before anything is sent ------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",
     "[::1]", "[fd00::1]", "[fe80::1]", "[::ffff:127.0.0.1]", "[2002:7f00:1::]", "224.0.0.1", "localhost"],
)  # fmt: skip
def test_an_address_inside_is_refused(host) -> None:
    with pytest.raises(outbound.PrivateAddress):
        outbound.post(f"https://{host}/", b"{}", {})


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch) -> None:
    answers = [(2, 1, 6, "", ("8.8.8.8", 443)), (2, 1, 6, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(outbound.socket, "getaddrinfo", lambda *_a, **_k: answers)
    with pytest.raises(outbound.PrivateAddress):
        outbound.post("https://gateway.example/", b"{}", {})


@pytest.mark.parametrize("url", ["http://8.8.8.8/", "ftp://8.8.8.8/", "file:///etc/passwd", "https:///x", ""])
def test_what_is_no_https_address_is_refused(url) -> None:
    with pytest.raises(OSError):
        outbound.post(url, b"{}", {})
