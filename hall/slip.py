"""The slip of an appointment: what it says on paper and on a page, and nobody's name."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bus.codes import code_in_groups
from config.settings import Centre
from hall.words import Words


@dataclass(frozen=True, slots=True)
class AppointmentSlip:
    """Everything a slip says, in the language of who takes it."""

    lang: str
    centre: str
    address: str
    title: str
    code: str
    """In groups, as people read it."""
    service: str
    day: str
    time: str
    advice: tuple[str, ...]
    """When to come, what happens to who comes late, how to change it."""


def appointment_slip(
    centre: Centre, service: str, at: datetime, code: str, lang: str
) -> AppointmentSlip:
    """Return the slip of an appointment of `service` at a time."""
    t, identity, zone = Words(lang), centre.identity, centre.identity.zone
    return AppointmentSlip(
        lang=lang,
        centre=identity.name(lang),
        address=", ".join(filter(None, (identity.place(lang), identity.city(lang)))),
        title=t("Phiếu hẹn"),
        code=code_in_groups(code.upper()),
        service=service_words(centre, service, lang),
        day=t.date(at, zone),
        time=t.time(at, zone),
        advice=tuple(_advice(centre, at, t)),
    )


def service_words(centre: Centre | None, code: str, lang: str) -> str:
    """Return a service's name; one that the centre gave up in between keeps only its code."""
    services = centre.services if centre else ()
    return next((service.name(lang) for service in services if service.code == code), code)


def _advice(centre: Centre, at: datetime, t: Words) -> list[str]:
    zone, rules = centre.identity.zone, centre.rules
    opens = t.time(at - timedelta(minutes=rules.appointment_early_min), zone)
    ends = t.time(at + timedelta(minutes=rules.appointment_late_min), zone)
    advice = [
        t("Từ {opens}: mời bấm “Tôi có hẹn” ở máy lấy số và nhập mã.", opens=opens),
        t("Đến sau {ends}: quý vị lấy số thường.", ends=ends),
    ]
    if centre.identity.hotline:
        advice.append(t("Muốn đổi hoặc hủy hẹn, mời gọi {0}.", centre.identity.hotline))
    advice.append(t("Phiếu không ghi tên: xin giữ kín mã này."))
    return advice
