"""The addresses of the page "Thiết bị"."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import urlencode

from jinja2 import Environment
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, ServerSentEvent, Template
from litestar.types import ControllerRouterHandler

from bus.commands import (
    Command,
    PostNotice,
    Reply,
    SetDeviceVolume,
    SpeakText,
    TestDevice,
    WithdrawNotice,
)
from bus.states import Notice
from bus.vocabulary import Error, Language
from config import Role as DeviceRole
from hall.model import Hall
from hall.words import N_, Words
from web.access import AnyRequest, Role, Visitor, open_to
from web.commands import CommandDesk, refusal_words
from web.desk import desk_page
from web.devices.forms import (
    LONGEST_TEXT,
    NoticeForm,
    SpeechForm,
    empty_notice,
    read_notice,
    read_speech,
)
from web.devices.view import DevicesView, devices_view
from web.devices.voices import VoicesSite, language_name
from web.forms import read_form
from web.today import LiveEvents
from web.view.names import device_name
from web.waiting import Changes

_PAGE = "/devices"
_MOST_NOTICES = 20
_LOOK_AGAIN_S = 5.0
_UNAVAILABLE = 503
_UNPROCESSABLE = 422
_MOST_PERCENT = 100
_LONGEST_REASON = 200
_DONE = {
    "test": N_("Đã yêu cầu thử. Kết quả hiện ở dòng của thiết bị."),
    "volume": N_("Đã yêu cầu đặt âm lượng. Kết quả hiện ở dòng của loa."),
    "notice": N_("Dòng chữ đang chạy trên bảng."),
    "withdrawn": N_("Đã bỏ dòng chữ."),
    "voice": N_("Đã cài giọng đọc. Các máy tự lấy về và dùng ngay, không phải khởi động lại."),
    "shipped": N_("Đã trở về giọng có sẵn."),
    "speech": N_("Đã gửi nội dung đến loa: đọc sau các lượt gọi."),
}


@dataclass(frozen=True, slots=True)
class DevicesSite:
    """What the page is answered from; `now` is service time."""

    hall: Hall
    commands: CommandDesk
    events: LiveEvents
    templates: Environment
    now: Callable[[], datetime]
    voices: VoicesSite | None = None

    @classmethod
    def following(
        cls,
        hall: Hall,
        changes: Changes,
        commands: CommandDesk,
        templates: Environment,
        stopping: asyncio.Event,
        *,
        voices: VoicesSite | None = None,
    ) -> "DevicesSite":
        """Return the site of `hall`, whose orders it follows, with its own stream of news."""
        hall.follow_orders()
        events = LiveEvents(changes, stopping, quiet_s=_LOOK_AGAIN_S)
        return cls(hall, commands, events, templates, commands.link.now, voices)

    async def render_live(self, t: Words) -> str:
        """Return what of the page changes by itself."""
        template = self.templates.get_template("devices_live.html")
        return template.render(page=_view(self.hall, self.now(), t), hall=self.hall.state, t=t)


@get(_PAGE, opt=open_to(Role.VIEWER))
async def devices_page(
    request: AnyRequest,
    devices: NamedDependency[DevicesSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Template:
    """Answer with every device, and for managers with what they can be told to do."""
    said = _DONE.get(request.query_params.get("done", ""))
    done = t(said) if said else ""
    refused = refusal_words(request.query_params.get("refused", ""), t)
    unfit = request.query_params.get("unfit", "")[:_LONGEST_REASON]
    return _page(devices, visitor, t, done=done, refused=refused, unfit=unfit)


@get(f"{_PAGE}/events", opt=open_to(Role.VIEWER, quiet=True))
async def device_news(
    devices: NamedDependency[DevicesSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Response[bytes] | ServerSentEvent:
    """Answer with the page's news as they come."""
    if devices.events.full:
        return Response(b"too many listeners\n", status_code=_UNAVAILABLE, media_type="text/plain")
    news = devices.events.stream(partial(devices.render_live, t), visitor.still_in)
    return ServerSentEvent(news, headers={"Cache-Control": "no-store"})


@post(f"{_PAGE}/test", opt=open_to(Role.MANAGER), status_code=303)
async def have_tested(
    request: AnyRequest,
    devices: NamedDependency[DevicesSite],
    visitor: NamedDependency[Visitor],
) -> Redirect:
    """Have a device show that it works."""
    device = (await read_form(request)).text("device", 40)
    command = TestDevice(device=device)
    return await _done(request, devices, visitor, command, "test", "test_device", device)


@post(f"{_PAGE}/volume", opt=open_to(Role.MANAGER), status_code=303)
async def set_volume(
    request: AnyRequest,
    devices: NamedDependency[DevicesSite],
    visitor: NamedDependency[Visitor],
) -> Redirect:
    """Set how loud a loudspeaker is."""
    form = await read_form(request)
    device, percent = form.text("device", 40), form.text("volume", 3)
    if not (percent.isascii() and percent.isdigit() and int(percent) <= _MOST_PERCENT):
        return _back(refused=Error.INVALID)
    command = SetDeviceVolume(device=device, volume=int(percent) / _MOST_PERCENT)
    what = f"{device} {percent} %"
    return await _done(request, devices, visitor, command, "volume", "set_volume", what)


@post(f"{_PAGE}/notices", opt=open_to(Role.MANAGER), status_code=303)
async def post_notice(
    request: AnyRequest,
    devices: NamedDependency[DevicesSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Redirect | Template:
    """Put a text on the boards."""
    typed = read_notice(await read_form(request), devices.now(), devices.hall.state.zone, t)
    if len(_notices(devices)) >= _MOST_NOTICES:
        typed.wrong["text"] = t(
            "Đang chạy {count} dòng chữ. Xin bỏ bớt trước khi thêm.", count=_MOST_NOTICES
        )
    if typed.wrong or typed.until_at is None:
        return _page(devices, visitor, t, notice=typed)
    command = PostNotice(text=typed.text, until=typed.until_at)
    return await _done(request, devices, visitor, command, "notice", "post_notice", typed.text)


@post(f"{_PAGE}/notices/withdraw", opt=open_to(Role.MANAGER), status_code=303)
async def withdraw_notice(
    request: AnyRequest,
    devices: NamedDependency[DevicesSite],
    visitor: NamedDependency[Visitor],
) -> Redirect:
    """Take a text off the boards."""
    wanted = (await read_form(request)).text("notice", 40)
    found = next((n for n in _notices(devices) if wanted and n.id == wanted), None)
    if found is None:
        return _back(refused=Error.UNKNOWN)
    command = WithdrawNotice(notice=found.id)
    return await _done(
        request, devices, visitor, command, "withdrawn", "withdraw_notice", found.text
    )


@post(f"{_PAGE}/speech", opt=open_to(Role.MANAGER), status_code=303)
async def speak(
    request: AnyRequest,
    devices: NamedDependency[DevicesSite],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Words],
) -> Redirect | Template:
    """Have a text spoken after the calls."""
    speakers = frozenset(device for device, _ in _speakers(devices, t))
    typed = read_speech(await read_form(request), speakers, t)
    if typed.wrong:
        return _page(devices, visitor, t, speech=typed)
    command = SpeakText(text=typed.text, lang=Language(typed.lang), device=typed.device or None)
    return await _done(request, devices, visitor, command, "speech", "speak_text", typed.text)


DEVICE_ROUTES: list[ControllerRouterHandler] = [
    devices_page,
    device_news,
    have_tested,
    set_volume,
    post_notice,
    withdraw_notice,
    speak,
]


async def _done(  # noqa: PLR0917 - what is asked, and how it is called in three places
    request: AnyRequest,
    devices: DevicesSite,
    visitor: Visitor,
    command: Command,
    done: str,
    action: str,
    detail: str,
) -> Redirect:
    """Send a command and go back to the page, which says what became of it."""
    reply: Reply = await devices.commands.send(request, visitor, command, action, detail)
    return _back(done=done) if reply.ok else _back(refused=reply.error or Error.UNAVAILABLE)


def _back(**said: str) -> Redirect:
    return Redirect(f"{_PAGE}?{urlencode(said)}", status_code=303)


def _page(
    devices: DevicesSite,
    visitor: Visitor,
    t: Words,
    *,
    notice: NoticeForm | None = None,
    speech: SpeechForm | None = None,
    done: str = "",
    refused: str = "",
    unfit: str = "",
) -> Template:
    hall, now = devices.hall, devices.now()
    wrong = (notice and notice.wrong) or (speech and speech.wrong)
    return desk_page(
        "devices.html",
        visitor,
        t,
        current=_PAGE,
        status_code=_UNPROCESSABLE if wrong else 200,
        page=_view(hall, now, t),
        hall=hall.state,
        manages=visitor.may(Role.MANAGER),
        administrator=Role.ADMINISTRATOR,
        notice=notice or empty_notice(now, hall.state.zone),
        speech=speech or SpeechForm(),
        speakers=_speakers(devices, t),
        longest=LONGEST_TEXT,
        done=done,
        refused=refused,
        unfit=unfit,
        voices=_voices(devices, t),
    )


def _voices(devices: DevicesSite, t: Words) -> list[dict[str, object]]:
    """Return each language with the voice that speaks it: None is the one that ships."""
    installed = devices.voices.voices if devices.voices else {}
    languages = dict.fromkeys(("vi", "en", *installed))
    return [
        {"lang": lang, "name": language_name(lang, t), "voice": installed.get(lang)}
        for lang in languages
    ]


def _view(hall: Hall, now: datetime, t: Words) -> DevicesView:
    return devices_view(hall.state, hall.last_heard.get, now, t)


def _notices(devices: DevicesSite) -> tuple[Notice, ...]:
    """Return the texts that run on the boards now."""
    board = devices.hall.state.board
    return tuple(n for n in board.notices if n.until > devices.now()) if board else ()


def _speakers(devices: DevicesSite, t: Words) -> list[tuple[str, str]]:
    centre = devices.hall.state.centre
    known = centre.devices if centre else ()
    return [(d.id, device_name(d.id, t)) for d in known if d.role is DeviceRole.ANNOUNCER]
