"""The commands of `python -m pipelines`: each says how it ended in its last line and in its exit code."""

import argparse
import time
import traceback
from collections.abc import Callable
from contextlib import suppress

from pipelines import (
    afterwards,
    artifacts,
    at_work,
    attempts,
    configuration,
    deciding,
    documentation,
    lock,
    outcomes,
    publish,
    refresh,
)
from pipelines.artifacts import Built
from pipelines.at_work import Refresh
from pipelines.configuration import Configuration
from pipelines.erasing import asking, proving
from pipelines.outcomes import Ended, Stopped, Unexpected
from pipelines.progress import Progress
from pipelines.publish import Generations


def _refresh(configured: Configuration, progress: Progress) -> int:
    return _attempt(at_work.begin(configured, progress), lambda running: _publish(running, _build(_load(running))))


def _load_only(configured: Configuration, progress: Progress) -> int:
    running = at_work.begin(configured, progress)
    _attempt(running, _load)
    progress.say(f"Loaded into {running.folder}; go on with `python -m pipelines build`.")
    return outcomes.WITHOUT_A_SOURCE if running.failed_sources else outcomes.PUBLISHED


def _build_only(configured: Configuration, progress: Progress) -> int:
    running = at_work.resume(configured, progress)
    # A model that fails is corrected and built again from the same rows: the folder stays.
    _tell(progress, _build(running))
    progress.say(f"Built in {running.folder}; go on with `python -m pipelines publish`.")
    return outcomes.PUBLISHED


def _publish_only(configured: Configuration, progress: Progress) -> int:
    running = at_work.resume(configured, progress)
    return _attempt(running, lambda _: _publish(running, artifacts.read(running.folder)))


def _rollback(configured: Configuration, progress: Progress) -> int:
    before, after = publish.rollback(Generations(configured.data_dir))
    attempt = attempts.start(configured.data_dir, configured.as_of, [])
    reason = f"Went back from {before.name} to {after.name}."
    attempts.append(configured.data_dir, attempt.line(outcomes.PUBLISHED, "rolled_back", reason))
    progress.say(reason)
    return outcomes.PUBLISHED


def _health(configured: Configuration, progress: Progress) -> int:
    current = Generations(configured.data_dir).current()
    wrong = publish.health(current)
    for sentence in wrong:
        progress.say(sentence)
    if wrong:
        raise outcomes.GateFailed("What is published is not whole; `python -m pipelines rollback` goes one back.")
    progress.say(f"{current.name} is whole.")
    return outcomes.PUBLISHED


COMMANDS = {
    "refresh": _refresh,
    "load": _load_only,
    "build": _build_only,
    "publish": _publish_only,
    "rollback": _rollback,
    "health": _health,
}


def run(name: str, progress: Progress) -> int:
    """One refresh at a time."""

    def work() -> int:
        configured = _configured()
        Generations(configured.data_dir).prepare()
        with lock.held(configured.data_dir):
            code = COMMANDS[name](configured, progress)
        if name in ("refresh", "publish"):
            # It is published, and the next refresh may begin while messages are sent.
            current = Generations(configured.data_dir).current()
            afterwards.tell(configured, current.name, progress.say)
        return code

    return _ended(work, progress)


def check(names: list[str], progress: Progress) -> int:
    """Each source is asked whether it can be read; it waits for no refresh and changes nothing."""
    from pipelines.checking import command  # what loads is in it, a second of imports, only here

    return _ended(lambda: command.run(names, progress.say), progress)


def docs(progress: Progress) -> int:
    """The systems can be read about before anything is set or published; the rest tells of what is."""

    def work() -> int:
        folder = configuration.data_dir()
        Generations(folder).prepare()
        with lock.held(folder):
            current = Generations(folder).current()
            pages, counts = [documentation.write_systems(folder)], []
            if current is None:
                counts = ["Nothing is published yet: the dictionary and the figures come with the first refresh."]
            else:
                more, counts = documentation.write(folder, current, publish.manifest(current))
                pages += more
        for line in [*counts, *pages]:
            progress.say(str(line))
        return outcomes.PUBLISHED

    return _ended(work, progress)


def decide(given: argparse.Namespace, progress: Progress) -> int:
    """A decision waits for no refresh: it changes nothing that is published."""

    def work() -> int:
        configured = configuration.read()
        current = Generations(configured.data_dir).current()
        progress.say(deciding.decide(configured.company_dir, current, given))
        return outcomes.PUBLISHED

    return _ended(work, progress)


def erase(given: argparse.Namespace, progress: Progress) -> int:
    """Found, told, and with --yes erased, published and searched for."""

    def work() -> int:
        configured = _configured()
        Generations(configured.data_dir).prepare()
        with lock.held(configured.data_dir):
            made = asking.begun(configured, given)
            if not given.yes:
                for line in made.plan():
                    progress.say(line)
                progress.say("Nothing was changed; with --yes it is.")
                return outcomes.PUBLISHED
            return _erased(made, progress)

    return _ended(work, progress)


def _erased(made: asking.Erasure, progress: Progress) -> int:
    configured, code = made.configuration, outcomes.PUBLISHED
    if made.is_new:
        made.enlist()
    elif not made.is_due:
        progress.say("Was erased already; what is published is without this person.")
    if made.is_due:
        running = at_work.begin(configured, progress)
        code = _attempt(running, lambda _: asking.rewritten(running, made))
        if made.is_due:
            raise outcomes.Unexpected("Published without the person, but older files remain; run the command again.")
        progress.say(f"Published {running.attempt.refresh_id} without the person; no older generation is left.")
    progress.say(proving.proved([configured.data_dir, configured.company_dir], made.person, made.rows, made.listed()))
    return code


def _ended(work: Callable[[], int], progress: Progress) -> int:
    """The work, and one sentence at the end, whatever happened. Nobody is shown a stack trace."""
    started = time.monotonic()
    try:
        return work()
    except Ended as ended:
        code, said = ended.exit_code, str(ended)
    except Exception as error:
        code, said = outcomes.UNEXPECTED, f"Something unexpected happened ({type(error).__name__}: {error})."
    progress.say(f"Ended after {time.monotonic() - started:.0f} s with code {code}: {said}")
    return code


def _configured() -> Configuration:
    try:
        return configuration.read()
    except outcomes.SettingsError as error:
        folder = configuration.data_dir()
        if folder.is_dir():
            attempt = attempts.start(folder, None, [])
            attempts.append(folder, attempt.line(error.exit_code, error.outcome, str(error)))
        raise


def _attempt(running: Refresh, work: Callable[[Refresh], int | Refresh]) -> int | Refresh:
    """Do the work; if it fails, leave nothing but a line, a log, and the generation that was there before."""
    try:
        return work(running)
    except BaseException as error:
        ended = _told(running, error)
        # Once the pointer has moved the attempt did publish; its line is in the manifest, for the next one to write.
        if not running.is_published:
            publish.remove(running.folder)
            line = running.attempt.line(ended.exit_code, ended.outcome, str(ended))
            with suppress(OSError):  # the disk may be full; the next refresh writes the line
                attempts.append(running.configuration.data_dir, line)
        if isinstance(error, Exception):
            raise ended from error
        raise


def _told(running: Refresh, error: BaseException) -> Ended:
    """The error in a sentence; its details go into the log."""
    log, known = None, error if isinstance(error, Ended) else None
    with suppress(OSError):
        log = running.keep_log("" if known else traceback.format_exc())
    published = "it was published before that" if running.is_published else "nothing was published"
    if known:
        return known
    if not isinstance(error, Exception):
        return Stopped(f"The refresh was stopped; {published}.")
    return Unexpected(f"Something unexpected happened ({type(error).__name__}), details in {log}; {published}.")


def _load(running: Refresh) -> Refresh:
    refresh.load(running)
    return running


def _build(running: Refresh) -> Built:
    return refresh.build_models(running)


def _publish(running: Refresh, built: Built) -> int:
    code = refresh.finish(running, built)
    attempt = running.attempt
    _tell(running.progress, built)
    spent = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in attempt.timings.items() if seconds >= 0.05)
    running.progress.say(f"  spent: {spent}")
    without = f", without new rows of {', '.join(running.failed_sources)}" if running.failed_sources else ""
    running.progress.say(
        f"Published {attempt.refresh_id} in {attempt.seconds:.0f} s with code {code}{without}: "
        f"{running.generations.data_dir / 'warehouse.duckdb'}"
    )
    return code


def _tell(progress: Progress, built: Built) -> None:
    progress.say(f"  dbt: {built.passed} tests passed, {len(built.warnings)} warnings")
    for row in built.warnings:
        progress.say(f"  warning: {row['sentence']} ({row['failures']} rows)")
