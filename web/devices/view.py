"""Every device in words: how it is, what it can prove, what to do about its troubles."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bus.health import (
    AnnouncerHealth,
    AnyHealth,
    BoardHealth,
    KeypadHealth,
    KioskHealth,
    PrinterHealth,
    SignHealth,
    WebHealth,
)
from bus.states import DeviceStatus
from bus.versions import Standing, standing
from bus.vocabulary import PrinterState, SoundState
from config import Role
from config.settings import KnownDevice
from hall.model import SERVICE, HallState
from hall.words import N_, Words
from web.devices.condition import UNITS, UNITS_LOST, UNSEEN, Condition, condition_of
from web.devices.outcomes import Outcome, outcome_of
from web.view.names import device_kinds, device_name, split_device

_TESTED = frozenset({Role.KIOSK, Role.ANNOUNCER, Role.BOARD, Role.SIGN, Role.COUNTER})
_JUST_NOW_S = 3
_MINUTE_S, _HOUR_S = 60, 3600

_PROOF = {
    "full": N_("Chứng minh đã in: có, máy in xác nhận từng phiếu."),
    "basic": N_("Chứng minh đã in: không, máy in chỉ báo tình trạng giấy và nắp."),
    "none": N_("Chứng minh đã in: không, máy in không báo gì. Xin nhìn giấy hằng ngày."),
}
_PROOF_UNKNOWN = N_("Chứng minh đã in: chưa rõ. Chạy ./denluot printer test để máy học máy in này.")
_PAPER = {
    PrinterState.READY: N_("Giấy: đủ."),
    PrinterState.PAPER_LOW: N_("Giấy: sắp hết."),
    PrinterState.PAPER_OUT: N_("Giấy: hết."),
}


@dataclass(frozen=True, slots=True)
class DeviceCard:
    """One device of the page."""

    id: str
    kind: str
    name: str
    note: str
    """Where it stands, or its id."""
    condition: Condition
    heard: str
    facts: tuple[str, ...]
    can_test: bool
    volume: int | None
    """In per cent; None for what makes no sound."""
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class DevicesView:
    """All devices, and how many need a hand."""

    cards: tuple[DeviceCard, ...]
    summary: str
    strips: tuple[str, ...]
    """The gravest troubles, one sentence each."""


def devices_view(
    hall: HallState, last_heard: Callable[[str], datetime | None], now: datetime, t: Words
) -> DevicesView:
    """Return every device that the centre knows, and the service."""
    known = {device.id: device for device in hall.centre.devices} if hall.centre else {}
    ids = [d for d, each in known.items() if each.role not in UNSEEN and each.role != SERVICE]
    cards = tuple(
        _card(hall, device, known.get(device), _ago(last_heard(device), now, t), t)
        for device in sorted({*ids, SERVICE}, key=_order)
    )
    strips = tuple(
        f"{card.name}: {card.condition.words}" for card in cards if card.condition.state == "bad"
    )
    return DevicesView(cards, _summary(cards, t), strips)


def _card(
    hall: HallState, device: str, known: KnownDevice | None, heard: str, t: Words
) -> DeviceCard:
    status = hall.devices.get(device)
    online = bool(hall.linked and status and status.online)
    health = status.health if status else None
    place = known.place(t.lang) if known and known.place else ""
    newest = next(
        (o for o in reversed(hall.orders.orders if hall.orders else ()) if o.device == device), None
    )
    volume = round(100 * health.volume) if isinstance(health, AnnouncerHealth) else None
    return DeviceCard(
        id=device,
        kind=split_device(device)[0],
        name=device_name(device, t),
        note=place or device,
        condition=condition_of(hall, device, status, t),
        heard=heard if status else "",
        facts=(*_facts(hall, health, t), *_version(hall, device, status, t)) if online else (),
        can_test=bool(known and known.role in _TESTED and online),
        volume=volume if online else None,
        outcome=outcome_of(newest, hall.zone, t) if newest else None,
    )


def _ago(at: datetime | None, now: datetime, t: Words) -> str:
    """Return how long ago a device last said anything of itself."""
    if at is None:
        return ""
    seconds = max(0, int((now - at).total_seconds()))
    if seconds < _JUST_NOW_S:
        return t("vừa xong")
    if seconds < _MINUTE_S:
        return t.plural("{count} giây trước", seconds)
    if seconds < _HOUR_S:
        return t.plural("{count} phút trước", seconds // _MINUTE_S)
    return t.plural("{count} giờ trước", seconds // _HOUR_S)


def _version(hall: HallState, device: str, status: DeviceStatus | None, t: Words) -> Iterator[str]:
    """Say which version runs there, and that it is not the centre's."""
    service = hall.devices.get(SERVICE)
    version, centre = (status.version if status else ""), (service.version if service else "")
    if not version:
        return
    if device == SERVICE or not centre:
        yield t("Phiên bản {version}.", version=version)
        return
    stands = standing(version, centre)
    if stands is Standing.AHEAD:
        yield t(
            "Phiên bản {version}, mới hơn trung tâm ({centre}): xin nâng cấp máy chủ.",
            version=version,
            centre=centre,
        )
    elif version != centre:
        yield t(
            "Phiên bản {version}, khác trung tâm ({centre}): xin cập nhật máy này.",
            version=version,
            centre=centre,
        )
    else:
        yield t("Phiên bản {version}.", version=version)


def _facts(hall: HallState, health: AnyHealth | None, t: Words) -> Iterator[str]:
    """Return what a device is made of and what it can."""
    match health:
        case KioskHealth():
            for name, printer in health.printers.items():
                yield from _printer_facts(hall, name, printer, t)
            if health.speech in (SoundState.NONE, SoundState.FAULT):
                yield t("Không đọc màn hình ra loa được: kiểm tra tai nghe hoặc loa của máy này.")
            elif health.speech is SoundState.OK:
                yield t("Đọc được màn hình ra loa.")
        case AnnouncerHealth():
            yield from _loudspeaker_facts(health, t)
        case BoardHealth():
            yield from _board_facts(health, t)
        case SignHealth() if health.signs:
            yield t("Bảng LED của quầy {counters}.", counters=", ".join(map(str, health.signs)))
        case KeypadHealth():
            yield from _keypad_facts(health, t)
        case WebHealth() if health.boards:
            screens = ", ".join(dict.fromkeys(health.boards))
            yield t("Đang hiện bảng trên {screens}.", screens=screens)
        case _:
            pass


def _board_facts(health: BoardHealth, t: Words) -> Iterator[str]:
    if health.screen:
        yield t("Màn hình {screen}.", screen=health.screen)
    if health.counters:
        yield t("Hiện các quầy {counters}.", counters=", ".join(map(str, health.counters)))


def _keypad_facts(health: KeypadHealth, t: Words) -> Iterator[str]:
    for unit in health.units.values():
        if unit.state not in UNITS_LOST:
            state = t(UNITS[unit.state])
            yield t("Quầy {counter}: {state}.", counter=unit.counter, state=state)


def _printer_facts(hall: HallState, name: str, printer: PrinterHealth, t: Words) -> Iterator[str]:
    paper = t(_PAPER[printer.state]) if printer.state in _PAPER else ""
    yield " ".join(part for part in (t("Máy in {name}.", name=name), paper) if part)
    yield t(_PROOF.get(printer.capability, _PROOF_UNKNOWN))
    if printer.last_proof:
        at = t.time(printer.last_proof, hall.zone)
        yield t("Phiếu gần nhất được xác nhận lúc {time}.", time=at)


def _loudspeaker_facts(health: AnnouncerHealth, t: Words) -> Iterator[str]:
    yield t("Âm lượng {percent} %.", percent=round(100 * health.volume))
    if health.output:
        yield t("Ngõ ra {output}.", output=health.output)
    if health.quiet:
        yield t("Đang giờ không đọc.")
    if health.standby:
        yield t("Dự phòng: chỉ đọc khi loa chính không đọc được.")


def _summary(cards: tuple[DeviceCard, ...], t: Words) -> str:
    """Return how many there are of each kind, such as 9 thiết bị · 6 tốt, 2 cần chú ý."""
    states = [card.condition.state for card in cards]
    counts = (
        (N_("{count} tốt"), "ok"),
        (N_("{count} cần chú ý"), "warn"),
        (N_("{count} mất kết nối"), "bad"),
        (N_("{count} chưa rõ"), "unknown"),
    )
    parts = [t(text, count=states.count(state)) for text, state in counts if state in states]
    count = t.plural("{count} thiết bị", len(cards))
    return f"{count} · {', '.join(parts)}"


def _order(name: str) -> tuple[int, str, int]:
    kind, number = split_device(name)
    kinds = [each for each in device_kinds() if each != SERVICE]
    return kinds.index(kind) if kind in kinds else len(kinds), kind, number
