"""The program and the page as they are downloaded: with the keys of this installation in them. Pure."""

import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from .verify import WORDS

HERE = Path(__file__).resolve().parent


def program(site: str, keys: dict[str, str], ledger_keys: list[str], stolen: Sequence[str] = ()) -> str:
    """verify.py with its keys."""
    filled = (
        f"SITE = {site!r}\nKEYS: dict[str, str] = {json.dumps(keys)}\n"
        f"LEDGER_KEYS: list[str] = {json.dumps(ledger_keys)}\n"
        f"STOLEN: list[str] = {json.dumps(list(stolen))}\n"
    )
    return re.sub(
        r"(# --- keys -+\n).*?(# --- end of keys -+\n)",
        lambda match: match[1] + filled + match[2],
        _source("verify.py"),
        count=1,
        flags=re.DOTALL,
    )


def page(site: str, keys: dict[str, str], ledger_keys: list[str], stolen: Sequence[str] = ()) -> str:
    """page.html with its script, its words and its keys."""
    words = {code: vietnamese for code, (vietnamese, _english) in WORDS.items()}
    filled = _source("page.html")
    for place, value in (
        ("/*KEYS*/{}", keys),
        ("/*LEDGER_KEYS*/[]", ledger_keys),
        ("/*STOLEN*/[]", list(stolen)),
        ('/*SITE*/""', site),
        ("/*WORDS*/{}", words),
    ):
        filled = filled.replace(place, json.dumps(value, ensure_ascii=False).replace("<", "\\u003c"))
    return filled.replace("/*VERIFY*/", _source("verify.js"))


@cache
def _source(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
