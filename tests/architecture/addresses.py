"""Every address that the platform answers, as the resolver knows them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """One pattern: its name with its namespace, its route from the root, and the names of its holes."""

    name: str
    route: str
    holes: frozenset[str]


def addresses() -> Iterator[Address]:
    """All of them; those of one name are all given, since each must be declared."""
    yield from _walk(get_resolver(), "", "", frozenset())


def _walk(resolver: URLResolver, route: str, space: str, holes: frozenset[str]) -> Iterator[Address]:
    for found in resolver.url_patterns:
        here = route + str(found.pattern)
        inside = holes | set(found.pattern.regex.groupindex)
        if isinstance(found, URLResolver):
            deeper = f"{space}{found.namespace}:" if found.namespace else space
            yield from _walk(found, here, deeper, inside)
        else:
            yield Address(space + (found.name or found.lookup_str), here, inside)
