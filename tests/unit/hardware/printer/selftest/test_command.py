import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bus.vocabulary import PrinterState
from config.settings import NetworkPrinter, SerialPrinter
from hardware.printer import Capability, Level, Proof, open_printer
from hardware.printer.capability import CapabilityFile
from hardware.printer.selftest import command as texts
from hardware.printer.selftest.command import command
from hardware.printer.selftest.learning import Step
from simulators.printer import PROFILES, Machine, Paper, PtyPort, TcpPort, Tray

Stand = Callable[..., tuple[Machine, Tray]]
SUBJECTS = (4, 2, 3, 1)
LEARNT = {
    "full": Capability(proof=Proof.PROCESS_ID, subjects=SUBJECTS, automatic=True, clears=True),
    "kiosk": Capability(
        proof=Proof.PROCESS_ID, subjects=SUBJECTS, module=True, automatic=True, clears=True
    ),
    "plain": Capability(proof=Proof.IN_TURN, subjects=SUBJECTS),
    "basic": Capability(proof=Proof.STATUS, subjects=(4, 2, 1)),
    "silent": Capability(),
}


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    """Return what sets a printer up, on the network or on a serial line, with its settings."""
    with ExitStack() as ending:

        def make(profile: str, *, baud: int | None = None) -> tuple[Machine, Tray]:
            tray = Tray(576)
            machine = Machine(
                PROFILES[profile],
                tray.take,
                monotonic=time.monotonic,
                rng=random.Random(1),
                prints_bytes_s=1e6,
            )
            port: TcpPort | PtyPort
            if baud:
                port = PtyPort(machine, tmp_path / "tty", baud)
                where = f'driver = "serial"\nurl = "{tmp_path}/tty"\nflow_control = "none"'
            else:
                port = TcpPort(machine)
                where = f'driver = "network"\nhost = "127.0.0.1"\nport = {port.port}'
            settings = f'[[kiosk.printers]]\nname = "epson"\ntimeout_s = 0.3\n{where}\n'
            (tmp_path / "device.toml").write_text(settings)
            port.start()
            ending.callback(port.stop)
            return machine, tray

        yield make


@pytest.fixture
def run_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Return what runs the command: its exit code and what it says."""

    def run(*more: str, lang: str = "vi") -> tuple[int, str]:
        device = str(tmp_path / "device.toml")
        code = command(["--data", str(tmp_path), "--device", device, "--lang", lang, *more], {})
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def kept(tmp_path: Path) -> Capability | None:
    return CapabilityFile(tmp_path, "kiosk-1", "epson").read()


@pytest.mark.parametrize("profile", PROFILES)
def test_learns_what_the_printer_tells(
    stand: Stand, run_it: Callable[..., tuple[int, str]], tmp_path: Path, profile: str
) -> None:
    _, tray = stand(profile)
    code, said = run_it()
    assert code == 0, said
    assert kept(tmp_path) == LEARNT[profile], said
    assert len(tray.papers) == 1, "one page"
    choice = NetworkPrinter(name="epson", host="127.0.0.1")
    assert open_printer(choice, tmp_path, "kiosk-1").level is LEARNT[profile].level
    assert str(tmp_path / "printers" / "kiosk-1" / "epson.json") in said


def test_speaks_the_language_of_whoever_asks(
    stand: Stand, run_it: Callable[..., tuple[int, str]]
) -> None:
    stand("full")
    assert "Xác nhận đã in: theo mã từng phiếu (tốt nhất)" in run_it()[1]
    assert "Proof of a print: by each ticket's id (the best)" in run_it(lang="en")[1]


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"paper": Paper.OUT}, "hết giấy; thay cuộn mới rồi thử lại"),
        ({"cover_open": True}, "nắp đang mở; đóng nắp rồi thử lại"),
        ({"overheated": True}, "quá nóng; chờ nguội rồi thử lại"),
    ],
)
def test_prints_nothing_while_the_printer_stands_still(
    stand: Stand,
    run_it: Callable[..., tuple[int, str]],
    tmp_path: Path,
    condition: dict[str, object],
    words: str,
) -> None:
    machine, tray = stand("full")
    machine.change(**condition)
    code, said = run_it()
    assert (code, kept(tmp_path), tray.papers) == (1, None, [])
    assert words in said


def test_finds_a_wrong_speed(
    stand: Stand, run_it: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    _, tray = stand("full", baud=9600)
    code, said = run_it()
    assert (code, kept(tmp_path), tray.papers) == (1, None, [])
    assert "đặt baud trong device.toml" in said


def test_a_printer_that_answers_nonsense_can_be_asked_nothing(
    stand: Stand, run_it: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    machine, tray = stand("plain")
    machine.garbled = True
    assert run_it("--ignore-answers")[0] == 0
    assert kept(tmp_path) == Capability()
    assert len(tray.papers) == 1


def test_leaves_a_printer_to_the_kiosk_that_uses_it(
    stand: Stand, run_it: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    stand("full", baud=115200)
    url = str(tmp_path / "tty")
    kiosk = open_printer(SerialPrinter(url=url, flow_control="none"), tmp_path, "kiosk-1")
    kiosk.check()
    code, said = run_it()
    kiosk.close()
    assert (code, kept(tmp_path)) == (1, None)
    assert "Hãy dừng máy lấy số rồi thử lại." in said


def test_says_what_to_do_about_a_printer_that_is_not_there(
    run_it: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    path = tmp_path / "device.toml"
    path.write_text('[[kiosk.printers]]\ndriver = "file"\nname = "lp"\npath = "/nowhere/lp0"\n')
    code, said = run_it()
    assert code == 1
    assert "Kiểm tra nguồn, dây và mục printers của device.toml." in said


def test_takes_only_printers_there_are(
    run_it: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    (tmp_path / "device.toml").write_text("")
    assert run_it("--printer", "epson") == (
        2,
        "denluot printer test: không có máy in 'epson'; có: simulated\n",
    )
    code, said = run_it()
    assert code == 0
    assert "giả lập" in said
    (tmp_path / "device.toml").write_text("printers = 1")
    assert run_it()[0] == 2


def test_says_where_it_could_not_keep_what_it_learnt(
    stand: Stand, run_it: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    stand("full")
    (tmp_path / "printers").write_text("a file where the folder should be")
    code, said = run_it()
    assert code == 1
    assert "Không ghi được" in said


def test_every_answer_has_words() -> None:
    assert {*texts._LEVELS} == {*Level}
    assert {*texts._PROOFS} == {*Proof}
    assert {*texts._STATES} == {*PrinterState}
    assert {*texts._STEPS} == {*Step}
