"""A type that several threads need at once is made once, and whole."""

import ast
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from bus.typed import convert, read_json, read_toml

ROOT = Path(__file__).parents[3]
AT_ONCE = """
import sys, threading
from typing import Annotated
from msgspec import Meta, defstruct
from bus.typed import convert, read_json, read_toml

sys.setswitchinterval(1e-6)
TEXT = [(f"f{i}", Annotated[str, Meta(max_length=10 + i)] | None, None) for i in range(30)]
for n in range(200):
    inner = defstruct(f"Inner{n}", TEXT)
    one = defstruct(f"One{n}", [("x", inner), ("y", inner)])
    many = defstruct(f"Many{n}", [("x", inner), ("y", tuple[inner, ...])])
    start, read = threading.Barrier(4), []

    def run(way, content, kind):
        start.wait()
        read.append(way(content, kind).x.f29)

    ways = (
        (read_json, b'{"x": {"f29": "a"}, "y": {}}', one),
        (read_json, b'{"x": {"f29": "a"}, "y": [{}]}', many),
        (convert, {"x": {"f29": "a"}, "y": [{}]}, many),
        (read_toml, '[x]\\nf29 = "a"\\n[y]\\n', one),
    )
    threads = [threading.Thread(target=run, args=way) for way in ways]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read == ["a"] * 4, read
"""


class Seen(msgspec.Struct):
    """Anything."""

    number: str


def test_threads_that_need_a_type_at_once_all_read_it() -> None:
    command = [sys.executable, "-c", AT_ONCE]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_wrong_is_said() -> None:
    assert read_json(b'{"number": "1001"}', Seen) == Seen("1001")
    for wrong in (b"", b"{", b'{"number": 1001}'):
        with pytest.raises(msgspec.DecodeError):
            read_json(wrong, Seen)
    with pytest.raises(msgspec.DecodeError):
        read_toml("number = 1001", Seen)
    with pytest.raises(msgspec.ValidationError):
        convert({"number": 1001}, Seen)


def test_no_type_is_made_by_msgspec_itself_once_threads_run() -> None:
    """But for the decoders that modules make while they are imported."""
    packages = [path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests"]
    files = [file for package in packages for file in package.rglob("*.py")]
    assert len(files) > 500
    found = [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for file in files
        if file != ROOT / "bus" / "typed.py"
        for function in ast.walk(ast.parse(file.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and _makes_a_type(call)
    ]
    assert found == []


def _makes_a_type(call: ast.Call) -> bool:
    name = ast.unparse(call.func)
    if not name.startswith("msgspec."):
        return False
    typed = any(keyword.arg == "type" for keyword in call.keywords)
    return name.endswith((".convert", ".Decoder")) or (name.endswith(".decode") and typed)
