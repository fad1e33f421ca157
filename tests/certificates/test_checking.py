"""Files brought to the public page and to the command: what they prove, and what the register says."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from freezegun import freeze_time

from certificates import limits, services
from certificates.checking import judged
from certificates.documents import document_of
from certificates.models import Certificate, Misses
from certificates.printing import pdf
from certificates.signing import armoured, load_key
from certificates.views.papers import paper_of
from lms.accounts.models import User
from lms.kernel.models import LedgerEntry, LedgerSalt
from lms.kernel.services import sequence
from tests.factories import certificates as make

pytestmark = pytest.mark.django_db
DAY = make.DAY


def drop(client: Client, data: bytes, name: str = "giay.pdf") -> Any:
    return client.post("/verify/", {"paper": SimpleUploadedFile(name, data)})


def test_a_paper_of_ours_is_valid_and_stands_in_the_register(client: Client) -> None:
    text = drop(client, paper_of(make.certificate())).text
    for word in ("Giấy thật, còn hiệu lực", "Nguyễn Thị Hồng Vân", "Có trong sổ gốc và sổ ghi"):
        assert word in text


def test_the_json_with_its_proof_is_as_good_as_the_paper(client: Client) -> None:
    paper = make.certificate()
    data = client.get(f"/verify/{paper.link}/certificate.json").content
    assert judged(data, DAY).state == "valid"
    assert (
        json.loads(data)["ledger"]["entry"]["number"] == LedgerEntry.objects.get(pk=paper.ledger_entry).number
    )


def test_a_revoked_paper_is_revoked_though_its_file_is_genuine(client: Client) -> None:  # C5
    paper = make.certificate()
    file = paper_of(paper)
    make.revoked(paper)
    text = drop(client, file).text
    assert "Đã thu hồi" in text
    assert "có được do gian lận" in text


def test_a_forgery_with_a_stolen_key_is_not_issued_by_us(client: Client) -> None:  # C4
    paper = make.certificate()
    key = load_key(settings.KEY_DIR)
    forged = {**document_of(paper), "payload": {**paper.payload, "holder": "Trần Văn Giả"}, "ledger": {}}
    forged["signature"] = armoured(key.sign(forged["payload"]))
    answer = judged(pdf(forged, key=key), DAY)
    assert answer.state == "not_in_ledger"
    elsewhere = {**forged["payload"], "url": f"https://vung.example/verify/{'A' * 22}/"}
    forged.update(payload=elsewhere, signature=armoured(key.sign(elsewhere)))
    assert judged(pdf(forged, key=key), DAY).state == "not_in_ledger"
    assert "Không do hệ thống này cấp" in drop(client, pdf(forged, key=key)).text


def test_a_row_written_past_the_ledger_is_not_issued_by_us() -> None:  # C4
    paper = make.certificate()
    key = load_key(settings.KEY_DIR)
    payload = {**paper.payload, "holder": "Trần Văn Giả"}
    Certificate.objects.update(payload=payload, signature=key.sign(payload))
    paper.refresh_from_db()
    assert judged(paper_of(paper), DAY).state == "not_in_ledger"


def test_an_entry_altered_in_the_ledger_is_noticed() -> None:
    paper = make.certificate()
    file = paper_of(paper)
    LedgerEntry.objects.filter(pk=paper.ledger_entry).update(actor="someone")
    assert judged(file, DAY).state == "not_in_ledger"


def test_a_file_of_anything_else_is_no_certificate(client: Client) -> None:
    for data in (b"%PDF-1.7\n%%EOF", b"{}", b"\x00" * 100, b"MZ"):
        answer = drop(client, data)
        assert (answer.status_code, "Không phải tệp giấy chứng nhận" in answer.text) == (200, True)


def test_a_file_too_large_is_not_read(client: Client) -> None:
    answer = drop(client, b"%PDF-" + b" " * 5_000_000)
    assert "lớn hơn 5 MB" in answer.text


def test_words_in_a_forged_file_are_never_shown_nor_run(client: Client) -> None:
    forged = {
        "payload": {"number": "1", "holder": "<script>alert(1)</script>", "url": "javascript:alert(1)"},
        "key_id": "0" * 16,
        "signature": "A" * 86,
    }
    text = drop(client, json.dumps(forged).encode(), "a.json").text
    assert "alert(1)" not in text


def test_a_paper_still_proves_itself_after_its_holder_was_erased(client: Client) -> None:  # C11
    paper = make.certificate()
    file = paper_of(paper)
    assert services.erase_holder(person_id=paper.person_id, by="operator", on=DAY) == 1
    paper.refresh_from_db()
    assert "Nguyễn Thị Hồng Vân" not in json.dumps(paper.payload, ensure_ascii=False)
    assert not LedgerSalt.objects.filter(entry=paper.ledger_entry).exists()
    page = client.get(f"/verify/{paper.link}/").text
    assert ("Nguyễn Thị Hồng Vân" in page, "đã được xóa" in page) == (False, True)
    assert judged(file, DAY).state == "valid"
    assert client.get(f"/verify/{paper.link}/certificate.json").status_code == 404


def test_the_register_still_lists_a_line_whose_holder_was_erased(client: Client) -> None:
    paper = make.certificate()
    services.erase_holder(person_id=paper.person_id, by="operator", on=DAY)
    keeper = make.keeper()
    keeper.user = User.objects.create(username="keeper")
    keeper.save()
    client.force_login(keeper.user)
    assert paper.number_text in client.get("/desk/certificates/").text
    assert client.get(reverse("certificates:line", args=[paper.public_id])).status_code == 200
    assert client.get(reverse("certificates:line_paper", args=[paper.public_id])).status_code == 404


def test_the_qr_codes_signature_must_be_the_papers(client: Client) -> None:
    paper = make.certificate()
    good = armoured(bytes(paper.signature))
    assert "Giấy thật" in client.get(f"/verify/{paper.link}/?s={good}").text
    assert "Không phải giấy thật" in client.get(f"/verify/{paper.link}/?s={'A' * 86}").text


def verify_command(file: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    try:
        call_command("verify_certificate", str(file))
    except SystemExit as stopped:
        return int(str(stopped.code)), capsys.readouterr().out
    return 0, capsys.readouterr().out


def test_the_command_says_who_what_when_and_valid(tmp_path: Path, capsys: Any) -> None:
    paper = make.certificate()
    (tmp_path / "a.pdf").write_bytes(paper_of(paper))
    code, said = verify_command(tmp_path / "a.pdf", capsys)
    assert (code, said.splitlines()[-1]) == (0, "valid")
    assert paper.number_text in said
    assert paper.payload["holder"] in said


def test_the_command_fails_for_what_is_revoked_or_not_genuine(tmp_path: Path, capsys: Any) -> None:
    paper = make.certificate()
    file = tmp_path / "a.pdf"
    file.write_bytes(paper_of(paper))
    make.revoked(paper)
    assert verify_command(file, capsys)[1].splitlines()[-1] == "revoked (as of 2026-11-22)"
    file.write_bytes(file.read_bytes().replace(b"%PDF-1.7", b"%PDF-1.6"))
    assert verify_command(file, capsys) == (1, verify_command(file, capsys)[1])
    assert verify_command(file, capsys)[1].splitlines()[-1] == "not genuine (altered)"


def test_the_downloads_hold_our_keys(client: Client) -> None:
    key = load_key(settings.KEY_DIR)
    for name in ("offline_program", "offline_page"):
        answer = client.get(reverse(f"certificates:{name}"))
        assert key.raw_public.hex() in answer.text
        assert answer["Content-Disposition"].startswith("attachment")


def test_a_paper_carries_the_checkpoint_that_covers_it() -> None:
    paper = make.certificate()
    sequence()
    assert document_of(paper)["ledger"]["size"] >= document_of(paper)["ledger"]["entry"]["number"]


def guess(client: Client, times: int, **more: Any) -> list[int]:
    return [
        client.post("/verify/", {"number": f"{n}/2026", "code": "00000000"}, **more).status_code
        for n in range(times)
    ]


def test_guessing_stops_after_ten_misses_a_minute(client: Client) -> None:  # C1
    paper = make.certificate()
    assert guess(client, 12) == [404] * 10 + [429] * 2
    asked = {"number": paper.number_text, "code": paper.code}
    assert client.post("/verify/", asked).status_code == 429
    assert client.get(f"/verify/{paper.link}/").status_code == 200
    assert client.get(f"/verify/{'A' * 22}/").status_code == 429


def test_an_emptied_cache_or_another_process_gives_no_more_guesses(client: Client) -> None:  # C1, F4
    codes = []
    for _ in range(12):
        codes += guess(client, 1)
        cache.clear()
    assert codes == [404] * 10 + [429] * 2


def test_a_minute_later_guesses_are_counted_anew_and_forgotten_in_time(client: Client) -> None:
    with freeze_time("2026-11-23 10:00:00") as clock:
        assert guess(client, 11)[-1] == 429
        clock.tick(61)
        assert guess(client, 1) == [404]
        assert Misses.objects.get().count == 1
        clock.tick(61)
        limits.forget_misses()
    assert Misses.objects.count() == 0


def test_no_address_is_kept_with_the_misses(client: Client) -> None:  # G5
    guess(client, 1, REMOTE_ADDR="203.0.113.7")
    row = Misses.objects.get()
    assert "203" not in row.key
    assert len(row.key) == 32


def test_other_addresses_are_not_held_up(client: Client) -> None:
    guess(client, 12)
    assert guess(client, 1, REMOTE_ADDR="203.0.113.7") == [404]


def test_a_forged_forwarding_header_does_not_help(client: Client) -> None:  # F3
    codes = [guess(client, 1, HTTP_X_FORWARDED_FOR=f"198.51.100.{n}")[0] for n in range(12)]
    assert codes[-2:] == [429, 429]


def test_behind_a_proxy_its_own_word_counts_and_not_the_clients(client: Client, settings: Any) -> None:  # F3
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    codes = [guess(client, 1, HTTP_X_FORWARDED_FOR=f"10.0.0.{n}, 203.0.113.9")[0] for n in range(12)]
    assert codes[-2:] == [429, 429]
    assert guess(client, 1, HTTP_X_FORWARDED_FOR="10.0.0.1, 203.0.113.10") == [404]


def test_a_household_of_ipv6_addresses_is_one_guesser(client: Client) -> None:
    codes = [guess(client, 1, REMOTE_ADDR=f"2001:db8::{n:x}")[0] for n in range(12)]
    assert codes[-2:] == [429, 429]


def test_many_guessers_together_raise_an_alarm_once(client: Client, caplog: Any) -> None:  # C1
    paper = make.certificate()
    for _ in range(190):
        client.get(f"/verify/{paper.link}/")
    for n in range(30):
        guess(client, 1, REMOTE_ADDR=f"203.0.113.{n}")
    assert [record.name for record in caplog.records if record.levelname == "ERROR"] == [
        "certificates.limits"
    ]
    assert paper.link not in caplog.text


def test_the_json_is_for_whoever_has_the_paper(client: Client) -> None:
    make.certificate()
    assert client.get(f"/verify/{'A' * 22}/certificate.json").status_code == 404
