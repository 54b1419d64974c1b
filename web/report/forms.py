"""What was typed into a draft or into the settings, within bounds, each error at its field."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

import msgspec

from hall.words import Words
from web.report.document import (
    LONGEST_LINE,
    LONGEST_TEXT,
    MOST_LINES,
    Letterhead,
    Signatory,
    Wording,
)
from web.report.settings import (
    LONGEST_CERTIFICATE,
    MOST_SIGNATORIES,
    MailSettings,
    ReportSettings,
)

MOST_BODY_BYTES = 256 * 1024
_EARLIEST, _LATEST = date(2000, 1, 1), date(2199, 12, 31)
_LAST_PORT = 65535
_TEXTS = ("subject", "opening", "results", "peaks", "groups", "causes", "proposals", "closing")
_HEAD = tuple(Letterhead.__struct_fields__)
_SIGNS = tuple(Signatory.__struct_fields__)
_Choice = TypeVar("_Choice", bound=str)


@dataclass
class Typed:
    """The fields of a form, and what is wrong with them by the field's name."""

    fields: Mapping[str, str]
    t: Words
    problems: dict[str, str] = field(default_factory=dict)

    def line(self, name: str, most: int = LONGEST_LINE) -> str:
        """Return one line."""
        return " ".join(self.text(name, most).split())

    def text(self, name: str, most: int = LONGEST_TEXT) -> str:
        """Return a text of any lines; one that is too long is a problem and cut."""
        text = self.fields.get(name, "").replace("\r\n", "\n").strip()
        if len(text) > most:
            count = self.t.count(most)
            self.problems[name] = self.t("Dài quá {count} ký tự, mời rút gọn.", count=count)
        return text[:most]

    def lines(self, name: str) -> tuple[str, ...]:
        """Return the lines of a list."""
        found = [line.strip() for line in self.text(name).split("\n") if line.strip()]
        if len(found) > MOST_LINES or any(len(line) > LONGEST_LINE for line in found):
            self.problems[name] = self.t(
                "Tối đa {count} dòng, mỗi dòng {letters} ký tự.",
                count=MOST_LINES,
                letters=LONGEST_LINE,
            )
        return tuple(line[:LONGEST_LINE] for line in found[:MOST_LINES])

    def day(self, name: str) -> date | None:
        """Return a date, None when nothing is typed."""
        text = self.line(name)
        if not text:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = date.min
        if not _EARLIEST <= day <= _LATEST:
            self.problems[name] = self.t("Mời nhập ngày dạng ngày/tháng/năm, từ năm 2000.")
            return None
        return day

    def number(self, name: str, low: int, high: int, usual: int) -> int:
        """Return a whole number."""
        text = self.line(name)
        if not text:
            return usual
        if not text.isascii() or not text.isdecimal() or not low <= int(text[:9]) <= high:
            self.problems[name] = self.t("Mời nhập số từ {low} đến {high}.", low=low, high=high)
            return usual
        return int(text)

    def choice(self, name: str, choices: tuple[_Choice, ...]) -> _Choice:
        """Return one of the choices, the first when it is none of them."""
        typed = self.line(name)
        return next((choice for choice in choices if choice == typed), choices[0])


def wording_from(typed: Typed) -> Wording:
    """Return a draft's words as they were typed."""
    return Wording(
        letterhead=Letterhead(**{name: typed.line(f"head_{name}") for name in _HEAD}),
        number=typed.line("number", 20),
        signed_on=typed.day("signed_on"),
        addressees=typed.lines("addressees"),
        recipients=typed.lines("recipients"),
        signatory=Signatory(**{name: typed.line(f"sign_{name}") for name in _SIGNS}),
        annex=typed.line("annex") == "yes",
        **{name: typed.text(name) for name in _TEXTS},
    )


def settings_from_form(typed: Typed, before: ReportSettings) -> ReportSettings:
    """Return the settings as they were typed; an empty password keeps the one before."""
    signatories = tuple(
        Signatory(**{name: typed.line(f"sign{index}_{name}") for name in _SIGNS})
        for index in range(MOST_SIGNATORIES)
    )
    return ReportSettings(
        letterhead=typed.choice("letterhead", ("centre", "ward")),
        centre=Letterhead(**{name: typed.line(f"centre_{name}") for name in _HEAD}),
        ward=Letterhead(**{name: typed.line(f"ward_{name}") for name in _HEAD}),
        addressees=typed.lines("addressees"),
        recipients=typed.lines("recipients"),
        signatories=tuple(one for one in signatories if one != Signatory()),
        opening=typed.text("opening"),
        proposals=typed.text("proposals"),
        closing=typed.text("closing"),
        goal_percent=typed.number("goal_percent", 0, 100, 0),
        sheet=typed.choice("sheet", ("", "xlsx", "docx")),
        mail=_mail(typed, before.mail),
    )


def changed_settings(before: ReportSettings, after: ReportSettings) -> str:
    """Return which settings have changed, for the audit; never a password."""
    names = [
        name
        for name in before.__struct_fields__
        if name != "mail" and getattr(before, name) != getattr(after, name)
    ]
    names += [
        f"mail.{name}"
        for name in before.mail.__struct_fields__
        if getattr(before.mail, name) != getattr(after.mail, name)
    ]
    return ", ".join(names)


def _mail(typed: Typed, before: MailSettings) -> MailSettings:
    password = typed.fields.get("mail_password", "")[:LONGEST_LINE]
    user = typed.line("mail_user")
    mail = MailSettings(
        host=typed.line("mail_host"),
        port=typed.number("mail_port", 1, _LAST_PORT, 587),
        security=typed.choice("mail_security", ("starttls", "tls", "none")),
        sender=typed.line("mail_sender"),
        to=typed.lines("mail_to"),
        user=user,
        password=password or (before.password if user else ""),
        certificate=typed.text("mail_certificate", LONGEST_CERTIFICATE),
    )
    if mail.host and (mail.host, mail.user) != (before.host, before.user) and not password:
        # A password is for the server it was typed for; nobody has it sent to another one.
        mail = msgspec.structs.replace(mail, password="")
    _check_mail(typed, mail)
    return mail


def _check_mail(typed: Typed, mail: MailSettings) -> None:
    t, problems = typed.t, typed.problems
    for name, addresses in (("mail_sender", (mail.sender,)), ("mail_to", mail.to)):
        if any(not _is_address(address) for address in addresses if address):
            problems[name] = t("Mời nhập địa chỉ thư dạng ten@coquan.gov.vn.")
    if mail.host and not (mail.host.isascii() and not set(mail.host) & set(" /:@")):
        problems["mail_host"] = t("Mời nhập tên máy chủ thư, ví dụ smtp.coquan.gov.vn.")
    if mail.host and not mail.sender:
        problems["mail_sender"] = t("Mời nhập địa chỉ gửi đi.")
    if mail.host and not mail.to:
        problems["mail_to"] = t("Mời nhập ít nhất một địa chỉ nhận.")
    _check_proof(typed, mail)


def _check_proof(typed: Typed, mail: MailSettings) -> None:
    t, problems = typed.t, typed.problems
    if mail.user and mail.security == "none":
        problems["mail_security"] = t("Có mật khẩu thì phải nối có mã hóa (STARTTLS hoặc TLS).")
    if mail.user and not mail.password:
        problems["mail_password"] = t("Mời nhập mật khẩu của máy chủ thư này.")
    if not (mail.user + mail.password).isascii():
        problems["mail_password"] = t("Tên và mật khẩu của máy chủ thư phải là chữ không dấu.")
    if mail.certificate and not _is_pem(mail.certificate):
        problems["mail_certificate"] = t("Đây chưa phải chứng thư dạng PEM.")


def _is_pem(text: str) -> bool:
    if not text.isascii():
        return False
    try:
        ssl.create_default_context().load_verify_locations(cadata=text)
    except (ssl.SSLError, ValueError):
        return False
    return True


def _is_address(text: str) -> bool:
    name, at, host = text.rpartition("@")
    plain = text.isascii() and text.isprintable() and not set(text) & set(' <>,;"()[]\\')
    return bool(at and name and "." in host and plain)
