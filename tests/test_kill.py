"""A refresh may die at any moment: what people read is a whole generation, and the next refresh is exact."""

import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from pipelines import attempts
from pipelines.crash_points import STEPS
from tests.firm import HERE, Firm, copy_of, expected_orders

# Which of the three commands a step belongs to; the state before it is made once.
BEFORE = {"load": "published", "build": "loaded", "publish": "built"}
STEPS_OF = {
    "load": STEPS[: STEPS.index("loaded") + 1],
    "build": STEPS[STEPS.index("loaded") + 1 : STEPS.index("built") + 1],
    "publish": STEPS[STEPS.index("built") + 1 :],
}
# Kills at random moments, and the seconds they lie within: about those of one refresh.
ROUNDS, LASTS = 8, 11
CASES = [(command, step) for command, steps in STEPS_OF.items() for step in steps]
# Those that stand for their command at every change; all are tried in the long set, with the refresh afterwards.
QUICK = {"landing_copied", "loading", "remembered_copied", "writing", "renamed", "published"}


def killed(firm: Firm, command: str = "refresh", **more: str) -> None:
    assert firm.run(command, **more).code == -signal.SIGKILL


def killed_at(step: str, command: str, folder: Path) -> Firm:
    """A firm whose refresh died there, and which reads a whole generation all the same."""
    firm = copy_of(BEFORE[command], folder)
    firm.export(60)
    before = firm.figures()
    if step == "loading":
        # The process that dies is the source's own: its refresh goes on without it.
        assert firm.run(command, CRASH_AT=step).code == 5
        return firm
    killed(firm, command, CRASH_AT=step)
    assert firm.is_whole()
    is_new = STEPS.index(step) >= STEPS.index("published")
    assert firm.orders() == expected_orders(60 if is_new else 40)
    assert is_new or firm.figures() == before
    return firm


@pytest.mark.parametrize(("command", "step"), [case for case in CASES if case[1] in QUICK])
def test_a_refresh_killed_at_a_step_leaves_a_whole_generation(tmp_path, command, step):
    assert killed_at(step, command, tmp_path).is_whole()


def test_after_one_kill_upon_another_the_next_refresh_is_exact_and_leaves_nothing_behind(tmp_path):
    firm = copy_of("built", tmp_path)
    for command, step in (("publish", "renamed"), ("load", "landing_copied"), ("refresh", "generation_made")):
        killed(firm, command, CRASH_AT=step)
        assert firm.is_whole()
        assert firm.orders() == expected_orders(40)
    assert firm.run().code == 0
    assert firm.orders() == expected_orders(60)
    assert firm.left_over() == []
    assert len(firm.generations.all()) == 3
    outcomes = [line["outcome"] for line in attempts.read(firm.data)]
    assert outcomes == ["published"] * 2 + ["killed"] * 3 + ["published"]


def test_an_attempt_killed_after_the_pointer_moved_is_told_as_published(tmp_path):
    firm = copy_of("built", tmp_path)
    killed(firm, "publish", CRASH_AT="published")
    assert firm.orders() == expected_orders(60)
    killed(firm, "load", CRASH_AT="generation_made")
    assert [line["outcome"] for line in attempts.read(firm.data)] == ["published"] * 3


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> dict[str, list[tuple]]:
    """What is published of sixty orders when nothing happens meanwhile."""
    firm = copy_of("published", tmp_path_factory.mktemp("undisturbed"))
    firm.export(60)
    ended = firm.run()
    assert ended.code == 0, ended.said
    return firm.figures()


@pytest.mark.long
@pytest.mark.parametrize(("command", "step"), CASES)
def test_the_refresh_after_a_kill_at_each_step_equals_an_undisturbed_one(tmp_path, undisturbed, command, step):
    firm = killed_at(step, command, tmp_path)
    ended = firm.run()
    assert ended.code == 0, ended.said
    assert firm.figures() == undisturbed
    assert firm.left_over() == []


def kill_at_random(firm: Firm, seconds: float, orders: int) -> None:
    """One full round: killed at a random moment, still whole; refreshed, exact."""
    firm.export(orders)
    process = firm.start()
    time.sleep(seconds)
    process.kill()
    process.communicate()
    assert firm.is_whole()
    assert len(firm.orders()) <= orders
    ended = firm.run()
    assert ended.code == 0, ended.said
    assert firm.orders() == expected_orders(orders)
    assert firm.left_over() == []


@pytest.fixture(scope="module")
def long_lived(tmp_path_factory) -> Firm:
    return copy_of("published", tmp_path_factory.mktemp("long-lived"))


@pytest.mark.long
@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_kill_at_a_random_moment_loses_nothing_and_doubles_nothing(long_lived, round_):
    """One kill in each part of the seconds that a refresh takes, wherever in it."""
    part = LASTS / ROUNDS
    kill_at_random(long_lived, part * (round_ + random.Random(round_).random()), orders=100 + round_)


@pytest.mark.skipif(shutil.which("cc") is None, reason="tearing a write needs a C compiler")
@pytest.mark.parametrize("killed_too", [False, True])
def test_a_write_that_reaches_the_disk_in_part_is_never_published(tmp_path, killed_too):
    shim = tmp_path / "torn.so"
    built = subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", shim, HERE / "torn_write.c", "-ldl"], check=False)
    if built.returncode:
        pytest.skip("the C compiler cannot make a shared library here")
    firm = copy_of("built", tmp_path / "firm")
    before = firm.figures()
    ended = firm.run("publish", LD_PRELOAD=str(shim), TORN_FILE="warehouse.duckdb", TORN_KILL=str(int(killed_too)))
    assert ended.code == (-signal.SIGKILL if killed_too else 6), ended.said
    assert firm.is_whole()
    assert firm.figures() == before


@pytest.mark.parametrize("size", [4096, 300_000])
def test_a_new_file_that_lost_its_end_is_never_published(tmp_path, size):
    firm = copy_of("built", tmp_path)
    before = firm.figures()
    ended = firm.run("publish", at="written", do=f"cut:{size}")
    assert ended.code == 6, ended.said
    assert firm.is_whole()
    assert firm.figures() == before


STOPPED = [("load", "generation_made"), ("load", "landing_copied"), ("load", "loaded")]
STOPPED += [("build", "building"), ("publish", "writing"), ("publish", "synced"), ("publish", "renamed")]


@pytest.mark.parametrize(("command", "step"), STOPPED)
def test_a_refresh_told_to_stop_ends_within_seconds_and_changes_nothing(tmp_path, command, step):
    firm = copy_of(BEFORE[command], tmp_path)
    started = time.monotonic()
    ended = firm.run(command, at=step, do="stop")
    assert time.monotonic() - started < 20
    assert ended.code == 128 + signal.SIGTERM, ended.said
    assert firm.orders() == expected_orders(40)
    assert firm.is_whole()


@pytest.mark.parametrize("step", ["load", "build"])
def test_a_refresh_stopped_while_its_processes_work_ends_them_too(tmp_path, step):
    firm = copy_of("published", tmp_path)
    firm.export(50)
    process = firm.start()
    working(firm, step)
    time.sleep(1)
    process.terminate()
    said, _ = process.communicate(timeout=10)
    assert process.returncode == 128 + signal.SIGTERM, said
    assert firm.left_over() == []
    last = attempts.read(firm.data)[-1]
    assert (last["outcome"], last["failed_step"]) == ("stopped", step)


def working(firm: Firm, step: str) -> None:
    from tests.firm import wait_for

    def at_it() -> bool:
        return any(f'"step": "{step}"' in path.read_text() for path in firm.data.glob("generations/.b*/attempt.json"))

    wait_for(at_it)
