"""The nemesis at work: an installed hall under attack keeps every promise.

`tests/faults/soak.py --soak HOURS` goes on for as long as one likes. The mutants prove that it
sees: each copy of the product has one mistake, and each is found.
"""

import random
import subprocess
import sys
from pathlib import Path
from typing import Literal

import psutil
import pytest
from nemesis import lan, page
from nemesis.schedule import _FIRST, Do, choices, schedule
from nemesis.tree import MUTANTS, ROOT, mutated
from nemesis.wire import Mischief, Packets, is_publish, repeated

SEED = 20261126
HALLS = [
    pytest.param(("--small", "--seconds", "15"), id="small"),
    pytest.param(("--seconds", "60"), id="whole", marks=pytest.mark.full),
]
ATTACKS = 4
"""So often a mistake may escape that needs two events at once: a busy machine fits in few."""
SOAK = Path(__file__).with_name("soak.py")
PUBLISH = bytes([0x32, 9, 0, 3]) + b"a/b" + bytes([0, 7]) + b"hi"
PING = bytes([0xC0, 0])


@pytest.fixture(scope="module")
def _hall() -> None:
    if why := lan.why_not():
        pytest.skip(f"no hall of namespaces here: {why}")


def soak(*words: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, str(SOAK), *words],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=570,
        check=False,
    )
    print(done.stdout)  # noqa: T201 - the seed and what was done, where it fails
    return done


@pytest.mark.usefixtures("_hall")
@pytest.mark.parametrize("hall", HALLS)
def test_a_hall_keeps_its_promises_under_attack(hall: tuple[str, ...]) -> None:
    done = soak("--seed", str(SEED), *hall)
    assert done.returncode == 0
    assert "0 broken promises" in done.stdout


@pytest.mark.full
@pytest.mark.usefixtures("_hall")
@pytest.mark.parametrize("name", [name for name, mutant in MUTANTS.items() if mutant.only])
def test_each_mistake_is_found(name: str, tmp_path: Path) -> None:
    mutant = MUTANTS[name]
    tree = mutated(tmp_path, name)
    words = ("--small", "--seconds", "25", "--heals-within", "30", "--only", mutant.only)
    for seed in range(SEED, SEED + ATTACKS):
        done = soak("--seed", str(seed), "--tree", str(tree), *words)
        if done.returncode:
            break
    assert done.returncode == 1
    assert any(f"BROKEN {promise}:" in done.stdout for promise in mutant.breaks)


@pytest.mark.full
@pytest.mark.usefixtures("_hall")
def test_an_attack_that_is_killed_leaves_nothing() -> None:
    """Not a process, and so no namespace: neither outlives the last of its processes."""
    command = [sys.executable, str(SOAK), "--small", "--seconds", "120"]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE) as attack:
        assert attack.stdout is not None
        assert any("the hall is open" in line for line in attack.stdout)
        started = psutil.Process(attack.pid).children(recursive=True)
        attack.kill()
    assert len(started) > 5
    _, alive = psutil.wait_procs(started, timeout=60)
    assert alive == []


def test_the_seed_alone_says_what_is_done() -> None:
    assert schedule(5, 200) == schedule(5, 200)
    assert schedule(5, 200) != schedule(6, 200)
    first = {(step.do, step.target) for together in schedule(7, len(_FIRST)) for step in together}
    assert set(_FIRST) <= first
    assert {step.do for together in schedule(8, 200) for step in together} == set(Do)


def test_what_is_named_alone_is_done() -> None:
    only = choices("kill:service,cut:kiosk-a")
    steps = [step for together in schedule(1, 50, only) for step in together]
    assert {(step.do, step.target) for step in steps} == set(only)
    with pytest.raises(ValueError, match="murder"):
        choices("murder:service")


def test_packets_are_whole_however_they_come() -> None:
    stream = PUBLISH + PING + b"\x30\x80\x01" + bytes(128)
    for size in (1, 2, 3, 7, 500):
        packets = Packets()
        chunks = (stream[at : at + size] for at in range(0, len(stream), size))
        found = [packet for chunk in chunks for packet in packets.feed(chunk)]
        assert [len(packet) for packet in found] == [11, 2, 131]
    assert is_publish(PUBLISH)
    assert not is_publish(PING)
    assert repeated(PUBLISH)[0] == 0x3A


def test_a_wild_wire_loses_nothing_and_repeats() -> None:
    mischief = Mischief(random.Random(1))
    sent = [PUBLISH[:-2] + n.to_bytes(2, "big") for n in range(300)]
    carried = [one for packet in sent for one in mischief.carry(packet, wild=True)]
    carried += mischief.let_go()
    plain = [bytes([0x32]) + packet[1:] for packet in carried]
    assert set(plain) == set(sent)
    assert len(plain) > len(sent)
    assert plain != sorted(plain)
    calm = Mischief(random.Random(1))
    assert [one for packet in sent for one in calm.carry(packet, wild=False)] == sent


def test_figures_stand_between_the_marks_of_their_table(tmp_path: Path) -> None:
    told = tmp_path / "reliability.md"
    told.write_text("a\n<!-- halls -->\nold\n<!-- end of halls -->\nb\n")
    page.put_table(told, "halls", [["what", "lost"], ["kill", "nothing"]])
    page.put_table(told, "halls", [["what", "lost"], ["cut", "nothing"]])
    table = "| what | lost |\n| --- | --- |\n| cut | nothing |"
    assert told.read_text() == f"a\n<!-- halls -->\n{table}\n<!-- end of halls -->\nb\n"
    with pytest.raises(ValueError, match="no table power"):
        page.put_table(told, "power", [["what"]])


def test_each_kind_of_attack_has_its_row() -> None:
    healed = [["kill service for 2.0 s and cut tv for 1.0 s", 4.0], ["nothing", 1.0]]
    rows = page.hall_rows([{"healed_s": healed, "violations": []}])
    assert [row[1:] for row in rows[1:]] == [["1", "nothing", "4.0 s / 4.0 s / 4.0 s"]] * 2
    rows = page.hall_rows([{"healed_s": healed, "violations": ["I2: 1001 is lost"]}])
    assert {row[2] for row in rows[1:]} == {"promises are broken"}


def test_kills_are_counted_by_store_and_a_failed_test_is_no_figure() -> None:
    kills = page.Kills()
    fifty = "test_death_at_fifty_random_moments_under_load"

    def tell(name: str, outcome: Literal["passed", "failed"], **measured: object) -> None:
        kills.pytest_runtest_logreport(
            pytest.TestReport(
                f"tests/faults/test_service_kill.py::{name}",
                ("test_service_kill.py", 1, name),
                {},
                outcome,
                None,
                "call",
                user_properties=list(measured.items()),
            )
        )

    tell(f"{fifty}[sqlite-1]", "passed", right_s=[1.0, 2.0], numbers=700, calls=600)
    tell(f"{fifty}[sqlite-2]", "passed", right_s=[3.0], numbers=800, calls=700)
    tell(f"{fifty}[postgresql-1]", "passed", right_s=[4.0], numbers=5, calls=4)
    assert kills.rows()[1:] == [
        ["SQLite", "3", "1,500", "1,300", "nothing", "2.0 s / 3.0 s / 3.0 s"],
        ["PostgreSQL", "1", "5", "4", "nothing", "4.0 s / 4.0 s / 4.0 s"],
    ]
    failed = [kills.failed]
    tell(f"{fifty}[sqlite-1]", "failed", right_s=[9.0], numbers=1, calls=1)
    failed.append(kills.failed)
    assert failed == [False, True]
    assert kills.rows()[1][1] == "3"


def test_the_page_names_every_mistake_and_where_it_was_found() -> None:
    told = (ROOT / "docs/reliability.md").read_text()
    rows = [line for line in told.splitlines() if line.startswith("| `")]
    assert {row.split("`")[1] for row in rows} >= set(MUTANTS)
    assert "not found" not in told
