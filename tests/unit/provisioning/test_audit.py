"""The audit: what its entries are called, and what is read of them."""

import ast
import re
from pathlib import Path

from provisioning.audit import ACTIONS, AuditQuery, audit_page, audited_actions
from provisioning.site_db import SiteDb

ROOT = Path(__file__).parents[3]
ACTION = re.compile(r"[a-z]+(_[a-z]+)+")
WRITERS = {"audit", "audit_within", "_note", "_act", "send"}


def _named_in(path: Path) -> set[str]:
    """Return the actions that a source writes down, called at once or handed to a thread."""
    named = set()
    for call in ast.walk(ast.parse(path.read_text())):
        if not isinstance(call, ast.Call):
            continue
        parts = [call.func, *call.args]
        writers = {part.attr for part in parts if isinstance(part, ast.Attribute)}
        writers |= {part.id for part in parts if isinstance(part, ast.Name)}
        if writers & WRITERS:
            texts = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
            named |= {text for text in texts if isinstance(text, str) and ACTION.fullmatch(text)}
    return named


def test_every_action_has_a_name_for_people() -> None:
    sources = [*ROOT.glob("provisioning/**/*.py"), *ROOT.glob("web/**/*.py")]
    named = {action for path in sources for action in _named_in(path)}
    assert {"logged_in", "login_refused", "logged_out", "account_changed"} <= named
    assert named - set(ACTIONS) == set()


def test_pages_by_key_miss_nothing_that_comes_meanwhile(db: SiteDb) -> None:
    for number in range(5):
        db.audit("minh", "", "logged_in", str(number))
    first = audit_page(db, AuditQuery(), 2)
    assert [entry.detail for entry in first] == ["4", "3", "2"], "one more tells of a next page"
    db.audit("minh", "", "logged_in", "5")
    second = audit_page(db, AuditQuery(before=first[1].serial), 2)
    assert [entry.detail for entry in second] == ["2", "1", "0"]
    assert audited_actions(db) == ["logged_in"]
