"""YAML whose faults know their line: every fault is collected, none stops the reading."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from content.records.files import Fault


def N_(text: str) -> str:
    """Marks a text for translation; whoever shows a fault translates it."""
    return text


class Faults:
    """What is wrong so far."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, path: Path, line: int, text: str, **details: object) -> None:
        self.found.append(Fault(path, line, text, tuple(sorted(details.items()))))


class Lined(dict[str, Any]):
    """A YAML mapping that knows where it stands."""

    line: int
    lines: dict[str, int]


class _Loader(yaml.SafeLoader):
    faults: Faults
    path: Path
    shift: int

    def construct_lined(self, node: yaml.MappingNode) -> Iterator[Lined]:
        result = Lined()
        result.line = node.start_mark.line + 1 + self.shift
        result.lines = {}
        yield result
        for key_node, value_node in node.value:
            key = str(self.construct_object(key_node, deep=True))
            line = key_node.start_mark.line + 1 + self.shift
            if key in result:
                self.faults.add(self.path, line, N_("“{name}” stands twice"), name=key)
            result[key] = self.construct_object(value_node, deep=True)
            result.lines[key] = line


_Loader.add_constructor("tag:yaml.org,2002:map", _Loader.construct_lined)


def parse_yaml(text: str, path: Path, faults: Faults, shift: int = 0) -> Lined | None:
    """The mapping that a file holds; `shift` is the number of lines above it."""
    loader = _Loader(text)
    loader.faults, loader.path, loader.shift = faults, path, shift
    try:
        data = loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 + shift if error.problem_mark else 1
        faults.add(path, line, N_("not readable as YAML: {problem}"), problem=error.problem or error)
        return None
    except yaml.YAMLError as error:
        faults.add(path, 1 + shift, N_("not readable as YAML: {problem}"), problem=error)
        return None
    finally:
        loader.dispose()
    if not isinstance(data, Lined):
        faults.add(path, 1 + shift, N_("names and values are expected here"))
        return None
    return data


class Fields:
    """Takes named fields out of a mapping, noting what is missing, of the wrong kind, or unknown."""

    def __init__(self, data: Any, path: Path, faults: Faults, line: int = 1) -> None:
        self.path, self.faults = path, faults
        self.line = data.line if isinstance(data, Lined) else line
        self.data: dict[str, Any] = data if isinstance(data, Lined) else {}
        self.lines: dict[str, int] = data.lines if isinstance(data, Lined) else {}
        self.taken: set[str] = set()
        if not isinstance(data, Lined):
            faults.add(path, line, N_("names and values are expected here"))

    def fault(self, name: str, text: str, **details: object) -> None:
        self.faults.add(self.path, self.lines.get(name, self.line), text, name=name, **details)

    def done(self) -> None:
        for name in self.data:
            if name not in self.taken:
                self.fault(name, N_("“{name}” is not known here"))

    def take(self, name: str, required: bool) -> Any:
        self.taken.add(name)
        value = self.data.get(name)
        if required and value in (None, "", []) and self.data:
            self.fault(name, N_("“{name}” is missing"))
            return None
        return value

    def text(self, name: str, required: bool = True) -> str:
        value = self.take(name, required)
        if value is None:
            return ""
        if isinstance(value, bool | dict | list):
            self.fault(name, N_("“{name}” must be a text"))
            return ""
        return str(value).strip()

    def choice(self, name: str, allowed: tuple[str, ...], required: bool = True) -> str:
        value = self.text(name, required)
        if value and value not in allowed:
            self.fault(name, N_("“{name}” must be one of {allowed}"), allowed=", ".join(allowed))
            return ""
        return value

    def integer(self, name: str, low: int, high: int, default: int | None = None) -> int:
        value = self.take(name, default is None)
        if value is None:
            return default if default is not None else low
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.fault(name, N_("“{name}” must be a whole number from {low} to {high}"), low=low, high=high)
            return low
        return value

    def decimal(self, name: str) -> Decimal:
        """A whole number or one decimal."""
        value = self.take(name, True)
        if isinstance(value, bool) or not isinstance(value, int | float):
            if value is not None:
                self.fault(name, N_("“{name}” must be a number"))
            return Decimal(0)
        number = Decimal(str(value))
        if number <= 0 or number != number.quantize(Decimal("0.1")):
            self.fault(name, N_("“{name}” must be above 0 and have at most one decimal"))
        return number

    def flag(self, name: str, default: bool | None = None) -> bool:
        value = self.take(name, default is None)
        if value is None:
            return bool(default)
        if not isinstance(value, bool):
            self.fault(name, N_("“{name}” must be true or false"))
        return value is True

    def day(self, name: str, required: bool = True) -> date | None:
        value = self.take(name, required)
        if value is None:
            return None
        if type(value) is not date:
            self.fault(name, N_("“{name}” must be a day like 2026-07-01"))
            return None
        return value

    def items(self, name: str, required: bool = True) -> list[Any]:
        value = self.take(name, required)
        if value is None:
            return []
        if not isinstance(value, list):
            self.fault(name, N_("“{name}” must be a list"))
            return []
        return value

    def texts(self, name: str, required: bool = True) -> tuple[str, ...]:
        result = []
        for value in self.items(name, required):
            if isinstance(value, dict | list | bool) or value is None or not str(value).strip():
                self.fault(name, N_("every entry of “{name}” must be a text"))
            else:
                result.append(str(value).strip())
        return tuple(result)

    def integers(self, name: str) -> tuple[int, ...]:
        values = self.items(name)
        if any(isinstance(value, bool) or not isinstance(value, int) for value in values):
            self.fault(name, N_("every entry of “{name}” must be a whole number"))
            return ()
        return tuple(values)

    def groups(self, name: str, required: bool = True) -> Iterator["Fields"]:
        """Each mapping of a list; unknown names in it are reported once it has been read."""
        for value in self.items(name, required):
            inner = Fields(value, self.path, self.faults, self.lines.get(name, self.line))
            yield inner
            inner.done()


FRONT = re.compile(r"\A---\n(.*?)\n---\n?(.*)\Z", re.DOTALL)


def split_front(text: str, path: Path, faults: Faults) -> tuple[Lined | None, str, int]:
    """Front matter, the text below it, and the line on which that begins."""
    match = FRONT.match(text)
    if match is None:
        faults.add(path, 1, N_("the file must begin with front matter between two lines of ---"))
        return None, text, 1
    front = parse_yaml(match[1], path, faults, shift=1)
    return front, match[2], text.count("\n", 0, match.start(2)) + 1
