"""Files that survive a kill and a power cut: hashed, written aside, synced, then given their name."""

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path

CHUNK = 1 << 20


class Damaged(Exception):
    """A file whose bytes are not the ones that were published."""


def sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy_verified(source: Path, target: Path, expected: str) -> None:
    """Copy a file, private to us, and refuse it when it isn't what the manifest says it was."""
    digest = hashlib.sha256()
    with open(source, "rb") as reading, open(target, "wb") as writing:
        while chunk := reading.read(CHUNK):
            digest.update(chunk)
            writing.write(chunk)
    target.chmod(0o600)
    if digest.hexdigest() != expected:
        target.unlink()
        raise Damaged(source)


def sync(path: Path) -> None:
    """Files and folders alike: DuckDB never syncs the folder that holds its file."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if not path.is_symlink():
            sync(path)
    sync(folder)


def write_json(path: Path, content: dict, mode: int = 0o600) -> None:
    write(path, json.dumps(content, ensure_ascii=False, indent=1, default=str).encode("utf-8"), mode)


def write(path: Path, content: bytes, mode: int = 0o600) -> None:
    """The whole content under the name, or what was there before: written aside, then renamed."""
    aside = path.with_name(f".{path.name}.writing")
    with open(aside, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.chmod(mode)
    os.replace(aside, path)


def point(link: Path, target: str) -> None:
    """Make a symbolic link name its target by one rename: a reader sees the old one or the new one."""
    aside = link.with_name(f".{link.name}.pointing")
    aside.unlink(missing_ok=True)
    aside.symlink_to(target)
    os.replace(aside, link)
    sync(link.parent)


def give_to_group_of(owner: Path, *paths: Path) -> None:
    """The readers' group is the data folder's; where we may not hand files to it, they stay ours."""
    for path in paths:
        with suppress(PermissionError):
            os.chown(path, -1, owner.stat().st_gid)
