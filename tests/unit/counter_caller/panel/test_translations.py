import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

PACKAGE = Path(__file__).parents[4] / "counter_caller" / "panel"
LUPDATE = Path(sys.executable).with_name("pyside6-lupdate")
FRESH = ("-source-language", "vi_VN", "-target-language", "en_US", "-locations", "none")


def messages(file: Path) -> set[tuple[str, str]]:
    found = set()
    for context in ET.parse(file).iter("context"):  # noqa: S314 - our own file
        name = context.findtext("name") or ""
        found |= {(name, message.findtext("source") or "") for message in context.iter("message")}
    return found


def test_every_text_is_translated() -> None:
    tree = ET.parse(PACKAGE / "i18n" / "en.ts")  # noqa: S314 - our own file
    translations = list(tree.iter("translation"))
    assert translations
    assert [t.text for t in translations if t.get("type") or not t.text] == []


def test_no_text_is_new(tmp_path: Path) -> None:
    sources = [str(file) for kind in ("*.py", "*.qml") for file in sorted(PACKAGE.glob(kind))]
    fresh = tmp_path / "en.ts"
    subprocess.run(
        [str(LUPDATE), *sources, *FRESH, "-ts", str(fresh)], check=True, capture_output=True
    )
    assert messages(fresh) == messages(PACKAGE / "i18n" / "en.ts")


def test_the_compiled_file_is_there() -> None:
    assert (PACKAGE / "i18n" / "en.qm").stat().st_size > 1000
