"""Whatever has an address says who gets which answer (A6, docs/trust.md §1); tests/matrix asks."""

import pytest

from . import permissions
from .addresses import Address, addresses
from .permissions import FILE, PAGE, Declared

HOW = """

{name} ({route}) has an address, and nobody has said who gets which answer. Add one line to
tests/architecture/permissions.yaml, under the heading of its room, for example

  {name}: {{{of}get: {{unit_manager: 200{reach}, else: 403}}, post: 405}}

  roles     anonymous (302 to sign-in unless you say otherwise), learner, trainer, reviewer, unit_manager,
            reporting_officer, auditor, administrator; `else` for all that you do not name
  answers   200, 302, 403, 404, 405 …; "200 in reach" = for objects of the role's unit and below, 404 beyond;
            "200 own" = of that unit alone; "200 self" = of the person who asks alone
  of:       what the address names: {kinds}
            (`of: nothing` while there is no such object in tests/matrix/world.py; then 404 for who may)
  with:     fixed values for other holes of the address, {{kind: roster}}
  query:    parameters that name the object, {{unit: code}}

then write the page: .venv/bin/python -m tests.architecture.permissions
and see it hold:     pytest tests/matrix -k "{name}"    (a wrong line is answered by what was measured)
"""


@pytest.fixture(scope="module")
def declared() -> dict[str, Declared]:
    return permissions.read()


def find(declared: dict[str, Declared], address: Address) -> Declared | None:
    """The line of the name, or the longest one that ends in `*` and begins its address."""
    if address.name in declared:
        return declared[address.name]
    prefixes = [name for name in declared if name.endswith("*") and address.route.startswith(name[:-1])]
    return declared[max(prefixes, key=len)] if prefixes else None


def test_every_address_says_who_gets_which_answer(declared: dict[str, Declared]) -> None:  # A6
    from tests.matrix.world import OBJECTS

    missing = [address for address in addresses() if find(declared, address) is None]
    words = [
        HOW.format(
            name=one.name,
            route=one.route,
            of="of: unit, " if one.holes else "",
            reach=" in reach" if one.holes else "",
            kinds=", ".join(OBJECTS),
        )
        for one in missing
    ]
    assert not missing, "".join(words)


def test_nothing_is_declared_that_has_no_address(declared: dict[str, Declared]) -> None:
    known = list(addresses())
    names = {address.name for address in known}
    gone = [
        name
        for name in declared
        if not (name.endswith("*") and any(one.route.startswith(name[:-1]) for one in known))
        and name not in names
    ]
    assert gone == [], f"take these lines out of {FILE.name}, or mend the names"


def test_what_an_address_names_exists_in_the_world_of_the_matrix(declared: dict[str, Declared]) -> None:
    from tests.matrix.world import OBJECTS

    assert [line.name for line in declared.values() if line.of and line.of not in OBJECTS] == []


def test_a_visitor_is_let_in_only_where_the_line_says_why(declared: dict[str, Declared]) -> None:
    """Public pages are a short list; each says why it is one."""
    open_ones = [
        line.name
        for line in declared.values()
        if not line.why
        and any(row["anonymous"].status not in (302, 403, 404, 405) for row in line.cells.values())
    ]
    assert open_ones == [], "say `why:` a visitor may see these"


def test_the_page_in_docs_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == permissions.page(), (
        "write it anew: .venv/bin/python -m tests.architecture.permissions"
    )


# The reader -------------------------------------------------------------------------------------


def test_in_reach_is_the_unit_and_below_and_nothing_above_or_beside() -> None:
    cell = permissions._cell("x", "200 in reach")
    assert [cell.expected(relation) for relation in permissions.RELATIONS] == [200, 200, 200, 404, 404, 404]


@pytest.mark.parametrize(
    "line",
    [
        {"get": {"manager": 200, "else": 403}},
        {"get": {"learner": 200}},
        {"get": {"else": "yes"}},
        {"gets": 200},
        {},
    ],
)
def test_a_line_that_cannot_be_read_is_refused(line: dict[str, object]) -> None:
    with pytest.raises(permissions.Misdeclared):
        permissions._declared("x", line)
