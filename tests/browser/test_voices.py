"""A recorded voice is installed on the page "Thiết bị", and the built-in one taken back.

Set DENLUOT_PICTURES=1 to write the pictures to docs/screenshots.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from voice.archive import write_archive

pytestmark = pytest.mark.full
SCREENSHOTS = Path(__file__).parents[2] / "docs" / "screenshots"


def picture(page: Page, name: str) -> None:
    if os.environ.get("DENLUOT_PICTURES"):
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["desk", "small"])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_an_administrator_installs_a_voice_and_goes_back(
    logged_in: Callable[..., Page],
    check_page: Callable[[Page], None],
    make_pack: Callable[..., Path],
    size: tuple[int, int],
    lang: str,
) -> None:
    pack = make_pack("chi-lan", voice="Nguyễn Thị Lan", recorded="2026-11-27")
    write_archive(pack, pack.with_suffix(".zip"))
    page = logged_in("administrator", size)
    page.goto(f"/devices?lang={lang}")
    card = page.locator("#voices")
    expect(card).to_contain_text("Giọng có sẵn" if lang == "vi" else "built-in voice")
    card.locator("input[type=file]").set_input_files(pack.with_suffix(".zip"))
    card.locator("form[enctype] button").click()
    card = page.locator("#voices")
    expect(card).to_contain_text("Nguyễn Thị Lan")
    check_page(page)
    suffix = f"{lang}{'-small' if size[0] < 500 else ''}"
    picture(page, f"web-devices-voice-{suffix}")
    broken = pack / "no-voice.zip"
    broken.write_bytes(b"no zip")
    card.locator("input[type=file]").set_input_files(broken)
    card.locator("form[enctype] button").click()
    expect(page.locator("#voice-file-wrong")).not_to_be_empty()
    check_page(page)
    page.locator("#voices form:not([enctype]) button").click()
    expect(page.locator("#voices")).not_to_contain_text("Nguyễn Thị Lan")
    page.goto("/devices?lang=vi")
