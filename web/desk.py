"""What every page of the staff has around it: the menu, whose centre it is, who is logged in."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from litestar.response import Template
from markupsafe import Markup, escape

from hall.model import HallState
from hall.words import N_, Words
from provisioning.accounts import ROLE_NAMES
from web.access import CSRF_FIELD, AnyRequest, Role, Visitor


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One page of the menu."""

    address: str
    label: str
    role: Role


MENU = (
    MenuEntry("/", N_("Hôm nay"), Role.VIEWER),
    MenuEntry("/appointments", N_("Lịch hẹn"), Role.OFFICER),
    MenuEntry("/waits", N_("Thời gian chờ"), Role.VIEWER),
    MenuEntry("/log", N_("Nhật ký lượt"), Role.VIEWER),
    MenuEntry("/reports", N_("Báo cáo"), Role.VIEWER),
    MenuEntry("/devices", N_("Thiết bị"), Role.VIEWER),
    MenuEntry("/settings", N_("Cấu hình"), Role.ADMINISTRATOR),
    MenuEntry("/accounts", N_("Tài khoản"), Role.ADMINISTRATOR),
)


def desk_page(
    template: str,
    visitor: Visitor,
    t: Words,
    *,
    current: str,
    status_code: int = 200,
    **context: object,
) -> Template:
    """Return a page that extends `desk.html`; `current` is its address in the menu."""
    around = {
        "visitor": visitor,
        "t": t,
        "current": current,
        "menu": [entry for entry in MENU if visitor.may(entry.role)],
        "role_name": t(ROLE_NAMES[visitor.role]),
        "csrf_field": lambda: csrf_field(visitor.csrf),
    }
    return Template(template, context=around | context, status_code=status_code)


def csrf_field(csrf: str) -> Markup:
    """Return what every form that changes something must hold."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, escape(csrf))


def other_language(request: AnyRequest, t: Words, current: str = "") -> str:
    """Return the address of the same page, with what was chosen there, in the other language.

    What a post is answered with has no address of its own: then it is that of the menu's page.
    """
    chosen = [pair for pair in request.query_params.multi_items() if pair[0] != "lang"]
    page = "" if request.method == "GET" else current
    return f"{page}?{urlencode([*chosen, ('lang', 'en' if t.lang == 'vi' else 'vi')])}"


def centre_names(state: Callable[[], HallState]) -> Callable[[Words], tuple[str, str, str]]:
    """Return what tells name, place and city of the centre, as far as they are known."""

    def names(t: Words) -> tuple[str, str, str]:
        centre = state().centre
        if centre is None:
            return "", "", ""
        identity = centre.identity
        return identity.name(t.lang), identity.place(t.lang), identity.city(t.lang)

    return names
