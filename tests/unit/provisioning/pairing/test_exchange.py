import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.errors import PairingError
from provisioning.pairing.exchange import DeviceSide, ServerSide

CODE, CERTIFICATE = "7K3M9QRT", bytes(range(32))


def test_who_knows_the_code_and_saw_the_certificate_is_confirmed_and_opens_the_seal() -> None:
    box = DeviceSide(CODE, CERTIFICATE)
    server = ServerSide(CODE, CERTIFICATE, box.element, scanned=False)
    assert server.confirms(box.take(server.element))
    assert box.open(server.seal(b"grant")) == b"grant"


@pytest.mark.parametrize(
    ("code", "certificate", "scanned"),
    [
        ("7K3M9QRV", CERTIFICATE, False),
        (CODE, bytes(32), False),  # somebody stands between with another certificate
        (CODE, CERTIFICATE, True),
    ],
)
def test_who_does_not_is_neither_confirmed_nor_told_anything(
    code: str, certificate: bytes, scanned: bool
) -> None:
    box = DeviceSide(code, certificate, scanned=scanned)
    server = ServerSide(CODE, CERTIFICATE, box.element, scanned=False)
    assert not server.confirms(box.take(server.element))
    with pytest.raises(PairingError, match="does not come from the server"):
        box.open(server.seal(b"grant"))


def test_a_server_that_does_not_know_the_code_is_not_believed() -> None:
    box = DeviceSide(CODE, CERTIFICATE)
    with pytest.raises(PairingError, match="comes first"):
        box.open("")
    posing = ServerSide("00000000", CERTIFICATE, box.element, scanned=False)
    box.take(posing.element)
    for sealed in (posing.seal(b"grant"), "", "not base64!"):
        with pytest.raises(PairingError, match="does not come from the server"):
            box.open(sealed)


@given(st.binary(min_size=33, max_size=33))
def test_what_is_no_half_of_the_exchange_is_refused_and_nothing_else_happens(half: bytes) -> None:
    with pytest.raises(PairingError):
        ServerSide(CODE, CERTIFICATE, half.hex(), scanned=False)


def test_a_half_sent_back_and_points_of_small_order_are_refused() -> None:
    box = DeviceSide(CODE, CERTIFICATE)
    zero = b"A" + (1).to_bytes(32, "little")
    small = b"A" + bytes(32)
    for half in (zero, small, b"B" + bytes.fromhex(box.element)[1:]):
        with pytest.raises(PairingError):
            ServerSide(CODE, CERTIFICATE, half.hex(), scanned=False)
    with pytest.raises(PairingError):
        box.take(box.element)
