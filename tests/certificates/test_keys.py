"""Keys that follow one another: what the old one signed stays good, unless it was stolen."""

import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from certificates.checking import judged
from certificates.documents import document_of
from certificates.keys import known_keys, ledger_keys, stolen_keys
from certificates.models import PublicKey
from certificates.offline import downloads, verify
from certificates.printing import pdf
from certificates.services import rotate_signing_key
from certificates.signing import armoured, load_key
from certificates.views.papers import paper_of
from lms.kernel.models import LedgerEntry
from lms.kernel.services import sequence
from lms.kernel.services.checkpoints import make_checkpoint
from tests.factories import certificates as make

DAY = make.DAY


def offline(data: bytes) -> verify.Report:
    return verify.check(data, known_keys(), ledger_keys(), DAY, stolen_keys())


@pytest.mark.django_db
def test_a_paper_of_the_old_key_stays_good_everywhere(client: Client) -> None:
    paper = make.certificate()
    before = paper_of(paper)
    rotate_signing_key(by="operator", on=DAY)
    for file in (before, paper_of(paper)):
        assert offline(file).state == "valid"
        assert judged(file, DAY).state == "valid"
    assert "Giấy thật, còn hiệu lực" in client.get(f"/verify/{paper.link}/").text


@pytest.mark.django_db
def test_the_next_paper_is_signed_by_the_new_key_and_the_old_one_is_gone() -> None:
    first = make.certificate()
    old = load_key(settings.KEY_DIR).key_id
    new = rotate_signing_key(by="operator", on=DAY)
    second = make.certificate()
    assert (first.key_id, second.key_id) == (old, new.key_id)
    assert load_key(settings.KEY_DIR).key_id == new.key_id != old
    assert [path.name for path in settings.KEY_DIR.glob("*certificates*")] == ["certificates.pem"]
    assert PublicKey.objects.get(pk=old).until == DAY


@pytest.mark.django_db
def test_a_change_of_keys_stands_in_the_ledger() -> None:
    make.issuer()
    rotate_signing_key(by="operator", on=DAY, stolen=True)
    assert LedgerEntry.objects.filter(type="certificate.key_rotated").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_forgery_by_a_stolen_key_is_believed_nowhere(client: Client) -> None:  # C4
    paper = make.certificate()
    key = load_key(settings.KEY_DIR)
    sequence()
    make_checkpoint()
    genuine = paper_of(paper)
    words = {**paper.payload, "holder": "Kẻ Giả Mạo"}
    forged = {**document_of(paper), "payload": words, "ledger": {}}
    forged["signature"] = armoured(key.sign(words))
    forgeries = [pdf(forged, key=key), json.dumps(forged).encode()]
    rotate_signing_key(by="operator", on=DAY, stolen=True)
    for file in forgeries:
        assert offline(file).state == "not_in_ledger"
        assert judged(file, DAY).state == "not_in_ledger"
    assert offline(genuine).state == "valid"
    assert verify.Finding("file", None) in offline(genuine).findings
    assert judged(genuine, DAY).state == "valid"


@pytest.mark.django_db
def test_the_downloads_name_the_stolen_keys(client: Client) -> None:
    make.certificate()
    old = load_key(settings.KEY_DIR).key_id
    rotate_signing_key(by="operator", on=DAY, stolen=True)
    for ending in ("py", "html"):
        text = client.get(f"/verify/offline/kiem-tra-giay-chung-nhan.{ending}").text
        assert f'["{old}"]' in text
    assert '["x"]' in downloads.program("", {}, [], ["x"])


@pytest.mark.django_db
def test_the_database_wants_a_stolen_key_to_have_ended() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicKey.objects.create(key_id="0" * 16, raw=b"0" * 32, since=date(2026, 1, 1), stolen=True)


@pytest.mark.django_db
def test_the_command_changes_the_key(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rotate_certificate_key", "--json")
    assert json.loads(capsys.readouterr().out) == {"key": load_key(settings.KEY_DIR).key_id}


def _loaded(folder: str) -> str:
    return load_key(Path(folder)).key_id


def test_processes_that_start_together_have_one_key(tmp_path: Path) -> None:
    with ProcessPoolExecutor(8, mp_context=multiprocessing.get_context("fork")) as pool:
        ids = list(pool.map(_loaded, [str(tmp_path / "keys")] * 32))
    assert len(set(ids)) == 1
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["certificates.pem"]
