"""Open Badges: what they say, who may fetch them, what a status list tells."""

import base64
import gzip
import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from openvc.openid4vci import parse_credential_issuer_metadata, parse_credential_offer
from pyld.jsonld import JsonLdError

from certificates import badges, credentials, services
from certificates.models import Certificate, PublicKey
from certificates.services import rotate_signing_key
from tests.factories import certificates as make

pytestmark = pytest.mark.django_db
GRANT = "urn:ietf:params:oauth:grant-type:pre-authorized_code"


def fetched(client: Client, address: str) -> Any:
    return client.get(address.removeprefix("https://vung.example")).json()


def revoked_bits(document: dict[str, Any]) -> list[int]:
    encoded = document["credentialSubject"]["encodedList"]
    packed = gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4)))
    return [index for index in range(len(packed) * 8) if packed[index // 8] & 128 >> index % 8]


def test_a_badge_says_what_the_paper_says(client: Client) -> None:
    paper = make.certificate()
    badge = client.get(f"/verify/{paper.link}/badge.json").json()
    subject = badge["credentialSubject"]
    assert badge["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert badge["issuer"] == {
        "id": "did:web:vung.example:issuers:CAHP",
        "type": ["Profile"],
        "name": "Công an thành phố Hải Phòng",
    }
    assert subject["identifier"][0]["identityHash"] == "Nguyễn Thị Hồng Vân"
    assert subject["achievement"]["name"] == paper.payload["course"]
    assert subject["licenseNumber"] == paper.number_text
    assert badge["validFrom"] == "2026-11-22T00:00:00+07:00"
    assert badge["credentialStatus"]["statusListIndex"] == str(paper.pk % credentials.LIST_LENGTH)


def test_a_paper_that_ends_is_a_badge_that_ends(client: Client) -> None:
    paper = make.certificate()
    paper.payload["valid_until"] = "2028-11-22"
    assert badges.badge_of(paper)["validUntil"] == "2028-11-22T00:00:00+07:00"


def test_the_same_paper_is_the_same_badge_each_time() -> None:
    paper = make.certificate()
    assert badges.badge_of(paper) == badges.badge_of(Certificate.objects.get(pk=paper.pk))


def test_nobody_fetches_a_badge_without_the_link(client: Client) -> None:  # C2
    paper = make.certificate()
    for name in (paper.number_text.replace("/", "-"), str(paper.public_id), "0" * 22):
        assert client.get(f"/verify/{name}/badge.json").status_code == 404


def test_the_badge_of_an_erased_holder_is_gone(client: Client) -> None:  # C11
    paper = make.certificate()
    services.erase_holder(person_id=paper.person_id, by="platform", on=make.DAY)
    for name in ("badge.json", "offer.json"):
        assert client.get(f"/verify/{paper.link}/{name}").status_code == 404


def test_an_issuer_names_every_key_but_the_stolen_ones(client: Client) -> None:
    make.certificate()
    first = PublicKey.objects.get()
    second = rotate_signing_key(by="operator", on=make.DAY)
    third = rotate_signing_key(by="operator", on=make.DAY, stolen=True)
    document = fetched(client, "/issuers/CAHP/did.json")
    name = "did:web:vung.example:issuers:CAHP"
    assert sorted(document["assertionMethod"]) == sorted(f"{name}#{key.key_id}" for key in (first, third))
    assert f"{name}#{second.key_id}" not in json.dumps(document)


def test_a_status_list_has_a_bit_for_each_revoked_paper_of_this_issuer(client: Client) -> None:
    stays, goes = make.certificate(), make.certificate()
    address = badges.badge_of(goes)["credentialStatus"]["statusListCredential"]
    assert revoked_bits(fetched(client, address)) == []
    make.revoked(goes)
    assert revoked_bits(fetched(client, address)) == [goes.pk % credentials.LIST_LENGTH]
    assert stays.revoked_on is None
    make.issuer("KHAC")
    assert revoked_bits(fetched(client, address.replace("CAHP", "KHAC"))) == []


def test_a_status_list_tells_of_no_one_by_its_length(client: Client) -> None:
    make.issuer()
    document = fetched(client, "/issuers/CAHP/status/0.json")
    packed = base64.urlsafe_b64decode(document["credentialSubject"]["encodedList"][1:] + "==")
    assert len(gzip.decompress(packed)) * 8 == 131_072


@pytest.mark.parametrize(
    "path", ["/issuers/X/did.json", "/issuers/X/status/0.json", "/issuers/CAHP/status/99999.json"]
)
def test_what_is_not_there_is_not_there(client: Client, path: str) -> None:
    make.issuer()
    assert client.get(path).status_code == 404


def test_a_status_list_takes_the_same_queries_for_one_and_for_three(
    client: Client, django_assert_num_queries: Any
) -> None:
    for count in (1, 3):
        while Certificate.objects.filter(revoked_on__isnull=False).count() < count:
            make.revoked(make.certificate())
        with django_assert_num_queries(3):
            client.get("/issuers/CAHP/status/0.json")


def test_a_vocabulary_that_does_not_lie_here_is_never_fetched() -> None:
    with pytest.raises(JsonLdError):
        credentials.canonical({"@context": "https://elsewhere.example/v1", "name": "x"})


def test_base58_is_bitcoins() -> None:
    assert credentials.multibase(bytes.fromhex("0000287fb4cd")) == "z11233QC4"


# Into a wallet ------------------------------------------------------------------------------------


def wallet_token(client: Client, code: str) -> Any:
    return client.post("/wallet/token", {"grant_type": GRANT, "pre-authorized_code": code})


def asked(client: Client, token: str, kind: str = "OpenBadgeCredential") -> Any:
    return client.post(
        "/wallet/credential",
        json.dumps({"credential_configuration_id": kind}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )


def test_a_wallet_is_led_from_the_page_to_the_badge() -> None:
    client = Client(enforce_csrf_checks=True)
    paper = make.certificate()
    address = f"https://vung.example/verify/{paper.link}/offer.json"
    assert (
        f"openid-credential-offer://?credential_offer_uri={address}"
        in client.get(f"/verify/{paper.link}/").text
    )
    offer = parse_credential_offer(fetched(client, address))
    metadata = parse_credential_issuer_metadata(fetched(client, "/.well-known/openid-credential-issuer"))
    assert metadata.credential_issuer == offer.credential_issuer == "https://vung.example"
    assert set(offer.credential_configuration_ids) <= set(metadata.credential_configurations_supported)
    server = fetched(client, "/.well-known/oauth-authorization-server")
    assert server["token_endpoint"] == "https://vung.example/wallet/token"
    granted = wallet_token(client, offer.grants[GRANT]["pre-authorized_code"]).json()
    answer = asked(client, granted["access_token"])
    assert metadata.credential_endpoint == "https://vung.example/wallet/credential"
    assert answer.json() == {"credentials": [{"credential": badges.badge_of(paper)}]}


def test_a_wallet_without_a_papers_link_gets_nothing_and_is_held_up(client: Client) -> None:  # C1
    make.certificate()
    answers = [wallet_token(client, "0" * 22).status_code for _ in range(12)]
    assert answers == [400] * 10 + [429] * 2


@pytest.mark.parametrize("token", ["", "x", "x:y:z"])
def test_a_made_up_token_opens_nothing(client: Client, token: str) -> None:
    make.certificate()
    assert asked(client, token).status_code == 401


def test_a_token_grows_old(client: Client, settings: Any) -> None:
    from freezegun import freeze_time

    paper = make.certificate()
    with freeze_time("2026-11-23 10:00:00"):
        token = wallet_token(client, paper.link).json()["access_token"]
    with freeze_time("2026-11-23 10:05:01"):
        assert asked(client, token).status_code == 401


def test_another_kind_of_credential_is_not_to_be_had(client: Client) -> None:
    token = wallet_token(client, make.certificate().link).json()["access_token"]
    assert asked(client, token, "DrivingLicence").json() == {"error": "unknown_credential_configuration"}
    answer = client.post(
        "/wallet/credential",
        "[]",
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_credential_request"})


def test_only_one_way_of_asking_for_a_token_is_known(client: Client) -> None:
    answer = client.post("/wallet/token", {"grant_type": "authorization_code"})
    assert (answer.status_code, answer.json()) == (400, {"error": "unsupported_grant_type"})


def test_a_renewed_paper_of_the_day_is_a_badge_of_that_day() -> None:
    assert badges.badge_of(make.certificate(on=date(2026, 1, 2)))["validFrom"] == "2026-01-02T00:00:00+07:00"
