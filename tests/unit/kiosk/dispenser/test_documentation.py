"""What docs/hardware.md tells people to write into device.toml can be read."""

import re
from pathlib import Path

from config import load_device

PAGE = Path(__file__).parents[4] / "docs" / "hardware.md"


def test_the_examples_are_settings(tmp_path: Path) -> None:
    section = PAGE.read_text().partition("## Ticket dispensers")[2].partition("\n## ")[0]
    examples = re.findall(r"```toml\n(.*?)```", section, re.DOTALL)
    keys = []
    for example in examples:
        file = tmp_path / "device.toml"
        file.write_text(example)
        box = load_device(file).dispenser
        assert box is not None
        keys.append(list(box.keys))
    assert keys == [["key_30", "key_48", "key_2"], ["b1", "b2"]]
