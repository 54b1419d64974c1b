"""Forms and what comes back of them: any centre, and anything somebody may type."""

import json
import random
from copy import deepcopy
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config import Centre, Problem, Rule, load_centre, raw_problems
from config.settings import Service
from hall.model import HallState
from hall.words import Words
from web.settings.changes import changes
from web.settings.effects import effects
from web.settings.fields import Field, Kind, Rows, assign, at, blank, cleaned, fields_in, plain
from web.settings.labels import problem_text
from web.settings.merge import merged
from web.settings.page import said_of
from web.settings.tabs import (
    DEVICES,
    FORMS,
    act,
    all_fields,
    field_of,
    groups,
    items,
    tab_of,
    take_form,
)

Form = dict[str, list[str]]


@pytest.fixture
def raw() -> dict[str, Any]:
    return plain(load_centre())


def as_sent(tab: str, raw: dict[str, Any], item: int = 0) -> Form:
    """Return what a browser sends of a form that nobody has touched, or that was filled in."""
    form: Form = {}
    for group in groups(tab, raw, item):
        for node in group.nodes:
            if isinstance(node, Rows):
                form[f"{node.path}#"] = [str(len(node.rows))]
            rows = node.rows if isinstance(node, Rows) else ((node,),)
            for row in rows:
                for field in row:
                    _send(field, form)
    return form


def _send(field: Field, form: Form) -> None:
    match field.kind:
        case Kind.PAIR:
            for lang in ("vi", "en"):
                form[f"{field.path}.{lang}"] = [(field.value or {}).get(lang, "")]
        case Kind.TICK:
            form[f"{field.path}?"] = ["1"]
            form |= {field.path: ["1"]} if field.value else {}
        case Kind.SOME_OF:
            form[f"{field.path}?"] = ["1"]
            form[field.path] = [each for each in field.choices if each in field.value]
        case Kind.SERVES:
            form[f"{field.path}?"] = ["1"]
            form[field.path] = list(field.value)
            for code, minutes in field.value.items():
                form[f"{field.path}.{code}"] = [str(minutes)]
        case _:
            form[field.path] = [field.typed]


def through_all_forms(raw: dict[str, Any]) -> dict[str, Any]:
    back = deepcopy(raw)
    for tab in FORMS:
        for item in range(max(1, items(tab, raw))):
            take_form(tab, back, item, as_sent(tab, raw, item))
    take_form("counters", back, DEVICES, as_sent("counters", raw, DEVICES))
    return back


def test_every_setting_has_its_place_and_words(raw: dict[str, Any]) -> None:
    paths = {field.path for field in all_fields(raw)}
    wanted = set(_leaves(raw, ""))
    hidden = {"identity.site", "hours.always_open"} | {path for path in wanted if ".letter" in path}
    hidden |= {f"identity.reached_{part}" for part in ("url", "on", "trusted")}  # by a phone
    missing = {
        path
        for path in wanted - hidden
        if not any(
            path == field or path.startswith((f"{field}.", f"{field}[")) or f"{path}[0]" in field
            for field in paths
        )
    }
    assert not missing
    for path in paths:
        shown = groups(*tab_of(f"$.{path}")[:1], raw, tab_of(f"$.{path}")[1])
        nodes = [node for group in shown for node in group.nodes]
        assert path in {field.path for field in fields_in(nodes)}


def _leaves(value: Any, path: str) -> list[str]:  # noqa: ANN401 - plain values
    if isinstance(value, dict) and value:
        inner = [_leaves(each, f"{path}.{key}" if path else key) for key, each in value.items()]
        return [leaf for leaves in inner for leaf in leaves]
    if isinstance(value, list | tuple) and value:
        inner = [_leaves(each, f"{path}[{index}]") for index, each in enumerate(value)]
        return [leaf for leaves in inner for leaf in leaves]
    return [path]


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]),
    min_size=1,
    max_size=30,
).filter(lambda text: cleaned(text) == text and text.strip())
pairs = st.fixed_dictionaries({"vi": texts, "en": texts})
windows = st.sampled_from(
    [[], ["07:30-11:30"], ["07:30-11:30", "13:30-17:00"], ["07:00 – 11:00"], ["06:00-22:15"]]
)


@st.composite
def centres(draw: st.DrawFn) -> dict[str, Any]:
    """Return any centre that holds, as plain values."""
    raw = plain(load_centre())
    service = raw["services"][0]
    codes = draw(st.lists(st.from_regex(r"[A-Z][A-Z0-9_]{0,15}", fullmatch=True), min_size=1,
                          max_size=12, unique=True))  # fmt: skip
    digits = draw(st.permutations(range(100)))
    raw["services"] = [
        service
        | {
            "code": code,
            "digit": digits[index],
            "letter": chr(65 + index),
            "name": draw(pairs),
            "detail": draw(pairs),
            "papers": draw(st.lists(pairs, max_size=4)),
            "mean_service_min": draw(st.floats(0.1, 240)),
            "issue": draw(windows),
            "last_ticket_before_close_min": draw(st.none() | st.integers(0, 1440)),
            "daily_cap": draw(st.none() | st.integers(1, 9999)),
            "guidance": draw(st.booleans()),
            "collects_result": draw(st.booleans()),
        }
        for index, code in enumerate(codes)
    ]
    numbers = draw(st.lists(st.integers(1, 99), min_size=1, max_size=8, unique=True))
    raw["counters"] = [
        {
            "number": number,
            "name": draw(st.none() | pairs),
            "serves": {code: draw(st.integers(0, 60)) for code in draw(st.permutations(codes))},
        }
        for number in numbers
    ]
    raw["devices"] = [{"id": "kiosk-1", "role": "kiosk", "counters": [], "place": draw(pairs)}]
    raw["devices"] += [
        {"id": f"counter-{number}", "role": "counter", "counters": [number], "place": None}
        for number in numbers
    ]
    raw["numbering"]["style"] = draw(st.sampled_from(["digits", "letter"]))
    raw["hours"] |= {day: draw(windows) for day in ("mon", "wed", "sun")}
    raw["hours"]["holidays"] = [
        {"date": day.isoformat(), "name": draw(pairs)}
        for day in draw(st.lists(st.dates(), max_size=4))
    ]
    raw["identity"]["languages"] = draw(
        st.sampled_from([["vi"], ["en"], ["vi", "en"], ["en", "vi"], []])
    )
    raw["wording"]["pause_reasons"] = draw(st.lists(pairs, max_size=5))
    raw["voice"]["volumes"] = draw(
        st.sampled_from([[], [{"hours": "07:00-08:00", "volume": 0.35}]])
    )
    return plain(msgspec.convert(raw, Centre))


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(centres())
def test_any_centre_comes_back_from_its_forms_as_it_was(raw: dict[str, Any]) -> None:
    assert raw_problems(raw) == []
    back = through_all_forms(raw)
    assert msgspec.convert(back, Centre) == msgspec.convert(raw, Centre)
    assert changes(raw, back, Words("vi")) == []


def test_the_largest_centre_comes_back_too(full_centre: Centre) -> None:
    raw = plain(full_centre)
    assert msgspec.convert(through_all_forms(raw), Centre) == full_centre


@pytest.mark.full
@settings(deadline=None, max_examples=80, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_is_typed_is_kept_and_named_at_its_field(data: st.DataObject) -> None:
    raw = plain(load_centre())
    tab = data.draw(st.sampled_from(FORMS))
    form = as_sent(tab, raw)
    for name in data.draw(st.lists(st.sampled_from(sorted(form)), max_size=4)):
        form[name] = [data.draw(st.text(max_size=40))]
    take_form(tab, raw, 0, form)
    json.dumps(raw)
    fields = list(all_fields(raw))
    for problem in raw_problems(raw):
        assert said_of(problem, raw, Words("vi"))
        assert said_of(problem, raw, Words("en"))
        assert field_of(problem, fields) is not None, problem
        groups(*tab_of(problem.path)[:1], raw, 0)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("7h30-11h30; 13:30–17:00", ["07:30-11:30", "13:30–17:00"]),
        (" ", []),
        ("sáng", ["sáng"]),
        ("7-11", ["07:00-11:00"]),
    ],
)
def test_hours_are_read_as_people_write_them(
    raw: dict[str, Any], typed: str, kept: list[str]
) -> None:
    take_form("hours", raw, 0, {"hours.mon": [typed]})
    assert raw["hours"]["mon"] == kept


def test_rows_are_added_and_blanked(raw: dict[str, Any]) -> None:
    form = as_sent("notices", raw)
    count = len(raw["wording"]["systems"])
    form["wording.systems[0].vi"], form["wording.systems[0].en"] = [""], [""]
    form[f"wording.systems[{count}].vi"] = ["VNeID"]
    take_form("notices", raw, 0, form)
    assert [each["vi"] for each in raw["wording"]["systems"]] == [
        "Hệ thống của thành phố",
        "Đường truyền Internet",
        "VNeID",
    ]


def test_a_language_is_added_named_and_dropped(raw: dict[str, Any], third_language: str) -> None:
    before = deepcopy(raw)
    form = as_sent("centre", raw)
    for row, code in enumerate((third_language, "zz")):
        form[f"identity.other_languages[{row}].code"] = [code]
        form[f"identity.other_languages[{row}].name"] = [f"Tiếng {code}"]
    take_form("centre", raw, 0, form)
    assert raw["identity"]["other_languages"] == [
        {"code": "xx", "name": "Tiếng xx"},
        {"code": "zz", "name": "Tiếng zz"},
    ]
    assert raw_problems(raw) == []
    said = effects(before, raw, HallState(), Words())
    assert "Máy lấy số có thêm ngôn ngữ Tiếng xx." in said
    assert any("chưa có tệp dịch zz.mo" in one for one in said)
    raw["identity"]["other_languages"][1]["code"] = "xx"
    assert [problem.rule for problem in raw_problems(raw)] == [Rule.TWICE]
    raw["identity"]["other_languages"][1]["code"] = "../xx"
    assert not any("chưa có tệp dịch" in one for one in effects(before, raw, HallState(), Words()))
    (problem,) = raw_problems(raw)
    assert "mã quốc tế" in said_of(problem, raw, Words())
    again = as_sent("centre", raw)
    for key in [key for key in again if key.startswith("identity.other_languages[")]:
        again[key] = [""]
    take_form("centre", raw, 0, again)
    assert raw == before


def test_a_service_is_added_served_moved_and_removed(raw: dict[str, Any]) -> None:
    item = act("services", raw, 0, "add")
    assert (item, raw["services"][item]["code"], raw["services"][item]["digit"]) == (9, "S1", 10)
    form = as_sent("services", raw, item)
    form |= {
        "services[9].code": ["WATER"],
        "services[9].name.vi": ["Cấp nước"],
        "services[9].name.en": ["Water"],
        "services[9].serving": ["2", "9"],
    }
    take_form("services", raw, item, form)
    assert raw["counters"][1]["serves"] == {"CERT": 0, "CIVIL": 0, "WATER": 0}
    assert raw_problems(raw) == []
    assert act("services", raw, item, "up") == 8
    assert raw["services"][8]["code"] == "WATER"
    act("services", raw, 8, "remove")
    assert raw == plain(load_centre())


def test_a_counter_comes_with_its_device_and_goes_with_it(raw: dict[str, Any]) -> None:
    item = act("counters", raw, 0, "add")
    assert raw["counters"][item] == {"number": 10, "name": None, "serves": {}}
    assert [problem.rule for problem in raw_problems(raw)] == [Rule.SERVES_NOTHING]
    form = {"counters[9].serves?": ["1"], "counters[9].serves": ["TAX"]}
    form |= {"counters[9].number": ["12"], "counters[9].serves.TAX": ["5"]}
    take_form("counters", raw, item, form)
    assert raw["counters"][item]["serves"] == {"TAX": 5}
    assert raw["devices"][-1]["id"] == "counter-12"
    assert raw_problems(raw) == []
    act("counters", raw, item, "remove")
    assert raw == plain(load_centre())


def test_every_rule_has_words() -> None:
    values: dict[str, str | int] = {
        "key": "x", "value": 1, "first": 1, "window": "w", "previous": "p", "other": "o",
        "service": "s", "counter": 1, "device": "d", "limit": 1, "kiosk": "k", "zone": "z",
        "count": 2, "bytes": 3, "last": 2,
    }  # fmt: skip
    for rule in Rule:
        for lang in ("vi", "en"):
            said = problem_text(Problem(rule, "english", "$.x", values), Words(lang))
            assert "{" not in said
            assert rule is Rule.TYPE or "english" not in said
        assert "english" in problem_text(Problem(rule, "english", "$.x"), Words("vi")) or (
            "{" not in problem_text(Problem(rule, "english", "$.x"), Words("vi"))
        )


def test_differences_are_said_in_words(raw: dict[str, Any]) -> None:
    new = deepcopy(raw)
    new["services"][0]["name"]["en"] = "Certification"
    new["services"][0]["daily_cap"] = 40
    new["counters"][3]["serves"].pop("CERT")
    new["counters"][2]["serves"]["CERT"] = 8
    new["hours"]["sat"] = ["07:30-11:30"]
    new["hours"]["holidays"].pop(0)
    new["services"].append(
        blank(Service) | {"code": "WATER", "name": {"vi": "Nước", "en": "Water"}}
    )
    new["counters"][0]["serves"]["WATER"] = 0
    told = {(each.place, each.label): (each.old, each.new) for each in changes(raw, new, Words())}
    assert told == {
        ("", "Thứ Bảy"): ("để trống", "07:30-11:30"),
        ("", "Ngày nghỉ"): ("01/01/2026: Tết dương lịch / New Year's Day", ""),
        ("Lĩnh vực Chứng thực", "Tên, tiếng Anh"): ("Certified copies", "Certification"),
        ("Lĩnh vực Chứng thực", "Số lượt tối đa một ngày"): ("không giới hạn", "40"),
        ("Lĩnh vực Chứng thực", "Quầy phục vụ"): ("1, 2, 3, 4", "1, 2, 3"),
        ("Lĩnh vực Nước", ""): ("", "thêm mới"),
        ("Quầy 3", "Lĩnh vực Chứng thực"): (
            "làm giúp, chờ thêm 5 phút",
            "làm giúp, chờ thêm 8 phút",
        ),
    }


def test_two_peoples_changes_go_together(raw: dict[str, Any]) -> None:
    theirs, mine = deepcopy(raw), deepcopy(raw)
    theirs["services"][0]["name"]["vi"], mine["services"][0]["name"]["vi"] = "Họ", "Tôi"
    theirs["services"].pop(8)
    theirs["counters"].pop(8)
    mine["services"].insert(0, mine["services"].pop())
    mine["counters"][0]["serves"]["LAND"] = 5
    mine["hours"]["holidays"].append({"date": "2027-12-31", "name": {"vi": "a", "en": "b"}})
    for prefer_mine, name in ((True, "Tôi"), (False, "Họ")):
        both = merged(raw, theirs, mine, prefer_mine=prefer_mine)
        names = {service["code"]: service["name"]["vi"] for service in both["services"]}
        assert names["CERT"] == name
        assert "HELP" not in names
        assert both["counters"][0]["serves"] == {"CERT": 0, "PICK": 0, "LAND": 5}
        assert both["hours"]["holidays"][-1]["date"] == "2027-12-31"
    assert merged(raw, raw, mine, prefer_mine=False) == mine
    assert merged(raw, theirs, raw, prefer_mine=True) == theirs


def test_merging_random_changes_keeps_what_only_one_side_touched(raw: dict[str, Any]) -> None:
    rng = random.Random(7)
    paths = [path for path in _leaves(raw, "") if isinstance(at(raw, path), str)]
    for _ in range(50):
        picked = rng.sample([path for path in paths if ".code" not in path], 6)
        theirs, mine = deepcopy(raw), deepcopy(raw)
        for path in picked[:3]:
            assign(theirs, path, "theirs")
        for path in picked[3:]:
            assign(mine, path, "mine")
        both = merged(raw, theirs, mine, prefer_mine=rng.random() < 0.5)
        if any(".id" in path or ".date" in path or "kiosk" in path for path in picked):
            continue
        texts = [at(both, path) for path in picked if "[" not in path]
        assert all(text in ("theirs", "mine") for text in texts)
