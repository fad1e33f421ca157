"""The platform as an app on a phone: Chromium finds nothing that keeps it from being installed."""

import json

from .conftest import Visitor

OF_THE_TEST = {"in-incognito"}
"""What Chromium says of the browser that is driven here, and not of the page."""


def test_chromium_offers_to_install_the_app(visitor: Visitor) -> None:
    visitor.goes_to("/")
    chrome = visitor.page.context.new_cdp_session(visitor.page)
    manifest = chrome.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert json.loads(manifest["data"])["display"] == "standalone"
    errors = chrome.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert {error["errorId"] for error in errors} - OF_THE_TEST == set()
