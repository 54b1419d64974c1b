"""No secret in the repository: no private key, no token of a service, no password in a setting."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECRETS = {
    "private key": re.compile(
        r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----\s+[A-Za-z0-9+/=]"
    ),
    "token": re.compile(r"\b(?:ghp_|github_pat_|glpat-|xox[abp]-|AKIA|whsec_)[A-Za-z0-9+/_-]{16,}"),
    "hash of a password": re.compile(r"\$argon2id\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]{16,}\$"),
    "password in a setting": re.compile(
        r"""^\s*(?:password|secret)\s*=\s*["'][^"']+["']""", re.MULTILINE
    ),
}
OF_TESTS = ("tests/",)
TEXTS = {".py", ".toml", ".md", ".json", ".yaml", ".conf", ".service", ".sh", ".html", ".list", ""}


def found_in(text: str) -> list[str]:
    return [what for what, pattern in SECRETS.items() if pattern.search(text)]


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("private key", "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE"),
        ("private key", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlFgEZ"),
        ("token", "whsec_" + "C2FVsBQIhrscChlQIMV" * 2),
        ("hash of a password", "$argon2id$v=19$m=65536,t=3,p=4$" + "c29tZXNhbHQxMjM0NTY3OA" + "$x"),
        ("password in a setting", '[broker]\npassword = "hunter2"\n'),
    ],
)
def test_each_kind_of_secret_would_be_found(what: str, text: str) -> None:
    assert found_in(text) == [what]


def test_no_secret_stands_in_the_repository() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    texts = [file for file in files if file.suffix in TEXTS and file.is_file()]
    assert len(texts) > 500
    bad = {
        str(file.relative_to(ROOT)): kinds
        for file in texts
        if (kinds := found_in(file.read_text(encoding="utf-8", errors="replace")))
    }
    assert {name: kinds for name, kinds in bad.items() if not name.startswith(OF_TESTS)} == {}
