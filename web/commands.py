"""Commands that a person gives on a page: sent in their name, answered in words, written down."""

import asyncio
from dataclasses import dataclass
from typing import TypeVar

from msgspec.structs import replace

from bus.commands import Command, Reply
from bus.session import Session
from bus.vocabulary import Error
from hall.words import N_, Words
from provisioning.site_db import SiteDb
from web.access import AnyRequest, Visitor, client_address

C = TypeVar("C", bound=Command)

_REFUSALS = {
    Error.TOO_FAST: N_("Việc trước chưa xong. Xin chờ giây lát rồi thử lại."),
    Error.NOT_ALLOWED: N_("Không thực hiện được thao tác này."),
    Error.UNKNOWN: N_("Không tìm thấy: có thể vừa được thay đổi. Xin tải lại trang."),
    Error.CONFLICT: N_("Đã có thay đổi từ nơi khác. Mời xem lại."),
    Error.INVALID: N_("Nội dung không hợp lệ. Xin xem lại."),
    Error.UNAVAILABLE: N_("Dịch vụ gọi số chưa trả lời, việc này chưa làm được. Xin thử lại."),
}


@dataclass(frozen=True, slots=True)
class CommandDesk:
    """Sends commands over the link of `web`; its replies come on the event loop."""

    link: Session
    db: SiteDb

    async def send(
        self, request: AnyRequest, visitor: Visitor, command: C, action: str, detail: str = ""
    ) -> Reply:
        """Return what the service answers to `command` by this visitor; what it took is audited."""
        answered: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()

        def take(reply: Reply) -> None:
            if not answered.done():
                answered.set_result(reply)

        self.link.ask(replace(command, by=visitor.account), take)
        reply = await answered
        if reply.ok:
            address = client_address(request)
            await asyncio.to_thread(self.db.audit, visitor.account, address, action, detail)
        return reply


def refusal_words(code: str, t: Words) -> str:
    """Return what to do about a refusal that an address or a reply names; empty for none."""
    if not code:
        return ""
    known = Error(code) if code in set(Error) else Error.NOT_ALLOWED
    return t(_REFUSALS.get(known, _REFUSALS[Error.NOT_ALLOWED]))
