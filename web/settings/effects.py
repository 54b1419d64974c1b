"""What happens in the hall at once when a draft is applied."""

from collections.abc import Iterator
from typing import Any

from bus.vocabulary import CounterStatus, Role
from hall.model import HallState
from hall.words import Words
from web.settings.changes import Raw, service_name


def effects(old: Raw, new: Raw, hall: HallState, t: Words) -> list[str]:
    """Return what changes at once, in sentences."""
    if old == new:
        return []
    waiting = _waiting(hall)
    total = sum(waiting.values())
    said = [
        t.plural("Hàng chờ hiện có {count} người được giữ nguyên số và lượt.", total)
        if total
        else t("Hiện không có người chờ.")
    ]
    said += _services(old, new, waiting, t)
    said += _counters(old, new, hall, waiting, t)
    said += _devices(old, new, t)
    said += _languages(old, new, t)
    if old["matters"] != new["matters"]:
        said.append(t("Các quầy có danh sách chọn mới ngay; lượt đã ghi giữ nguyên."))
    if any(old[table] != new[table] for table in ("hours", "rules", "wording", "voice")):
        said.append(t("Máy lấy số, bảng và loa theo cấu hình mới ngay."))
    return said


def _waiting(hall: HallState) -> dict[str, int]:
    services = hall.services.services if hall.services else ()
    return {service.service: service.waiting for service in services}


def _services(old: Raw, new: Raw, waiting: dict[str, int], t: Words) -> Iterator[str]:
    left = {service["code"] for service in new["services"]}
    before = {service["code"] for service in old["services"]}
    for service in old["services"]:
        if service["code"] in left:
            continue
        count, name = waiting.get(service["code"], 0), service_name(service, t)
        if count:
            yield t.plural(
                "Còn {count} người chờ lĩnh vực {name}: chưa bỏ được cho đến khi gọi hết, "
                "và vẫn được gọi như thường.",
                count,
                name=name,
            )
        else:
            yield t("Máy lấy số không còn ô {name}.", name=name)
    for service in new["services"]:
        if service["code"] not in before:
            yield t("Máy lấy số có thêm ô {name}.", name=service_name(service, t))


def _counters(
    old: Raw, new: Raw, hall: HallState, waiting: dict[str, int], t: Words
) -> Iterator[str]:
    names = {service["code"]: service_name(service, t) for service in new["services"]}
    before = {counter["number"]: counter["serves"] for counter in old["counters"]}
    after = {counter["number"]: counter["serves"] for counter in new["counters"]}
    for number, serves in after.items():
        begins = [code for code in serves if code not in before.get(number, {}) and code in names]
        for code in begins:
            yield t.plural(
                "Quầy {counter} bắt đầu gọi được {name}, {count} người đang chờ.",
                waiting.get(code, 0),
                counter=number,
                name=names[code],
            )
        ends = [code for code in before.get(number, {}) if code not in serves and code in names]
        for code in ends:
            yield t("Quầy {counter} thôi gọi {name}.", counter=number, name=names[code])
    for number in before:
        if number not in after:
            yield _removed_counter(number, hall, t)


def _removed_counter(number: Any, hall: HallState, t: Words) -> str:  # noqa: ANN401 - a plain value
    state = hall.counters.get(number)
    if state and (state.current or state.status is not CounterStatus.CLOSED):
        return t("Quầy {0} đang mở: bỏ được khi quầy không còn người.", number)
    return t("Quầy {0} không còn trên bảng và không gọi được nữa.", number)


def _languages(old: Raw, new: Raw, t: Words) -> Iterator[str]:
    before = {str(language["code"]) for language in old["identity"]["other_languages"]}
    for language in new["identity"]["other_languages"]:
        code, name = str(language["code"]), language["name"]
        if code in before or not code.isalpha():  # one that is none is said at its field
            continue
        if Words(code).lang == code:
            yield t("Máy lấy số có thêm ngôn ngữ {name}.", name=name)
        else:
            yield t(
                "Máy chủ chưa có tệp dịch {code}.mo: người dân chọn {name} vẫn thấy tiếng Việt, "
                "cho đến khi tệp được chép vào các máy và các máy chạy lại.",
                code=code,
                name=name,
            )


def _devices(old: Raw, new: Raw, t: Words) -> Iterator[str]:
    before = {device["id"] for device in old["devices"]}
    after = {device["id"]: device["role"] for device in new["devices"]}
    added = [device for device in after if device not in before]
    gone = sorted(before - after.keys())
    if added:
        yield t(
            "Thiết bị mới {names}: có tài khoản ngay trên máy chủ tin nhắn của máy này. Nếu dùng "
            "máy chủ tin nhắn khác, xin tạo tài khoản ở đó.",
            names=", ".join(added),
        )
    if any(after[device] == Role.COUNTER for device in added):
        yield t("Cửa sổ của quầy mới mở sau khi khai trong device.toml và chạy lại máy của quầy.")
    if gone:
        yield t("Thiết bị {names} không còn quyền gửi lệnh.", names=", ".join(gone))
