from pathlib import Path

import pytest
from PIL import Image

from config import BUILT_IN_CENTRE
from paper.preview import command

LAYOUT = """
[[blocks]]
block = "copy"
size = { 384 = 24 }

[[blocks]]
block = "number"
size = { 384 = 132 }
"""


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


def test_writes_the_ticket_and_says_its_bytes_and_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert command([]) == 0
    with Image.open(tmp_path / "ticket-preview.png") as image:
        assert image.width == 576
    said = capsys.readouterr().out
    assert said.startswith("ticket-preview.png: standard, 576 dots, ")
    for word in (" mm, ", " bytes; 9600 ", ", 19200 ", ", 115200 ", ", USB, LAN "):
        assert word in said


def test_every_choice_changes_the_paper(tmp_path: Path) -> None:
    choices: tuple[list[str], ...] = (
        [],
        ["--service", "LAND"],
        ["--class", "priority"],
        ["--lang", "en"],
        ["--dots", "384"],
        ["--layout", "short"],
        ["--large"],
        ["--qr"],
        ["--copy"],
        ["--offline"],
    )
    papers = set()
    for choice in choices:
        target = tmp_path / "one.png"
        assert command([*choice, "--out", str(target)]) == 0
        papers.add(target.read_bytes())
    assert len(papers) == len(choices)


def test_writes_every_layout_on_every_width(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "all"
    assert command(["--all", str(folder), "--qr"]) == 0
    names = sorted(path.name for path in folder.iterdir())
    assert names == sorted(
        f"{layout}-{dots}.png"
        for layout in ("standard", "large", "short")
        for dots in (576, 512, 384)
    )
    assert capsys.readouterr().out.count(" bytes; ") == 9


def test_shows_a_centre_and_a_layout_of_ones_own(tmp_path: Path) -> None:
    centre, layout, device = (tmp_path / f"{name}.toml" for name in ("centre", "mine", "device"))
    centre.write_text(BUILT_IN_CENTRE.read_text().replace("digits = 3", "digits = 4"))
    layout.write_text(LAYOUT)
    device.write_text(f'[kiosk.layouts]\nlarge = "{layout}"\n')
    one, other = tmp_path / "one.png", tmp_path / "other.png"
    asked = ["--config", str(centre), "--dots", "384", "--out"]
    assert command([*asked, str(one), "--layout", str(layout)]) == 0
    assert command([*asked, str(other), "--device", str(device), "--large"]) == 0
    assert one.read_bytes() == other.read_bytes()
    assert command(["--dots", "384", "--out", str(other), "--layout", str(layout)]) == 0
    assert one.read_bytes() != other.read_bytes()


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--service", "TEA"], "there is no service 'TEA'; there are CERT, CIVIL,"),
        (["--layout", "huge"], "there is no layout 'huge'; standard, large, short or a file"),
        (["--config", "none.toml"], "none.toml: cannot be read"),
        (["--out", "no/such/folder.png"], "no/such/folder.png cannot be written: No such file"),
        (["--layout", "mine.toml"], "no block 'number' with a size for paper of 576"),
    ],
)
def test_says_what_would_be_right(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    argv: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text(LAYOUT)
    assert command(argv) == 2
    assert said in capsys.readouterr().err


def test_a_wrong_word_names_the_right_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command(["--dots", "400"])
    assert "576, 512, 384" in capsys.readouterr().err
