from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from bus import asyncapi, commands

DOCUMENT = Path(__file__).parents[3] / "docs" / "asyncapi.yaml"


def test_the_document_has_not_drifted_from_the_messages() -> None:
    assert DOCUMENT.read_text() == asyncapi.text(), (
        "make it again: python -m bus.asyncapi > docs/asyncapi.yaml"
    )


def test_every_command_is_described_on_its_topic() -> None:
    document = yaml.safe_load(asyncapi.text())
    command = document["channels"]["command"]
    assert command["address"] == "denluot/v1/{site}/cmd/{device}"
    assert set(command["messages"]) == {kind.__name__ for kind in get_args(commands.AnyCommand)}
    assert set(command["parameters"]) == {"site", "device"}
    ticket = document["components"]["schemas"]["IssueTicket"]
    assert ticket["properties"]["kind"] == {"enum": ["issue_ticket"]}
    assert {"kind", "id", "ts", "service"} <= set(ticket["required"])
    assert "class" in ticket["properties"]


def test_every_reference_leads_somewhere() -> None:
    document = yaml.safe_load(asyncapi.text())
    for reference in references(document):
        found = document
        for part in reference.removeprefix("#/").split("/"):
            assert part in found, reference
            found = found[part]


def references(node: Any) -> list[str]:  # noqa: ANN401 - plain YAML
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for value in node.values() for found in references(value)]
    if isinstance(node, list):
        return [found for value in node for found in references(value)]
    return []


@pytest.mark.parametrize("channel", ["board_state", "counter_state", "status"])
def test_states_are_retained(channel: str) -> None:
    operation = asyncapi.document()["operations"][channel]
    assert operation["bindings"]["mqtt"]["retain"] is True
