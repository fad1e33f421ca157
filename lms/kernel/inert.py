"""Texts that a spreadsheet would take for formulas, made inert on the way out and whole on the way in."""

import re

# A spreadsheet takes a text that begins so for a formula. The full-width twins count too.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_INERT = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")


def inert(text: str) -> str:
    """With an apostrophe in front if a spreadsheet would take it for a formula; ``restored`` takes it off."""
    return "'" + text if _FORMULA.match(text) else text


def restored(text: str) -> str:
    """What ``inert`` was given."""
    return text[1:] if _INERT.match(text) else text
