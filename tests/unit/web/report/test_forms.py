"""What is typed into a draft or the settings: bounds, and each problem at its field."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import Centre
from hall.words import Words
from web.report.document import Letterhead, Report, Signatory
from web.report.forms import Typed, changed_settings, settings_from_form, wording_from
from web.report.settings import (
    MailSettings,
    ReportSettings,
    letterhead,
    settings_from,
    settings_json,
)


def typed(**fields: str) -> Typed:
    return Typed(fields, Words("vi"))


def test_what_is_typed_comes_back(report: Report) -> None:
    wording = report.wording
    fields = {name: getattr(wording, name) for name in ("subject", "opening", "results", "causes")}
    fields |= {name: getattr(wording, name) for name in ("peaks", "groups", "proposals", "closing")}
    fields |= {
        f"head_{name}": getattr(wording.letterhead, name)
        for name in wording.letterhead.__struct_fields__
    }
    fields |= {
        f"sign_{name}": getattr(wording.signatory, name)
        for name in wording.signatory.__struct_fields__
    }
    lists = {name: "\r\n".join(getattr(wording, name)) for name in ("addressees", "recipients")}
    form = typed(**fields, **lists, number="12", signed_on="2026-11-16", annex="yes")
    again = wording_from(form)
    assert form.problems == {}
    assert again.number == "12"
    assert again.signed_on
    assert msgspec.structs.replace(again, number="", signed_on=None) == wording


@pytest.mark.parametrize(
    "day", ["16/11/2026", "2026-13-01", "1999-12-31", "9999-01-01", "x", "2026-02-30"]
)
def test_a_date_that_is_none_is_a_problem_at_its_field(day: str) -> None:
    form = typed(signed_on=day)
    assert wording_from(form).signed_on is None
    assert set(form.problems) == {"signed_on"}


def test_too_long_and_too_many_are_told() -> None:
    form = typed(results="x" * 6001, number="1" * 21, recipients="a\n" * 40)
    wording_from(form)
    assert set(form.problems) == {"results", "number", "recipients"}


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=400), max_size=8))
def test_nonsense_never_breaks_a_form(fields: dict[str, str]) -> None:
    form = Typed(fields, Words("vi"))
    msgspec.json.encode(wording_from(form))
    msgspec.json.encode(settings_from_form(form, ReportSettings()))


def test_settings_come_back_from_the_store() -> None:
    settings = ReportSettings(
        letterhead="ward",
        signatories=(Signatory(office="Giám đốc", name="Lê Thị Đào"),),
        mail=MailSettings(host="mail.ward.vn", password="secret"),
    )
    assert settings_from(settings_json(settings)) == settings
    assert settings_from(b'{"from_a_newer_version": 1}') == ReportSettings()


def test_the_password_is_neither_shown_nor_audited() -> None:
    before = ReportSettings()
    after = ReportSettings(mail=MailSettings(host="mail.ward.vn", user="hall", password="secret"))
    assert changed_settings(before, after) == "mail.host, mail.user, mail.password"
    assert "secret" not in repr(after)


MAIL = {
    "mail_host": "mail.ward.vn",
    "mail_port": "587",
    "mail_security": "starttls",
    "mail_sender": "hall@ward.vn",
    "mail_to": "director@ward.vn",
    "mail_user": "hall",
}


def test_an_empty_password_keeps_the_one_of_the_same_server_only() -> None:
    before = settings_from_form(typed(**MAIL, mail_password="secret"), ReportSettings())
    assert settings_from_form(typed(**MAIL), before).mail.password == "secret"
    form = typed(**MAIL | {"mail_host": "mail.elsewhere.vn"})
    assert settings_from_form(form, before).mail.password == ""
    assert set(form.problems) == {"mail_password"}


@pytest.mark.parametrize(
    ("field", "value", "at"),
    [
        ("mail_port", "70000", "mail_port"),
        ("mail_port", "x", "mail_port"),
        ("mail_host", "http://mail/", "mail_host"),
        ("mail_sender", "hall", "mail_sender"),
        ("mail_sender", "", "mail_sender"),
        ("mail_to", "a@b.vn\nBcc: c@d.vn", "mail_to"),
        ("mail_to", "", "mail_to"),
        ("mail_security", "none", "mail_security"),
        ("mail_password", "mật khẩu", "mail_password"),
        ("mail_certificate", "-----BEGIN CERTIFICATE-----\nx", "mail_certificate"),
        ("goal_percent", "101", "goal_percent"),
    ],
)
def test_problems_stand_at_their_fields(field: str, value: str, at: str) -> None:
    form = typed(**{**MAIL, "mail_password": "secret", field: value})
    settings_from_form(form, ReportSettings())
    assert set(form.problems) == {at}


def test_letterheads_follow_the_centre_unless_settled(centre: Centre) -> None:
    assert letterhead(ReportSettings(), centre) == Letterhead(
        superior="UBND Phường Nhị Chiểu",
        body="Trung tâm Phục vụ hành chính công",
        code="BC-TTPVHCC",
        place="Nhị Chiểu",
        issuer="Trung tâm Phục vụ hành chính công phường Nhị Chiểu",
    )
    settled = ReportSettings(letterhead="ward", ward=Letterhead(code="BC-UB"))
    ward = letterhead(settled, centre)
    assert (ward.superior, ward.body, ward.code) == (
        "",
        "Ủy ban nhân dân Phường Nhị Chiểu",
        "BC-UB",
    )
