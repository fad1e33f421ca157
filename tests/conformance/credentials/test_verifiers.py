"""What we issue, checked by two verifiers that others wrote, without a network.

openvc-core (Python) comes with the development tools; Digital Bazaar's libraries (JavaScript) are fetched
by `npm ci` in this folder, which `.ci/run` does.
"""

import copy
import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from openvc import VerificationPolicy, verify_credential
from openvc.did.did_web import DidWebResolver
from openvc.errors import OpenvcError
from openvc.resolvers import default_status_list_resolver

from certificates.credentials import BADGES, CONTEXTS, status_list
from certificates.services import rotate_signing_key
from tests.factories import certificates as make

pytestmark = pytest.mark.django_db
HERE = Path(__file__).resolve().parent
NOW = datetime(2026, 11, 24, tzinfo=UTC)
Documents = dict[str, Any]
Verifier = Callable[[Any, Documents], tuple[bool, bool]]
"""Whether a credential is genuine, and whether it stands."""


@pytest.fixture(autouse=True)
def _own_keys(settings: Any, tmp_path: Path) -> None:
    settings.KEY_DIR = tmp_path / "keys"
    settings.BASE_URL = "https://vung.example"
    cache.clear()


def python(credential: Any, documents: Documents) -> tuple[bool, bool]:
    contexts = {BADGES: json.loads(Path(str(CONTEXTS[BADGES])).read_text(encoding="utf-8"))}
    resolver = DidWebResolver(documents.__getitem__)
    lists = default_status_list_resolver(resolver=resolver, fetch=lambda url: json.dumps(documents[url]))
    try:
        result = verify_credential(
            credential,
            resolver=resolver,
            resolve_status_list=lists,
            extra_contexts=contexts,
            policy=VerificationPolicy(
                now=NOW,
                expected_types=["OpenBadgeCredential"],
                require_status_issuer_binding=True,
                require_not_revoked=False,
            ),
        )
    except OpenvcError:
        return False, False
    return True, not result.status.revoked


def javascript(credential: Any, documents: Documents) -> tuple[bool, bool]:
    case = {"credential": credential, "documents": documents, "now": NOW.isoformat()}
    path = HERE / "node_modules" / f".case-{id(case)}.json"
    path.write_text(json.dumps(case), encoding="utf-8")
    try:
        run = subprocess.run(
            ["node", HERE / "verify.mjs", path], capture_output=True, text=True, timeout=60, check=True
        )
    finally:
        path.unlink()
    answer = json.loads(run.stdout)
    return answer["verified"], answer["status"]


@pytest.fixture(params=[python, javascript])
def verifier(request: pytest.FixtureRequest) -> Verifier:
    if request.param is javascript and not (shutil.which("node") and (HERE / "node_modules").is_dir()):
        pytest.skip("npm ci in tests/conformance/credentials fetches the verifiers")
    chosen: Verifier = request.param
    return chosen


def issued(client: Client, link: str) -> tuple[Any, Documents]:
    """The badge, and everything that it leads to, as the site serves it."""
    badge = client.get(f"/verify/{link}/badge.json").json()
    documents = {}
    for address in (
        "https://vung.example/issuers/CAHP/did.json",
        badge["credentialStatus"]["statusListCredential"],
    ):
        documents[address] = client.get(address.removeprefix("https://vung.example")).json()
    return badge, documents


def test_a_badge_of_ours_is_genuine_and_stands(client: Client, verifier: Verifier) -> None:
    assert verifier(*issued(client, make.certificate().link)) == (True, True)


def test_a_revoked_badge_is_genuine_and_does_not_stand(client: Client, verifier: Verifier) -> None:  # C5
    paper = make.certificate()
    make.revoked(paper)
    assert verifier(*issued(client, paper.link)) == (True, False)


@pytest.mark.parametrize(
    "path",
    [
        ("credentialSubject", "identifier", 0, "identityHash"),
        ("credentialSubject", "achievement", "name"),
        ("credentialSubject", "licenseNumber"),
        ("credentialStatus", "statusListIndex"),
        ("issuer", "name"),
    ],
)
def test_a_badge_altered_in_one_letter_is_not_genuine(  # C3
    client: Client, verifier: Verifier, path: tuple[str | int, ...]
) -> None:
    badge, documents = issued(client, make.certificate().link)
    altered = copy.deepcopy(badge)
    place: Any = altered
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] += "1"
    assert verifier(altered, documents)[0] is False


def test_a_badge_by_a_stolen_key_is_not_genuine(client: Client, verifier: Verifier) -> None:  # C4
    link = make.certificate().link
    badge, _documents = issued(client, link)
    rotate_signing_key(by="operator", on=make.DAY, stolen=True)
    fresh, documents = issued(client, link)
    assert verifier(badge, documents)[0] is False
    assert verifier(fresh, documents) == (True, True)


def test_a_badge_by_a_key_that_was_rotated_is_genuine(client: Client, verifier: Verifier) -> None:
    link = make.certificate().link
    badge, _documents = issued(client, link)
    rotate_signing_key(by="operator", on=make.DAY)
    assert verifier(badge, issued(client, link)[1]) == (True, True)


def test_a_status_list_altered_in_one_letter_is_not_believed(client: Client, verifier: Verifier) -> None:
    paper = make.certificate()
    make.revoked(paper)
    badge, documents = issued(client, paper.link)
    address = badge["credentialStatus"]["statusListCredential"]
    clean = status_list(address, did="did:web:vung.example:issuers:CAHP", revoked=[], since="")
    documents[address]["credentialSubject"] = clean["credentialSubject"]
    assert verifier(badge, documents)[1] is False
