"""Markdown with boxes → the blocks of a lesson.

What is not in a box becomes `text` blocks (rich text as Wagtail stores it) and `table` blocks. A citation
stays in the text as [^key]; publishing makes a numbered link of it (content/rendering.py).
"""

import html
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from content.records.files import Block

from .fields import N_, Faults

TEXT_BOXES = ("case", "do", "avoid", "say", "summary", "note", "warning")
LIST_BOXES = ("do", "avoid", "say", "summary")
OPENING = re.compile(r"^:::\s*([a-z]+)\s*(.*?)\s*$")
ATTRIBUTE = re.compile(r'([a-z_]+)="([^"]*)"')
LAW_ATTRIBUTES = ("document", "article", "in_force")
CITATION = re.compile(r"\[\^([a-z0-9-]+)\]")
TAGS = {"strong": "b", "em": "i"}

markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def parse_body(text: str, path: Path, first_line: int, faults: Faults) -> tuple[Block, ...]:
    """The blocks of a Markdown body that begins on line `first_line` of its file."""
    return tuple(_Body(path, first_line, faults).read(text))


class _Body:
    def __init__(self, path: Path, first_line: int, faults: Faults) -> None:
        self.path, self.first, self.faults = path, first_line, faults
        self.blocks: list[Block] = []

    def fault(self, line: int, text: str, **details: object) -> None:
        self.faults.add(self.path, line, text, **details)

    def read(self, body: str) -> list[Block]:
        box: tuple[str, str, int] | None = None
        held: list[str] = []
        start = self.first
        for line, content in enumerate(body.splitlines(), self.first):
            if not content.startswith(":::"):
                held.append(content)
                continue
            opening = OPENING.match(content)
            if box is None:
                self.prose("\n".join(held), start)
            elif opening:
                self.fault(
                    line, N_("the box “{box}” of line {number} is still open"), box=box[0], number=box[2]
                )
                self.box(box, "\n".join(held), start)
            else:
                self.box(box, "\n".join(held), start)
            if not opening and box is None:
                self.fault(line, N_("::: closes a box, but none is open"))
            box = (opening[1], opening[2], line) if opening else None
            held, start = [], line + 1
        if box is None:
            self.prose("\n".join(held), start)
        else:
            self.fault(box[2], N_("the box “{box}” is never closed"), box=box[0])
        return self.blocks

    def tokens(self, text: str, start: int) -> list[Token]:
        tokens = markdown.parse(text)
        for token in tokens:
            if token.type == "inline":
                line = start + (token.map[0] if token.map else 0)
                if any(child.type == "image" for child in token.children or ()):
                    self.fault(line, N_("pictures cannot be stated in a file"))
                if re.search(r"</?[a-z][^>]*>", token.content):
                    self.fault(line, N_("HTML is not allowed"))
            elif token.type == "heading_open" and token.tag not in {"h2", "h3"}:
                self.fault(start + (token.map or [0])[0], N_("headings are ## or ###"))
            elif token.type in {"fence", "code_block", "blockquote_open", "hr"}:
                self.fault(start + (token.map or [0])[0], N_("“{kind}” is not used here"), kind=token.type)
        return tokens

    def prose(self, text: str, start: int) -> None:
        """Text outside boxes: runs of rich text, with tables between them."""
        run: list[Token] = []
        run_start = start
        for group in _groups(self.tokens(text, start)):
            line = start + (group[0].map or [0])[0]
            if group[0].type == "table_open":
                self._flush(run, run_start)
                head, *rows = table_rows(group)
                self.blocks.append(Block("table", {"head": head, "rows": rows}, line))
                run = []
                continue
            run_start = run_start if run else line
            run.extend(group)
        self._flush(run, run_start)

    def _flush(self, run: list[Token], line: int) -> None:
        if run:
            self.blocks.append(Block("text", rich(run), line))

    def box(self, box: tuple[str, str, int], text: str, start: int) -> None:
        name, attributes, line = box
        readers: dict[str, Callable[[list[Token], int], Any]] = {
            "steps": self.steps,
            "cards": self.cards,
            "compare": self.compare,
            "check": self.check,
            **dict.fromkeys(TEXT_BOXES, self.plain),
        }
        if attributes and name != "law":
            self.fault(line, N_("the box “{box}” takes nothing after its name"), box=name)
        if not text.strip():
            self.fault(line, N_("the box “{box}” is empty"), box=name)
            return
        tokens = self.tokens(text, start)
        if name == "law":
            value = self.law(tokens, attributes, line)
        elif name in readers:
            value = readers[name](tokens, line)
        else:
            self.fault(line, N_("there is no box “{box}”"), box=name)
            return
        if name in LIST_BOXES and not any(token.type.endswith("list_open") for token in tokens):
            self.fault(line, N_("the box “{box}” must hold a list"), box=name)
        if value is not None:
            self.blocks.append(Block(name, value, line))

    def plain(self, tokens: list[Token], line: int) -> str:
        for token in tokens:
            if token.type in {"table_open", "heading_open"}:
                self.fault(line, N_("this box holds paragraphs and lists only"))
        return rich(tokens)

    def steps(self, tokens: list[Token], line: int) -> list[str] | None:
        if not tokens or tokens[0].type != "ordered_list_open" or len(_groups(tokens)) != 1:
            self.fault(line, N_("the box “steps” holds one numbered list"))
            return None
        return list_items(tokens)

    def cards(self, tokens: list[Token], line: int) -> list[dict[str, str]] | None:
        cards: list[tuple[str, list[Token]]] = []
        for group in _groups(tokens):
            if group[0].type == "heading_open" and group[0].tag == "h3":
                cards.append((group[1].content, []))
            elif cards:
                cards[-1][1].extend(group)
            else:
                self.fault(line, N_("the box “cards” begins with ### and the front of the first card"))
                return None
        if any(not back for _front, back in cards):
            self.fault(line, N_("a card has no back"))
        return [{"front": front, "back": rich(back)} for front, back in cards]

    def compare(self, tokens: list[Token], line: int) -> dict[str, Any] | None:
        if not tokens or tokens[0].type != "table_open" or len(_groups(tokens)) != 1:
            self.fault(line, N_("the box “compare” holds one table"))
            return None
        head, *rows = table_rows(tokens)
        if len(head) != 2 or not rows:
            self.fault(line, N_("the box “compare” holds a table of two columns"))
            return None
        return {"left": head[0], "right": head[1], "rows": [{"left": a, "right": b} for a, b in rows]}

    def law(self, tokens: list[Token], attributes: str, line: int) -> dict[str, Any]:
        stated = dict(ATTRIBUTE.findall(attributes))
        for name in stated.keys() - set(LAW_ATTRIBUTES):
            self.fault(line, N_("“{name}” is not known here"), name=name)
        if not stated.get("document"):
            self.fault(line, N_("“{name}” is missing"), name="document")
        in_force = stated.get("in_force", "")
        if in_force:
            try:
                date.fromisoformat(in_force)
            except ValueError:
                self.fault(line, N_("“{name}” must be a day like 2026-07-01"), name="in_force")
                in_force = ""
        return {
            "document": stated.get("document", ""),
            "article": stated.get("article", ""),
            "in_force": in_force or None,
            "text": self.plain(tokens, line),
        }

    def check(self, tokens: list[Token], line: int) -> dict[str, Any] | None:
        groups = _groups(tokens)
        if len(groups) < 2 or groups[-1][0].type != "bullet_list_open":
            self.fault(line, N_("the box “check” is a question and then a list of answers"))
            return None
        answers = [self._answer(item, line) for item in list_items(groups[-1])]
        if sum(answer["right"] for answer in answers) == 0:
            self.fault(line, N_("no answer of this check is right"))
        question = rich([token for group in groups[:-1] for token in group])
        return {"question": question, "answers": answers}

    def _answer(self, item: str, line: int) -> dict[str, Any]:
        mark = re.match(r"\[([x ])\]\s+(.*)\Z", item, re.DOTALL)
        if mark is None:
            self.fault(line, N_("an answer of a check begins with [x] or [ ]"))
            return {"text": item, "right": False, "feedback": ""}
        text, dash, feedback = mark[2].partition(" — ")
        if not dash or not feedback.strip():
            self.fault(line, N_("an answer of a check ends with — and what to learn from it"))
        return {"text": text.strip(), "right": mark[1] == "x", "feedback": feedback.strip()}


def _groups(tokens: list[Token]) -> list[list[Token]]:
    """Top-level elements, each with all of its tokens."""
    groups: list[list[Token]] = []
    depth = 0
    for token in tokens:
        if depth == 0:
            groups.append([])
        groups[-1].append(token)
        depth += token.nesting
    return groups


def rich(tokens: list[Token]) -> str:
    """Rich text as Wagtail stores it: h2 h3 p ul ol li b i a br."""
    out: list[str] = []
    for token in tokens:
        if token.type == "inline":
            out.append(inline(token))
        elif token.hidden:  # the paragraph of a tight list item
            continue
        elif token.nesting == 1:
            out.append(f"<{token.tag}>")
        elif token.nesting == -1:
            out.append(f"</{token.tag}>")
    return "".join(out)


def inline(token: Token) -> str:
    out: list[str] = []
    for child in token.children or ():
        if child.type in {"text", "code_inline"}:
            out.append(html.escape(child.content, quote=False))
        elif child.type == "softbreak":
            out.append(" ")
        elif child.type == "hardbreak":
            out.append("<br/>")
        elif child.type == "link_open":
            out.append(f'<a href="{html.escape(str(child.attrGet("href") or ""))}">')
        elif child.type == "link_close":
            out.append("</a>")
        elif child.tag in TAGS:
            out.append(f"<{TAGS[child.tag]}>" if child.nesting == 1 else f"</{TAGS[child.tag]}>")
    return "".join(out)


def table_rows(tokens: list[Token]) -> list[list[str]]:
    """Cells as inline rich text, the head row first."""
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(inline(token))
    return rows


def list_items(tokens: list[Token]) -> list[str]:
    """The items of the outermost list: inline rich text where an item is one line, else blocks."""
    items: list[list[Token]] = []
    depth = 0
    for token in tokens:
        if token.type == "list_item_open":
            depth += 1
            if depth == 1:
                items.append([])
                continue
        if token.type == "list_item_close":
            depth -= 1
            if depth == 0:
                continue
        if depth:
            items[-1].append(token)
    return [rich(item) for item in items]


def citations(text: str) -> list[str]:
    """The keys of [^key] in a text, in order of first appearance."""
    return list(dict.fromkeys(CITATION.findall(text)))
