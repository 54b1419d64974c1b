import json
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime

from bus.states import BoardState
from config import Centre
from hall.board.scene import Hall, Scene, compose
from web.board.picture import SHOWN, draw

NOT_SHOWN = {"label", "painted"}


def test_every_part_of_a_scene_is_shown_or_kept_on_purpose() -> None:
    assert {field.name for field in fields(Scene)} == set(SHOWN) | NOT_SHOWN


def test_a_scene_as_a_page_reads_it(
    centre: Centre, board: BoardState, now: datetime, call: Callable[..., object]
) -> None:
    del call
    scene = compose(Hall(centre, board), now, stale=True)
    picture = draw(scene)
    told = json.loads(picture.json)
    assert picture.scene is scene
    assert "\n" not in picture.json, "an event is one line"
    assert told["title"] == "Trung tâm Phục vụ hành chính công"
    assert told["stale"] is True
    assert [(row["counter"], row["number"], row["kind"]) for row in told["rows"]] == [
        (2, "2005", "priority"),
        (6, "", "paused"),
    ]
    assert told["rows"][1]["note"] == "Tạm nghỉ\ntiếp tục từ 13:30"
