"""The pages over a real socket: a service that refuses, is silent, or is a version ahead."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bus import codec
from bus.commands import ApplyConfig, ConfigProblem, Reply
from bus.memory import MemoryBus
from bus.port import Incoming
from bus.vocabulary import Error
from config import Centre, load_centre
from config.write import to_toml
from hall.words import Words
from provisioning.drafts import SettingsDrafts
from provisioning.site_db import SiteDb
from web.settings.routes import read_file

TOPIC = "denluot/v1/nhi-chieu"
Send = Callable[..., tuple[int, str, str]]
StoreVersion = Callable[[int, Centre], None]
Answer = Callable[[ApplyConfig], Reply]


@pytest.fixture
def service_answers(service_bus: MemoryBus) -> Callable[[Answer], list[ApplyConfig]]:
    """Answer commands of the web as a service would."""

    def service_answers(answer: Answer) -> list[ApplyConfig]:
        taken: list[ApplyConfig] = []

        def take(message: Incoming) -> None:
            command = codec.decode(ApplyConfig, message.payload)
            taken.append(command)
            service_bus.publish(f"{TOPIC}/reply/web", codec.encode(answer(command)))

        service_bus.subscribe(f"{TOPIC}/cmd/web", take)
        return taken

    return service_answers


def test_a_hotline_is_drafted_applied_and_audited(
    send: Send,
    service_answers: Callable[[Answer], list[ApplyConfig]],
    site_db: SiteDb,
    store_version: StoreVersion,
) -> None:
    taken = service_answers(lambda c: Reply(id=c.id, ok=True, result={"version": 2}))
    assert send("/settings")[2] == "/settings/centre"
    assert send("/settings/centre/draft", **{"identity.hotline": "1022"})[0] == 303
    assert "1022" in send("/settings/centre")[1]
    assert SettingsDrafts(site_db).find("administrator") is not None
    status, _, leads = send("/settings/apply", tab="centre")
    assert (status, leads) == (303, "/settings/versions?applied=2")
    assert taken[0].by == "administrator"
    assert taken[0].version == 1
    assert taken[0].centre["identity"]["hotline"] == "1022"
    assert SettingsDrafts(site_db).find("administrator") is None
    entry = site_db.read("SELECT * FROM audit WHERE action = 'settings_applied'")[0]
    assert entry["account"] == "administrator"
    assert "02203.822.666 → 1022" in entry["detail"]
    assert "Đã áp dụng thành phiên bản 2" not in send("/settings/versions?applied=2")[1]
    store_version(2, load_centre())
    assert "Đã áp dụng thành phiên bản 2" in send("/settings/versions?applied=2")[1]


def test_what_the_service_has_against_it_is_said_at_its_field(
    send: Send, service_answers: Callable[[Answer], list[ApplyConfig]]
) -> None:
    problems = (
        ConfigProblem(rule="numbers_in_use", text="numbers of CERT were given today",
                      path="$.services[0].digit", values={"service": "CERT"}),
        ConfigProblem(rule="of_a_newer_service", text="the moon is full", path="$.rules"),
    )  # fmt: skip
    result = {"version": 1, "problems": [codec.plain(each) for each in problems]}
    service_answers(
        lambda c: Reply(id=c.id, ok=False, error=Error.NOT_ALLOWED, message="x", result=result)
    )
    send("/settings/services/draft", item="0", **{"services[0].digit": "77"})
    status, text, _ = send("/settings/apply", tab="services", item="0")
    assert status == 422
    assert "Hôm nay đã phát số của CERT" in text
    assert "the moon is full" in text
    assert 'value="77"' in text


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (Error.CONFLICT, 409, "Người khác vừa áp dụng"),
        (Error.UNAVAILABLE, 503, "chưa trả lời"),
        (Error.INVALID, 422, "Chưa áp dụng được"),
    ],
)
def test_the_draft_stays_when_it_is_not_applied(
    send: Send,
    service_answers: Callable[[Answer], list[ApplyConfig]],
    site_db: SiteDb,
    error: Error,
    status: int,
    said: str,
) -> None:
    service_answers(lambda c: Reply(id=c.id, ok=False, error=error, message="m"))
    send("/settings/centre/draft", **{"identity.hotline": "1022"})
    got, text, _ = send("/settings/apply", tab="centre")
    assert got == status
    assert said in text
    assert SettingsDrafts(site_db).find("administrator") is not None


def test_another_version_in_between_is_shown_and_merged(
    send: Send, store_version: StoreVersion, tmp_path: Path, site_db: SiteDb
) -> None:
    send("/settings/centre/draft", **{"identity.hotline": "1022", "targets.target_min": "10"})
    other = load_centre(_changed(tmp_path, 'hotline = "02203.822.666"', 'hotline = "113"'))
    store_version(2, other)
    text = send("/settings/centre")[1]
    assert "Cả hai cùng sửa 1 chỗ" in text
    assert "113" in text
    send("/settings/merge", tab="centre", prefer="theirs")
    draft = SettingsDrafts(site_db).find("administrator")
    assert draft is not None
    assert draft.version == 2
    assert draft.centre["identity"]["hotline"] == "113"
    assert draft.centre["targets"]["target_min"] == 10


def _changed(folder: Path, old: str, new: str) -> Path:
    file = folder / "other.toml"
    text = to_toml(load_centre())
    assert old in text
    file.write_text(text.replace(old, new))
    return file


def test_nothing_typed_becomes_markup(send: Send) -> None:
    evil = "<script>alert(1)</script>\"'>"
    send("/settings/services/draft", item="0", **{
        "services[0].name.vi": evil, "services[0].detail.en": evil, "services[0].icon": "../../x",
    })  # fmt: skip
    for page in ("/settings/services", "/settings/centre", "/settings/counters"):
        status, text, _ = send(page)
        assert status == 200
        assert "<script>alert" not in text
        assert "&lt;script&gt;" in text


NONSENSE = [
    "/settings/nonsense",
    "/settings/services?item=99999999999",
    "/settings/services?item=abc",
    "/settings/counters?item=-7",
    "/settings/centre.toml?version=77",
    "/settings/centre?said=%3Cb%3E",
    "/settings/versions?applied=%3Cb%3E",
]


def test_nonsense_is_answered_and_never_with_a_traceback(
    send: Send, subtests: pytest.Subtests
) -> None:
    for path in NONSENSE:
        with subtests.test(path=path):
            status, text, _ = send(path)
            assert status in (200, 404)
            assert "<b>" not in text


FORMS = [
    {"item": "-9", "do": "remove"},
    {"item": "999999", "do": "add"},
    {"do": "explode", "services[0].digit": "9" * 5000},
    {"wording.systems#": "99999999"},
    {"wording.systems#": "-1", "wording.systems[0].vi": "x"},
    {"hours.holidays#": "300", "hours.holidays[299].date": "31/31/2026"},
]


@pytest.mark.parametrize("tab", ["services", "counters", "hours", "notices"])
def test_any_form_is_taken(send: Send, tab: str, subtests: pytest.Subtests) -> None:
    for fields in FORMS:
        with subtests.test(fields=list(fields)):
            assert send(f"/settings/{tab}/draft", **fields)[0] == 303
            assert send(f"/settings/{tab}")[0] == 200


def test_a_store_that_cannot_be_read_says_what_to_do(
    send: Send, store_path: Path, expected_warnings: list[str]
) -> None:
    expected_warnings.append("settings not readable")
    store_path.write_bytes(b"no database at all " * 100)
    for path in ("/settings/centre", "/settings/versions", "/settings/centre.toml"):
        status, text, _ = send(path)
        assert status == 503
        assert "Chưa đọc được cấu hình" in text


def test_a_file_is_read_with_the_checks_of_a_start() -> None:
    t, text = Words("vi"), to_toml(load_centre())
    raw, wrong = read_file(text.encode(), "nhi-chieu", t)
    assert wrong == []
    assert raw["services"][0]["code"] == "CERT"
    for content, said in (
        (b"", "Mời chọn một tệp"),
        (b"\xff\xfe", "Không phải tệp TOML"),
        (b"[identity", "Không phải tệp TOML"),
        (b"a = 1\n" * 60_000, "Tệp lớn quá"),
        (b"services = 5", "services"),
        (text.replace("digit = 2", "digit = 1").encode(), "đã dùng ở dòng 1"),
        (text.replace('site = "nhi-chieu"', 'site = "khac"').encode(), "trung tâm khác"),
        (text.replace("Hộ tịch", "Hộ\\u202etịch").encode(), "control characters"),
    ):
        raw, wrong = read_file(content, "nhi-chieu", t)
        assert raw == {}
        assert any(said in line for line in wrong), (content[:40], wrong)


def test_the_file_of_a_version_is_the_same_centre(send: Send, tmp_path: Path) -> None:
    status, text, _ = send("/settings/centre.toml?version=1")
    assert status == 200
    file = tmp_path / "back.toml"
    file.write_text(text)
    assert load_centre(file) == load_centre()


def test_the_counters_lists_are_edited_and_a_blank_row_is_gone(
    send: Send, service_answers: Callable[[Answer], list[ApplyConfig]], tmp_path: Path
) -> None:
    taken = service_answers(lambda c: Reply(id=c.id, ok=True, result={"version": 2}))
    page = send("/settings/notices")[1]
    assert 'name="matters.outcomes[0].id"' in page
    assert "Không thuộc thẩm quyền" in page
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    outcomes = {
        "matters.outcomes#": "3",
        "matters.outcomes[0].id": "received",
        "matters.outcomes[0].name.vi": "Đã nhận hồ sơ",
        "matters.outcomes[0].name.en": "Taken in",
        "matters.outcomes[1].id": "",
        "matters.outcomes[1].name.vi": "",
        "matters.outcomes[1].name.en": "",
        "matters.outcomes[2].id": "later",
        "matters.outcomes[2].name.vi": "Hẹn ngày khác",
        "matters.outcomes[2].name.en": "Another day",
    }
    assert send("/settings/notices/draft", **outcomes)[0] == 303
    assert send("/settings/apply", tab="notices")[0] == 303
    matters = taken[0].centre["matters"]
    assert [(one["id"], one["name"]["vi"]) for one in matters["outcomes"]] == [
        ("received", "Đã nhận hồ sơ"),
        ("later", "Hẹn ngày khác"),
    ]
    assert len(matters["notes"]) == 5


def test_two_entries_of_a_list_do_not_share_an_id(send: Send) -> None:
    notes = {"matters.notes#": "2"}
    for row in (0, 1):
        notes[f"matters.notes[{row}].id"] = "same"
        notes[f"matters.notes[{row}].name.vi"] = notes[f"matters.notes[{row}].name.en"] = "A"
    assert send("/settings/notices/draft", **notes)[0] == 303
    page = send("/settings/notices")[1]
    assert "“same” đã dùng ở dòng 1. Mời chọn giá trị khác." in page


@pytest.mark.full
def test_a_range_of_numbers_is_drafted_and_checked(send: Send) -> None:
    assert "phát số từ 1001" in send("/settings/services")[1]
    fields = {"services[0].number_first": "100", "services[0].number_last": "499"}
    send("/settings/services/draft", **fields, **{"services[0].number_step": "2"})
    assert "phát số từ 1100" in send("/settings/services")[1]
    send("/settings/services/draft", **{"services[0].number_last": "99"})
    assert (
        "Mời nhập số đầu không quá số cuối, số cuối không quá 999." in send("/settings/services")[1]
    )
