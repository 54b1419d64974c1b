import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

KIOSK = Path(__file__).parents[3] / "kiosk"
SOURCE = KIOSK / "i18n" / "en.ts"


def messages(file: Path) -> dict[tuple[str, str], str]:
    found = {}
    for context in ET.parse(file).iter("context"):  # noqa: S314 - our own file
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            key = (context.findtext("name", ""), message.findtext("source", ""))
            found[key] = "" if translation.get("type") else translation.text or ""
    return found


def test_every_text_is_translated() -> None:
    known = messages(SOURCE)
    assert len(known) > 50
    assert [source for (_, source), english in known.items() if not english] == []
    for (_, source), english in known.items():
        for place in ("%1", "%2"):
            assert (place in source) == (place in english), source


def test_no_text_on_the_screens_is_missing_from_the_translations(tmp_path: Path) -> None:
    fresh = tmp_path / "en.ts"
    shutil.copy(SOURCE, fresh)
    tool = Path(sys.executable).with_name("pyside6-lupdate")
    screens = sorted(str(path) for path in KIOSK.glob("*.qml"))
    subprocess.run(
        [tool, *screens, "-no-obsolete", "-locations", "none", "-ts", fresh],
        check=True,
        capture_output=True,
    )
    assert set(messages(fresh)) == set(messages(SOURCE))


def test_the_compiled_file_is_that_of_the_source(tmp_path: Path) -> None:
    compiled = tmp_path / "en.qm"
    tool = Path(sys.executable).with_name("pyside6-lrelease")
    subprocess.run([tool, SOURCE, "-qm", compiled], check=True, capture_output=True)
    assert compiled.read_bytes() == SOURCE.with_suffix(".qm").read_bytes()
