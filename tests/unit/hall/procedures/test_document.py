import datetime as dt
import hashlib

import msgspec
import pytest
from msgspec.structs import replace

from config import Centre, load_centre
from hall.procedures import (
    NO_DOCUMENT,
    Document,
    DocumentError,
    Fee,
    Phrase,
    Procedure,
    example_for,
    publish,
    read_published,
)
from hall.procedures.alphabet import letter_of, order_of, plain


def procedure(name: str = "Đăng ký khai sinh", key: str = "civil-x", **more: object) -> Procedure:
    return Procedure(key=key, service="CIVIL", name=Phrase(name), **more)  # type: ignore[arg-type]


def demonstration() -> Centre:
    centre = load_centre()
    return replace(centre, hours=replace(centre.hours, always_open=True))


def test_the_same_document_has_the_same_bytes_in_whatever_order_it_was_written() -> None:
    first, second = procedure("Khai tử", "civil-a"), procedure("Ấn phẩm", "civil-b")
    one = publish(Document(procedures=(first, second)))
    other = publish(Document(procedures=(second, first)))
    assert one.body == other.body
    assert one.sha256 == hashlib.sha256(one.body).hexdigest()
    assert [each.name.vi for each in one.document.procedures] == ["Ấn phẩm", "Khai tử"]
    assert publish(one.document).body == one.body


def test_a_document_is_read_only_when_every_byte_is_right() -> None:
    published = publish(Document(procedures=(procedure(),)))
    assert read_published(published.body, published.sha256) == published
    for wrong in (published.body[:-1], published.body + b" ", published.body.replace(b"s", b"z")):
        with pytest.raises(DocumentError):
            read_published(wrong, published.sha256)
    with pytest.raises(DocumentError, match="at most"):
        read_published(b" " * (2 * 1024 * 1024 + 1))
    with pytest.raises(DocumentError):
        read_published(b"[" * 100_000)


def test_what_a_later_version_adds_is_passed_over_and_another_format_refused() -> None:
    later = (
        b'{"format":1,"added":[1],"procedures":[{"key":"a","service":"X","name":{"vi":"A"},"z":1}]}'
    )
    assert read_published(later).document.procedures[0].name("en") == "A"
    with pytest.raises(DocumentError):
        read_published(b'{"format":2,"procedures":[]}')


FEE = Fee(amount=Phrase("8.000 đồng"), source=Phrase("Nghị quyết 1"), date=dt.date(2024, 1, 1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"who": {"vi": "x" * 301}},
        {"who": {"vi": "ngược \u202e lại"}},
        {"who": {"vi": " thừa"}},
        {"who": {"vi": ""}},
        {"papers": [{"vi": "x"}] * 21},
        {"fee": {"amount": {"vi": "1"}}},
        {"fee": {"amount": {"vi": "1"}, "source": {"vi": "L"}}},
        {"fee": {"amount": {"vi": "1"}, "source": {"vi": "L"}, "date": "1901-01-01"}},
        {"online": "javascript:alert(1)"},
        {"online": "http://dichvucong.gov.vn"},
        {"online": "https://a b"},
        {"online": "https://ai@example.vn/"},
        {"online": "https://[1"},
        {"key": "../x"},
        {"service": "civil"},
        {"name": {"vi": "x" * 161}},
    ],
    ids=str,
)
def test_what_is_out_of_bounds_is_refused(wrong: dict[str, object]) -> None:
    right = {"key": "a", "service": "X", "name": {"vi": "A"}}
    assert read_published(msgspec.json.encode({"procedures": [right]}))
    with pytest.raises(DocumentError):
        read_published(msgspec.json.encode({"procedures": [right | wrong]}))


def test_two_procedures_at_one_address_are_refused() -> None:
    with pytest.raises(ValueError, match="same key"):
        Document(procedures=(procedure(), procedure()))


def test_the_example_has_thirty_procedures_no_fee_and_both_languages() -> None:
    document = example_for(demonstration()).document
    assert document.example
    assert len(document.procedures) == 30
    assert not [each for each in document.procedures if each.fee]
    said = [
        phrase
        for each in document.procedures
        for phrase in (each.name, each.who, each.days, *each.papers)
    ]
    assert all(phrase.en for phrase in said if phrase)


def test_an_example_with_a_fee_is_refused() -> None:
    with pytest.raises(ValueError, match="no fee"):
        Document(example=True, procedures=(procedure(fee=FEE),))


def test_the_example_never_appears_in_a_real_centre() -> None:
    assert example_for(load_centre()) is NO_DOCUMENT


def test_the_example_leaves_out_what_the_centre_does_not_do() -> None:
    centre = demonstration()
    few = replace(centre, services=centre.services[:1])
    assert {each.service for each in example_for(few).document.procedures} == {"CERT"}


def test_names_are_found_without_accents_and_stand_as_in_a_dictionary() -> None:
    assert plain("  Đăng  KÝ Hộ tịch ") == "dang ky ho tich"
    names = ["Ủy quyền", "Đất", "Dân", "Ăn", "An", "Ân", "Ứng", "Ông", "Ở", "Oan", "2 bản"]
    assert sorted(names, key=order_of) == [
        "2 bản", "An", "Ăn", "Ân", "Dân", "Đất", "Oan", "Ông", "Ở", "Ủy quyền", "Ứng",
    ]  # fmt: skip
    assert [letter_of(name) for name in ("Ấn", "ắt", "Ở", "đất", "“Ý”", "2 bản", "")] == [
        "Â", "Ă", "Ơ", "Đ", "Y", "#", "#",
    ]  # fmt: skip
