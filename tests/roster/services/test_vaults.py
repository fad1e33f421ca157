"""Changing the vault's keys: everything opens as before, nothing by the old keys."""

from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.management import call_command
from django.db import transaction

from lms.kernel.models import LedgerEntry
from lms.roster import services, vault
from lms.roster.errors import ReasonNeeded
from lms.roster.models import NationalId, Upload
from lms.roster.services import vaults
from tests.factories import roster

pytestmark = pytest.mark.django_db(transaction=True)
NUMBERS = ["031080001234", "031080005678", "031080009999"]


@pytest.fixture
def people():
    found = [roster.person() for _ in NUMBERS]
    for person, number in zip(found, NUMBERS, strict=True):
        NationalId.objects.create(
            person=person,
            sealed=vault.seal(number, person.public_id),
            fingerprint=vault.fingerprint(number),
        )
    return found


def opened(people) -> list[str]:
    return [vault.unseal(bytes(p.national_id.sealed), p.public_id) for p in refreshed(people)]


def refreshed(people):
    for person in people:
        person.refresh_from_db()
    return people


def test_after_the_change_every_number_opens_and_is_found_and_the_old_keys_open_nothing(people, settings):
    old = (Path(settings.KEY_DIR) / "vault-encryption.key").read_bytes()
    prints = set(NationalId.objects.values_list("fingerprint", flat=True))
    assert services.rotate_vault_keys(by="operator", reason="hằng năm") == 3
    assert opened(people) == NUMBERS
    assert bytes(NationalId.objects.get(person=people[0]).fingerprint) == vault.fingerprint(NUMBERS[0])
    assert not prints & set(NationalId.objects.values_list("fingerprint", flat=True))
    sealed = bytes(people[0].national_id.sealed)
    with pytest.raises(InvalidTag):
        AESGCM(old).decrypt(sealed[1:13], sealed[13:], b"vung national id\x00" + people[0].public_id.bytes)
    assert sorted(p.name for p in Path(settings.KEY_DIR).glob("vault*")) == [
        "vault-encryption.key",
        "vault-lookup.key",
    ]


def test_the_change_is_in_the_ledger_and_needs_a_reason(people):
    with pytest.raises(ReasonNeeded):
        services.rotate_vault_keys(by="operator", reason=" ")
    services.rotate_vault_keys(by="operator", reason="hằng năm")
    assert LedgerEntry.objects.filter(type="roster.vault.rotated").count() == 1


def test_a_change_that_was_interrupted_after_the_writing_is_finished_by_another(people):
    """The process dies when all is sealed anew and the old keys still stand in their place."""
    vault.make_coming_keys()
    with transaction.atomic():
        vaults._seal_all_anew()
    assert opened(people) == NUMBERS
    services.rotate_vault_keys(by="operator", reason="lần hai")
    assert opened(people) == NUMBERS
    assert vault.fingerprint(NUMBERS[1]) == bytes(NationalId.objects.get(person=people[1]).fingerprint)


def test_files_that_wait_are_thrown_away_since_nothing_opens_them_any_more(people):
    Upload.objects.create(kind="roster", name="a.csv", sealed=b"x", uploaded_by=people[0])
    services.rotate_vault_keys(by="operator", reason="hằng năm")
    assert Upload.objects.count() == 0


def test_the_command_says_how_many(people, capsys):
    call_command("rotate_vault_keys", "--reason", "hằng năm", "--json")
    assert capsys.readouterr().out.strip() == '{"numbers": 3}'
