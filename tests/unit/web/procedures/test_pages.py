"""The public pages, the document for kiosks and the tab of the settings, over a socket."""

import re
import socket
from collections.abc import Callable
from contextlib import closing
from datetime import date
from http.client import HTTPConnection

import pytest
from msgspec.structs import replace

from config import Centre
from hall.model import HallState
from hall.procedures import (
    NO_DOCUMENT,
    Document,
    Fee,
    Phrase,
    Procedure,
    publish,
    read_published,
)
from hall.procedures.table import COLUMNS
from hall.words import Words
from provisioning.errors import SiteDbError
from provisioning.procedures import MOST_VERSIONS, Procedures, ProceduresDraft
from provisioning.site_db import SiteDb, UnavailableSiteDb
from web.export.csv_file import csv_file
from web.procedures.manage import changes
from web.procedures.public import listing
from web.procedures.site import ProceduresSite

BIRTH = Procedure(
    key="civil-khai-sinh",
    service="CIVIL",
    name=Phrase("Đăng ký khai sinh", "Birth registration"),
    papers=(Phrase("Giấy chứng sinh"),),
    fee=Fee(amount=Phrase("Miễn <b>"), source=Phrase("Luật Hộ tịch"), date=date(2014, 11, 20)),
)
COPY = Procedure(key="cert-sao-y", service="CERT", name=Phrase("Sao y"))
OLD = publish(Document(procedures=(BIRTH, COPY)))
T = Words("vi")


def table(*rows: tuple[str, str], **more: str) -> bytes:
    heads = [column.label for column in COLUMNS]
    cells = [
        [{"service": service, "name": name, **more}.get(column.key, "") for column in COLUMNS]
        for service, name in rows
    ]
    return csv_file([heads, *cells])


@pytest.fixture
def demonstration(centre: Centre) -> Centre:
    return replace(centre, hours=replace(centre.hours, always_open=True))


def site_of(store: Procedures, centre: Centre | None, port: int | None = 8081) -> ProceduresSite:
    return ProceduresSite(store, lambda: HallState(centre=centre), port)


def test_the_example_is_served_in_the_demonstration_alone_and_only_until_a_list_is_applied(
    site_db: SiteDb, centre: Centre, demonstration: Centre
) -> None:
    store = Procedures(site_db)
    try:
        assert site_of(store, centre)._present() == NO_DOCUMENT
        example = site_of(store, demonstration)._present()
        assert example
        assert example.document.example
        assert store.apply(OLD, "lan", 0) == 1
        for each in (centre, demonstration):
            assert site_of(store, each)._present() == OLD
    finally:
        site_db.close()


def test_kiosks_are_told_what_is_served_where_they_can_fetch_it_and_not_before_it_is_known(
    site_db: SiteDb, centre: Centre
) -> None:
    store = Procedures(site_db)
    try:
        assert site_of(store, None).hint() is None
        assert site_of(store, centre, port=None).hint() is None
        store.apply(OLD, "lan", 0)
        told = site_of(store, None).hint()
        assert told
        assert (told.sha256, told.port) == (OLD.sha256, 8081)
    finally:
        site_db.close()


def test_what_cannot_be_read_is_not_taken_for_an_empty_list(
    centre: Centre, expected_warnings: list[str]
) -> None:
    expected_warnings.append("procedures not readable")
    site = site_of(Procedures(UnavailableSiteDb("torn")), centre)
    assert site.hint() is None
    with pytest.raises(SiteDbError):
        site._present()


def test_versions_are_kept_and_a_second_person_is_not_overwritten(site_db: SiteDb) -> None:
    store = Procedures(site_db)
    try:
        assert store.apply(OLD, "lan", 0) == 1
        assert store.apply(NO_DOCUMENT, "minh", 0) is None
        for number in range(1, MOST_VERSIONS + 2):
            assert store.apply(OLD, "lan", number) == number + 1
        numbers = [each.number for each in store.versions()]
        assert len(numbers) == MOST_VERSIONS
        assert store.version(numbers[-1]) == OLD
        assert store.version(1) is None
        with site_db.write() as connection:
            connection.execute("UPDATE procedures SET body = x'7b7d'")
        with pytest.raises(SiteDbError, match="SHA-256"):
            store.newest()
    finally:
        site_db.close()


def test_names_are_searched_without_accents_in_both_languages_and_with_the_service(
    centre: Centre,
) -> None:
    def keys(**query: str) -> list[str]:
        found = listing(OLD.document, centre, query, T)
        return [each.key for group in found.groups for each in group.procedures]

    assert keys(q="KHAI sinh") == keys(q="birth") == keys(q="ho tich") == ["civil-khai-sinh"]
    assert keys(q="khai  tu") == []
    assert keys(field="CERT") == keys(letter="S") == ["cert-sao-y"]
    assert keys(letter="Đ") == ["civil-khai-sinh"]
    assert keys() == ["cert-sao-y", "civil-khai-sinh"]
    assert listing(OLD.document, None, {}, T).groups[0].name == "Việc khác"


def test_a_long_list_is_not_shown_all_at_once(centre: Centre) -> None:
    many = tuple(
        Procedure(key=f"cert-{each}", service="CERT", name=Phrase(f"Việc {each}"))
        for each in range(200)
    )
    document = Document(procedures=many)
    assert not listing(document, centre, {}, T).groups
    found = listing(document, centre, {"field": "CERT"}, T)
    assert (found.found, found.shown) == (200, 120)


def test_what_changes_is_told_by_procedure_and_column() -> None:
    new = Document(procedures=(replace(BIRTH, fee=None, days=Phrase("Trong ngày")),))
    told = changes(OLD.document, new, T)
    assert [(each.kind, each.name) for each in told] == [
        ("changed", "Đăng ký khai sinh"), ("removed", "Sao y"),
    ]  # fmt: skip
    assert {part[0] for part in told[0].parts} == {
        "Lệ phí", "Căn cứ lệ phí", "Ngày của căn cứ", "Thời hạn",
    }  # fmt: skip
    assert [each.kind for each in changes(Document(), OLD.document, T)] == ["added", "added"]


Ask = Callable[..., tuple[int, bytes, str]]


@pytest.fixture
def ask(server: object, listener: socket.socket, log_in: Callable[..., str]) -> Ask:
    """Ask as one administrator, with a form and a file; return the status, the page, the place."""
    assert server
    host, port = listener.getsockname()
    headers = {"Cookie": log_in()}

    def ask(path: str, body: bytes | None = None, **more: str) -> tuple[int, bytes, str]:
        with closing(HTTPConnection(host, port, timeout=60)) as connection:
            connection.request("POST" if body else "GET", path, body, headers | more)
            response = connection.getresponse()
            return response.status, response.read(), response.getheader("Location") or ""

    def send(
        path: str, content: bytes | None = None, etag: str = "", **fields: str
    ) -> tuple[int, bytes, str]:
        if content is None and not fields:
            return ask(path, None, **({"If-None-Match": etag} if etag else {}))
        found = re.search(r'name="_csrf" value="([^"]+)"', ask("/account")[1].decode())
        assert found
        fields["_csrf"] = found[1]
        mark, parts = "x--------------x", []
        for name, value in fields.items():
            parts.append(f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode())
        if content is not None:
            head = 'Content-Disposition: form-data; name="file"; filename="ds.csv"\r\n'
            parts.append(f"{head}Content-Type: text/csv\r\n\r\n".encode() + content)
        body = b"".join(b"--%b\r\n%b\r\n" % (mark.encode(), part) for part in parts)
        kind = f"multipart/form-data; boundary={mark}"
        return ask(path, body + f"--{mark}--\r\n".encode(), **{"Content-Type": kind})

    return send


def test_a_table_is_uploaded_looked_at_applied_served_and_audited(
    ask: Ask, site_db: SiteDb
) -> None:
    upload = "/settings/procedures/upload"
    status, page, _ = ask(upload, table(("Hải quan", "Tờ khai")))
    assert status == 422
    wrong = "<b>Dòng 2, cột “Lĩnh vực”</b>: Trung tâm không có lĩnh vực “Hải quan”."
    assert wrong in page.decode()
    assert Procedures(site_db).draft("administrator") is None

    content = table(("Hộ tịch", "Đăng ký khai sinh"), ("CERT", "Sao y <script>"))
    assert ask(upload, content)[::2] == (303, "/settings/procedures?said=uploaded")
    text = ask("/settings/procedures")[1].decode()
    assert "thêm 2, sửa 0, bỏ 0" in text
    assert "Sao y &lt;script&gt;" in text
    sha256 = re.search(r'name="draft" value="(\w{64})"', text)
    assert sha256
    assert b'"key"' not in ask("/thu-tuc.json")[1]

    apply = "/settings/procedures/apply"
    assert ask(apply, draft="0" * 64, present="0")[0] == 303
    assert Procedures(site_db).newest() is None
    assert ask(apply, draft=sha256[1], present="7")[0] == 409
    done = ask(apply, draft=sha256[1], present="0")
    assert done[::2] == (303, "/settings/procedures?said=applied")

    body = ask("/thu-tuc.json")[1]
    assert len(read_published(body, sha256[1]).document.procedures) == 2
    assert ask("/thu-tuc.json", etag=f'W/"x", "{sha256[1]}"')[:2] == (304, b"")
    entry = site_db.read("SELECT * FROM audit WHERE action = 'procedures_applied'")[0]
    assert entry["detail"].startswith("1: ds.csv added=2 changed=0 removed=0 sha256=")
    for path, part in (
        ("/thu-tuc", "Đăng ký khai sinh"),
        ("/thu-tuc?q=khai+sinh&lang=en", "Civil status"),
        ("/thu-tuc/civil-dang-ky-khai-sinh", "Chưa ghi ở đây"),
    ):
        status, page, _ = ask(path)
        assert status == 200
        assert part in page.decode()
    assert ask("/thu-tuc/nothing")[0] == 404


def test_the_table_in_force_comes_back_as_it_was_filled_in(ask: Ask, site_db: SiteDb) -> None:
    store = Procedures(site_db)
    store.keep_draft("administrator", ProceduresDraft(OLD, "x"))
    assert ask("/settings/procedures/apply", draft=OLD.sha256, present="0")[0] == 303
    content = ask("/settings/procedures/thu-tuc.xlsx")[1]
    assert ask("/settings/procedures/upload", content)[0] == 303
    again = store.draft("administrator")
    assert again
    assert [each.name for each in again.published.document.procedures] == [COPY.name, BIRTH.name]
    assert again.published.document.procedures[1].fee == BIRTH.fee
    assert ask("/settings/procedures/mau.xlsx")[1].startswith(b"PK")
    assert b"key" not in ask("/settings/procedures/mau.csv")[1]
