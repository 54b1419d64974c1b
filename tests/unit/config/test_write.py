from pathlib import Path

from config import Centre, load_centre
from config.write import to_toml


def test_what_is_written_is_read_as_the_same_centre(tmp_path: Path, full_centre: Centre) -> None:
    for centre in (load_centre(), full_centre):
        file = tmp_path / "centre.toml"
        file.write_text(to_toml(centre))
        assert load_centre(file) == centre
