"""A branching conversation: `scenarios/1-slug.yaml`, and whether its graph is sound."""

from collections import deque
from collections.abc import Iterable, Mapping

from content.records.files import Choice, Ending, GraphFault, Node, Scenario

from .fields import N_, Fields, Lined

SKILLS = (
    "open_question", "affirmation", "reflection", "summary", "information", "safety", "confidentiality",
    "referral", "consent",
)  # fmt: skip
ERRORS = (
    "early_advice", "interrogation", "label", "false_promise", "threat", "missed_risk", "argue", "lecture",
    "exposure", "wrong_information",
)  # fmt: skip
ENDING_KINDS = ("good", "partial", "failed")


def read_scenario(fields: Fields, position: int, slug: str) -> Scenario:
    nodes = tuple(_node(key, inner) for key, inner in _keyed(fields, "nodes"))
    endings = tuple(_ending(key, inner) for key, inner in _keyed(fields, "endings"))
    scenario = Scenario(
        path=fields.path,
        position=position,
        slug=slug,
        title=fields.text("title"),
        setting=fields.text("setting"),
        role=fields.text("role"),
        objectives=fields.integers("objectives"),
        sources=fields.texts("sources"),
        start=fields.text("start"),
        nodes=nodes,
        endings=endings,
    )
    fields.done()
    for found in graph_faults(scenario):
        fields.faults.add(fields.path, found.line, found.text, **dict(found.details))
    return scenario


def _keyed(fields: Fields, name: str) -> Iterable[tuple[str, Fields]]:
    value = fields.take(name, True)
    if not isinstance(value, Lined):
        if value is not None:
            fields.fault(name, N_("names and values are expected here"))
        return
    for key, data in value.items():
        inner = Fields(data, fields.path, fields.faults, value.lines[key])
        inner.line = value.lines[key]
        yield key, inner
        inner.done()


def _node(key: str, fields: Fields) -> Node:
    return Node(
        key=key,
        speaker=fields.text("speaker"),
        says=fields.text("says"),
        narration=fields.text("narration", required=False),
        choices=tuple(_choice(group) for group in fields.groups("choices")),
        line=fields.line,
    )


def _choice(fields: Fields) -> Choice:
    choice = Choice(
        text=fields.text("text"),
        feedback=fields.text("feedback"),
        to=fields.text("to"),
        skill=fields.choice("skill", SKILLS, required=False),
        error=fields.choice("error", ERRORS, required=False),
        trust=fields.integer("trust", -3, 3, default=0),
        readiness=fields.integer("readiness", -3, 3, default=0),
        safety_missed=fields.flag("safety_missed", default=False),
    )
    if choice.skill and choice.error:
        fields.fault("error", N_("a choice shows a skill or an error, not both"))
    return choice


def _ending(key: str, fields: Fields) -> Ending:
    return Ending(
        key=key,
        kind=fields.choice("kind", ENDING_KINDS),
        title=fields.text("title"),
        text=fields.text("text"),
        learn=fields.text("learn"),
        line=fields.line,
    )


def reachable(start: str, edges: Mapping[str, Iterable[str]]) -> set[str]:
    """Every place that can be reached from `start`."""
    seen, queue = {start}, deque([start])
    while queue:
        for target in edges.get(queue.popleft(), ()):
            if target not in seen:
                seen.add(target)
                queue.append(target)
    return seen


def graph_faults(scenario: Scenario) -> list[GraphFault]:
    """Dead ends, places that no choice leads to, loops without a way out, risks without consequence."""
    faults: list[GraphFault] = []
    lines = {node.key: node.line for node in scenario.nodes}
    lines |= {ending.key: ending.line for ending in scenario.endings}

    def fault(place: str, text: str, choice: int | None = None, **details: object) -> None:
        faults.append(GraphFault(place, choice, lines.get(place, 1), text, tuple(details.items())))

    edges = {node.key: [choice.to for choice in node.choices] for node in scenario.nodes}
    endings = {ending.key: ending for ending in scenario.endings}
    for key in sorted(edges.keys() & endings.keys()):
        fault(key, N_("“{key}” is both a node and an ending"), key=key)
    if scenario.start not in edges:
        fault(scenario.start, N_("the start “{key}” is not a node"), key=scenario.start)
        return faults
    for node in scenario.nodes:
        if not node.choices:
            fault(node.key, N_("“{key}” is a dead end: it offers no choice"), key=node.key)
        for number, choice in enumerate(node.choices):
            ending = endings.get(choice.to)
            if choice.to not in lines:
                text = N_("a choice leads to “{key}”, which does not exist")
                fault(node.key, text, number, key=choice.to)
            elif choice.safety_missed and (ending is None or ending.kind != "failed"):
                fault(node.key, N_("a choice that misses a danger must lead to a failed ending"), number)
    seen = reachable(scenario.start, edges)
    backwards: dict[str, list[str]] = {}
    for key, targets in edges.items():
        for target in targets:
            backwards.setdefault(target, []).append(key)
    finishing = set().union(*(reachable(ending, backwards) for ending in endings))
    for key in lines:
        if key not in seen:
            fault(key, N_("“{key}” cannot be reached from the start"), key=key)
        elif key not in finishing and edges.get(key):
            fault(key, N_("from “{key}” no ending can be reached"), key=key)
    return faults
