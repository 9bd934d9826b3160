"""The commands of `python -m pipelines`: each says how it ended in its last line and in its exit code."""

import time
import traceback
from collections.abc import Callable
from contextlib import suppress

from pipelines import artifacts, attempts, configuration, documentation, lock, outcomes, publish, refresh
from pipelines.artifacts import Built
from pipelines.configuration import Configuration
from pipelines.outcomes import Ended, Stopped, Unexpected
from pipelines.progress import Progress
from pipelines.publish import Generations
from pipelines.refresh import Refresh


def _refresh(configured: Configuration, progress: Progress) -> int:
    return _attempt(refresh.begin(configured, progress), lambda at_work: _publish(at_work, _build(_load(at_work))))


def _load_only(configured: Configuration, progress: Progress) -> int:
    at_work = refresh.begin(configured, progress)
    _attempt(at_work, _load)
    progress.say(f"Loaded into {at_work.folder}; go on with `python -m pipelines build`.")
    return outcomes.WITHOUT_A_SOURCE if at_work.failed_sources else outcomes.PUBLISHED


def _build_only(configured: Configuration, progress: Progress) -> int:
    at_work = refresh.resume(configured, progress)
    # A model that fails is corrected and built again from the same rows: the folder stays.
    _tell(progress, _build(at_work))
    progress.say(f"Built in {at_work.folder}; go on with `python -m pipelines publish`.")
    return outcomes.PUBLISHED


def _publish_only(configured: Configuration, progress: Progress) -> int:
    at_work = refresh.resume(configured, progress)
    return _attempt(at_work, lambda _: _publish(at_work, artifacts.read(at_work.folder)))


def _rollback(configured: Configuration, progress: Progress) -> int:
    before, after = publish.rollback(Generations(configured.data_dir))
    attempt = attempts.start(configured.data_dir, configured.as_of, [])
    reason = f"Went back from {before.name} to {after.name}."
    attempts.append(configured.data_dir, attempt.line(outcomes.PUBLISHED, "rolled_back", reason))
    progress.say(reason)
    return outcomes.PUBLISHED


def _check(configured: Configuration, progress: Progress) -> int:
    current = Generations(configured.data_dir).current()
    wrong = publish.health(current)
    for sentence in wrong:
        progress.say(sentence)
    if wrong:
        raise outcomes.GateFailed("What is published is not whole; `python -m pipelines rollback` goes one back.")
    progress.say(f"{current.name} is whole.")
    return outcomes.PUBLISHED


def _docs(configured: Configuration, progress: Progress) -> int:
    current = Generations(configured.data_dir).current()
    if current is None:
        raise outcomes.SettingsError("Nothing is published yet: run `python -m pipelines refresh` first.")
    progress.say(str(documentation.write(configured.data_dir, current, publish.manifest(current))))
    return outcomes.PUBLISHED


COMMANDS = {
    "refresh": _refresh,
    "load": _load_only,
    "build": _build_only,
    "publish": _publish_only,
    "rollback": _rollback,
    "check": _check,
    "docs": _docs,
}


def run(name: str, progress: Progress) -> int:
    """Configuration, lock, work, and one sentence at the end, whatever happened. Nobody is shown a stack trace."""
    started = time.monotonic()
    try:
        configured = _configured()
        Generations(configured.data_dir).prepare()
        with lock.held(configured.data_dir):
            return COMMANDS[name](configured, progress)
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


def _attempt(at_work: Refresh, work: Callable[[Refresh], int | Refresh]) -> int | Refresh:
    """Do the work; if it fails, leave nothing but a line, a log, and the generation that was there before."""
    try:
        return work(at_work)
    except BaseException as error:
        ended = _told(at_work, error)
        publish.remove(at_work.folder)
        line = at_work.attempt.line(ended.exit_code, ended.outcome, str(ended))
        with suppress(OSError):  # the disk may be full; the next refresh writes the line
            attempts.append(at_work.configuration.data_dir, line)
        if isinstance(error, Exception):
            raise ended from error
        raise


def _told(at_work: Refresh, error: BaseException) -> Ended:
    """The error in a sentence; its details go into the log."""
    log, known = None, error if isinstance(error, Ended) else None
    with suppress(OSError):
        log = at_work.keep_log("" if known else traceback.format_exc())
    if known:
        return known
    if not isinstance(error, Exception):
        return Stopped("The refresh was stopped; nothing was published.")
    what = type(error).__name__
    return Unexpected(f"Something unexpected happened ({what}), details in {log}; nothing was published.")


def _load(at_work: Refresh) -> Refresh:
    refresh.load(at_work)
    return at_work


def _build(at_work: Refresh) -> Built:
    return refresh.build_models(at_work)


def _publish(at_work: Refresh, built: Built) -> int:
    code = refresh.finish(at_work, built)
    attempt = at_work.attempt
    _tell(at_work.progress, built)
    spent = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in attempt.timings.items() if seconds >= 0.05)
    at_work.progress.say(f"  spent: {spent}")
    without = f", without new rows of {', '.join(at_work.failed_sources)}" if at_work.failed_sources else ""
    at_work.progress.say(
        f"Published {attempt.refresh_id} in {attempt.seconds:.0f} s with code {code}{without}: "
        f"{at_work.generations.data_dir / 'warehouse.duckdb'}"
    )
    return code


def _tell(progress: Progress, built: Built) -> None:
    progress.say(f"  dbt: {built.passed} tests passed, {len(built.warnings)} warnings")
    for row in built.warnings:
        progress.say(f"  warning: {row['sentence']} ({row['failures']} rows)")
