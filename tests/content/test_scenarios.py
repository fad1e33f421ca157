"""The editor of a scenario: its form, its map, what is told at which field, whose it is."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.blocks.base import get_error_json_data
from wagtail.models import Workflow, WorkflowContentType
from wagtail.test.utils.form_data import nested_form_data, streamfield

from content.conversations.blocks import ConversationBlock, graph_from, stream_of
from content.conversations.mapping import drawn, in_order
from content.conversations.playing import played
from content.enums import RecordingState
from content.models import Edition, EditionActivity, Recording, Scenario
from content.services import ensure_groups
from tests.factories import content as make

from .test_cms import user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ground() -> None:
    ensure_groups()


def posted(scenario: Scenario, graph: dict[str, Any], action: str = "", **more: str) -> dict[str, Any]:
    """The editor's form as a browser sends it."""
    stream = []
    for one in stream_of(graph):
        value = {"narration": "", "picture": "", "alternative": "", "recording": "", **one["value"]}
        if one["type"] == "node":
            value["choices"] = streamfield_items(value["choices"])
        else:
            value = one["value"]
        stream.append((one["type"], value))
    data = {
        "title": scenario.title,
        "code": scenario.code,
        "setting": scenario.setting,
        "role": scenario.role,
        "owner": "",
        "conversation": streamfield(stream),
        **more,
    }
    flat: dict[str, Any] = nested_form_data(data)
    return flat | ({action: "1"} if action else {})


def streamfield_items(choices: list[dict[str, Any]]) -> dict[str, Any]:
    items: dict[str, Any] = {"count": str(len(choices))}
    for number, choice in enumerate(choices):
        value = {name: one for name, one in choice.items() if name != "safety_missed"}
        if choice["safety_missed"]:
            value["safety_missed"] = "on"
        items[str(number)] = {"value": value, "deleted": "", "order": str(number), "type": "item", "id": ""}
    return items


def told(graph: dict[str, Any]) -> dict[str, Any]:
    """What the editor says, by the number of the place in the form."""
    block = ConversationBlock()
    with pytest.raises(ValidationError) as refusal:
        block.clean(block.to_python(stream_of(graph)))
    found: dict[str, Any] = get_error_json_data(refusal.value)
    return found.get("blockErrors", found)


def edit(scenario: Scenario) -> str:
    return reverse(Scenario.snippet_viewset.get_url_name("edit"), args=[scenario.pk])


# The form and the graph -----------------------------------------------------------------


def test_a_graph_becomes_a_form_and_the_same_graph_again() -> None:
    graph = make.scenario().graph
    block = ConversationBlock()
    assert graph_from(block.clean(block.to_python(stream_of(graph)))) == graph


def test_the_start_comes_first_whatever_order_the_database_keeps() -> None:
    graph = make.scenario().graph
    graph["nodes"] = {"n2": graph["nodes"]["n2"], "n1": graph["nodes"]["n1"]}
    assert in_order(graph) == ["n1", "n2", "e2", "e1"]


def test_a_place_without_a_name_gets_the_next_free_one() -> None:
    graph = make.scenario().graph
    raw = stream_of(graph)
    raw[0]["value"]["key"] = ""
    made = graph_from(ConversationBlock().to_python(raw))
    assert (made["start"], sorted(made["nodes"])) == ("n1", ["n1", "n2"])


# Told at the field ----------------------------------------------------------------------


def test_a_loop_without_an_ending_is_told_at_every_place_of_it() -> None:
    graph = make.scenario().graph
    for here, there in (("n1", "n2"), ("n2", "n1")):
        for choice in graph["nodes"][here]["choices"]:
            choice["to"], choice["safety_missed"] = there, False
    assert told(graph) == {
        0: {"messages": ["từ “n1” không đi tới được kết thúc nào"]},
        1: {"messages": ["từ “n2” không đi tới được kết thúc nào"]},
        2: {"messages": ["không đi tới được “e1” từ điểm bắt đầu"]},
        3: {"messages": ["không đi tới được “e2” từ điểm bắt đầu"]},
    }


def test_a_choice_that_leads_nowhere_is_told_at_that_choice() -> None:
    graph = make.scenario().graph
    graph["nodes"]["n2"]["choices"][0]["to"] = "n9"
    place = told(graph)[1]
    assert place == {
        "blockErrors": {
            "choices": {
                "blockErrors": {
                    0: {"blockErrors": {"to": {"messages": ["có lựa chọn dẫn tới “n9” không tồn tại"]}}}
                }
            }
        }
    }


def test_a_place_that_no_choice_leads_to_is_told_at_the_place() -> None:
    graph = make.scenario().graph
    graph["nodes"]["n3"] = {**graph["nodes"]["n2"]}
    assert told(graph) == {4: {"messages": ["không đi tới được “n3” từ điểm bắt đầu"]}}


def test_a_name_that_is_there_twice_is_told_even_in_a_draft() -> None:
    block = ConversationBlock()
    raw = stream_of(make.scenario().graph)
    raw[1]["value"]["key"] = "n1"
    with pytest.raises(ValidationError) as refusal:
        block.clean_deferred(block.to_python(raw))
    assert sorted(get_error_json_data(refusal.value)["blockErrors"]) == [0, 1]


def test_a_draft_may_be_unfinished_and_review_may_not(client: Any) -> None:
    trainer = user("gv", "Giảng viên")
    scenario = make.scenario()
    Scenario.objects.update(owner=trainer, live=False)
    graph = scenario.graph
    graph["nodes"]["n2"]["choices"][0]["to"] = "n9"
    client.force_login(trainer)
    assert client.post(edit(scenario), posted(scenario, graph)).status_code == 302
    page = client.get(edit(scenario))
    assert "Chưa công bố được" in page.content.decode()
    refused = client.post(edit(scenario), posted(scenario, graph, "action-submit"))
    assert (refused.status_code, list(refused.context["form"].errors)) == (200, ["conversation"])
    assert Scenario.objects.get().current_workflow_state is None


# The map --------------------------------------------------------------------------------


def test_the_map_draws_every_place_once_and_every_choice_that_leads_somewhere() -> None:
    graph = make.scenario().graph
    graph["nodes"]["n3"] = {**graph["nodes"]["n2"], "choices": []}
    found = drawn(graph)
    assert [(box.key, box.kind, box.lost) for box in found.boxes] == [
        ("n1", "start", False),
        ("n2", "node", False),
        ("e2", "failed", False),
        ("e1", "good", False),
        ("n3", "node", True),
    ]
    assert [arrow.manner for arrow in found.arrows] == ["skill", "danger", "skill", "danger"]
    assert all(0 <= box.x <= found.width - 176 and 0 <= box.y <= found.height - 68 for box in found.boxes)


@pytest.mark.parametrize("graph", [{}, {"start": "", "nodes": {}, "endings": {}}])
def test_the_map_of_nothing_is_empty(graph: dict[str, Any]) -> None:
    assert drawn(graph).boxes == ()


# Whose it is (ABUSE A15) ----------------------------------------------------------------


def test_a15_a_trainer_changes_only_his_own_scenarios_and_reads_the_others(client: Any) -> None:
    mine, theirs, reviewer = user("gv1", "Giảng viên"), user("gv2", "Giảng viên"), user("td", "Thẩm định")
    scenario = make.scenario()
    Scenario.objects.update(owner=mine)
    read = reverse(Scenario.snippet_viewset.get_url_name("inspect"), args=[scenario.pk])
    answers = {}
    for who in (mine, theirs, reviewer):
        client.force_login(who)
        answers[who.username] = (client.get(edit(scenario)).status_code, client.get(read).status_code)
    assert answers == {"gv1": (200, 200), "gv2": (302, 200), "td": (200, 200)}


def test_a15_posting_to_anothers_scenario_changes_nothing(client: Any) -> None:
    mine, theirs = user("gv1", "Giảng viên"), user("gv2", "Giảng viên")
    scenario = make.scenario()
    Scenario.objects.update(owner=mine)
    client.force_login(theirs)
    client.post(edit(scenario), posted(scenario, scenario.graph, title="Chiếm lấy"))
    scenario.refresh_from_db()
    assert (scenario.title, scenario.latest_revision) == ("Một giờ sáng", None)


def test_a15_nobody_makes_anothers_scenario_his_own(client: Any) -> None:
    mine, theirs = user("gv1", "Giảng viên"), user("gv2", "Giảng viên")
    scenario = make.scenario()
    Scenario.objects.update(owner=mine)
    client.force_login(mine)
    client.post(edit(scenario), posted(scenario, scenario.graph, owner=str(theirs.pk)))
    scenario.refresh_from_db()
    assert scenario.owner == mine
    assert scenario.latest_revision.as_object().owner == mine


def test_a_new_scenario_belongs_to_whoever_wrote_it_and_is_not_public(client: Any) -> None:
    trainer = user("gv", "Giảng viên")
    old = make.scenario()
    client.force_login(trainer)
    add = reverse(Scenario.snippet_viewset.get_url_name("add"))
    client.post(add, posted(old, old.graph, "action-publish", code="moi", title="Mới"))
    made = Scenario.objects.get(code="moi")
    assert (made.owner, made.live, made.graph) == (trainer, False, old.graph)


# Review and editions --------------------------------------------------------------------


def test_scenarios_go_through_the_same_review_as_lessons() -> None:
    ensure_groups()
    assert [row.workflow.name for row in WorkflowContentType.objects.all()] == ["Thẩm định"]
    assert Workflow.objects.count() == 1


def test_a_reviewer_does_not_publish_a_scenario_that_only_he_has_written(client: Any) -> None:
    reviewer, trainer = user("td", "Thẩm định"), user("gv", "Giảng viên")
    scenario = make.scenario()
    Scenario.objects.update(owner=trainer, live=False)
    client.force_login(reviewer)
    whose = str(trainer.pk)
    client.post(edit(scenario), posted(scenario, scenario.graph, "action-publish", owner=whose))
    assert Scenario.objects.get().live is False
    client.force_login(trainer)
    client.post(edit(scenario), posted(scenario, scenario.graph, title="Hai giờ sáng"))
    client.force_login(reviewer)
    client.post(edit(scenario), posted(scenario, scenario.graph, "action-publish", owner=whose))
    assert Scenario.objects.get().live is True


@pytest.mark.django_db(transaction=True)
def test_publishing_a_changed_scenario_freezes_an_edition_of_the_course_that_uses_it() -> None:
    ensure_groups()
    make.edition("P1", with_scenario=True)
    scenario = Scenario.objects.get()
    before = EditionActivity.objects.get(edition__number=Edition.objects.latest("number").number)
    scenario.graph["nodes"]["n1"]["says"] = "Tôi rất sợ."
    scenario.save_revision().publish()
    after = EditionActivity.objects.order_by("-edition__number").first()
    assert after is not None
    assert (before.version, after.version) == (1, 2)
    assert after.payload["nodes"]["n1"]["says"] == "Tôi rất sợ."
    before.refresh_from_db()
    assert before.payload["nodes"]["n1"]["says"] == "Tôi sợ."


def test_a_draft_scenario_has_no_place_in_an_edition_yet() -> None:
    make.edition("P1", with_scenario=True)
    Scenario.objects.update(live=False)
    from content.services import freeze_course

    freeze_course(code="P1")
    newest = Edition.objects.latest("number")
    assert list(newest.activities.all()) == []


def test_a_scenario_is_tried_as_a_learner_plays_it_and_nothing_is_stored(client: Any) -> None:
    trainer = user("gv", "Giảng viên")
    scenario = make.scenario()
    Scenario.objects.update(owner=trainer)
    client.force_login(trainer)
    url = reverse(Scenario.snippet_viewset.get_url_name("preview_on_edit"), args=[scenario.pk])
    client.post(url, posted(scenario, scenario.graph))
    first = client.get(url)
    assert "Anh kể tôi nghe." in first.content.decode()
    assert "Yên lành" in client.get(url, {"way": "0.0"}).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_scenarios_takes_as_many_queries_for_three_as_for_one(
    number: int, client: Any, django_assert_max_num_queries: Any
) -> None:
    trainer = user("gv", "Giảng viên")
    for _ in range(number):
        make.scenario()
    Scenario.objects.update(owner=trainer)
    client.force_login(trainer)
    url = reverse(Scenario.snippet_viewset.get_url_name("list"))
    client.get(url)
    with django_assert_max_num_queries(40):
        assert client.get(url).status_code == 200


# Sounds ------------------------------------------------------------------------------------------


def sound(name: str = "giong.m4a", **more: Any) -> Recording:
    values = {"title": "Giọng anh T.", "state": RecordingState.DONE, "seconds": 9, "small": name}
    return Recording.objects.create(**{**values, **more})


def with_sound(scenario: Scenario, recording: Recording) -> dict[str, Any]:
    nodes = scenario.graph["nodes"]
    return {**scenario.graph, "nodes": {**nodes, "n1": {**nodes["n1"], "recording": recording.pk}}}


def test_a_sound_at_a_place_reaches_the_learner_as_its_address() -> None:
    scenario, voice = make.scenario(), sound()
    graph = with_sound(scenario, voice)
    block = ConversationBlock()
    again = graph_from(block.clean(block.to_python(stream_of(graph))))
    assert again["nodes"]["n1"]["recording"] == voice.pk
    node = played(again)["nodes"]["n1"]
    assert (node["sound"], "recording" in node) == ({"url": voice.small.url, "seconds": 9}, False)


@pytest.mark.parametrize("wrong", [{"small": "phim.mp4"}, {"state": RecordingState.WAITING}])
def test_a_film_or_a_sound_that_is_not_ready_is_refused_at_its_field(wrong: dict[str, str]) -> None:
    graph = with_sound(make.scenario(), sound(**wrong))
    block = ConversationBlock()
    with pytest.raises(ValidationError) as refusal:
        block.clean(block.to_python(stream_of(graph)))
    told = get_error_json_data(refusal.value)
    assert list(told["blockErrors"][0]["blockErrors"]) == ["recording"]
