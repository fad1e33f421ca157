"""The file that names the providers of single sign-on."""

import shutil

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from lms.config import signon

DOCS = settings.ROOT / "docs"
EXAMPLE = (DOCS / "sign-on.example.toml").read_text(encoding="utf-8")


@pytest.fixture
def written(tmp_path):
    """Reads a file of these words, beside the example's secret and certificate."""
    for name in ("sign-on.example.secret", "sign-on.example.pem"):
        shutil.copy(DOCS / name, tmp_path)

    def read(text: str) -> signon.SignOn:
        (tmp_path / "sign-on.toml").write_text(text, encoding="utf-8")
        return signon.read(tmp_path / "sign-on.toml")

    return read


def test_the_example_names_an_openid_and_a_saml_provider(written):
    found = written(EXAMPLE)
    [openid] = found.providers["openid_connect"]["APPS"]
    [saml] = found.providers["saml"]["APPS"]
    assert (openid["provider_id"], openid["secret"]) == ("so-noi-vu", "an example, and no secret")
    assert openid["settings"]["officer_code"] == "employee_number"
    assert saml["client_id"] == "bo-cong-an"
    assert saml["settings"]["idp"]["x509cert"].startswith("-----BEGIN CERTIFICATE-----")
    assert saml["settings"]["advanced"] == {
        "want_assertion_signed": True,
        "reject_idp_initiated_sso": True,
    }
    assert found.apps == (
        "allauth.socialaccount.providers.openid_connect",
        "allauth.socialaccount.providers.saml",
    )
    assert found.origins == ("https://dang-nhap.haiphong.example", "https://idp.bca.example")


def test_saml_is_not_even_loaded_where_no_provider_speaks_it(written):
    found = written(EXAMPLE.partition("[[saml]]")[0])
    assert found.apps == ("allauth.socialaccount.providers.openid_connect",)
    assert "saml" not in found.providers


def test_all_faults_of_the_file_are_told_at_once(written):
    with pytest.raises(ImproperlyConfigured) as refused:
        written(
            '[[openid]]\nid = "a"\nissuer = "http://tinh.example"\nclient_id = "v"\nsecret_file = "none"\n'
            'name = "A"\nofficer_kode = "x"\n[[saml]]\nid = "a"\n[[ldap]]\nid = "b"\n'
        )
    assert str(refused.value) == (
        "SINGLE_SIGN_ON: sign-on.toml: ldap: neither [[openid]] nor [[saml]]; a: officer_code is missing; "
        "a: officer_kode is unknown; a: issuer must begin with https://; "
        "a: secret_file: there is no none beside the file; a: certificate_file is missing; "
        "a: entity_id is missing; a: name is missing; a: officer_code is missing; a: sso_url is missing; "
        "a: stands twice"
    )


def test_a_file_that_is_not_there_or_is_no_toml_is_told(written, tmp_path):
    with pytest.raises(ImproperlyConfigured, match="nowhere"):
        signon.read(tmp_path / "nowhere.toml")
    with pytest.raises(ImproperlyConfigured, match="SINGLE_SIGN_ON"):
        written("[[openid")
