"""Claude's memory tool (`memory_20250818`) over a tenant: a tree of files below `/memories`, each one versioned record.

    import anthropic
    import ebbmark
    from ebbmark.anthropic import EbbmarkMemoryTool

    store = ebbmark.Store("memory.ebb")
    memory = EbbmarkMemoryTool(store.tenant("acme").with_scope(user="Mara"))
    runner = anthropic.Anthropic().beta.messages.tool_runner(
        model="claude-sonnet-5-5", max_tokens=1024, tools=[memory], betas=["context-management-2025-06-27"],
        messages=[{"role": "user", "content": "Remember that I take my tea without milk."}],
    )
    runner.until_done()
    for version in memory.history("/memories/preferences.md"):
        print(version.number, version.at, version.text)

Answers and error sentences are those of the SDK's own file system tool. An error is a `ToolError`, which the SDK's runner
hands to the model. A directory exists as long as a file is below it, and its size is that of the files below it.
"""

import asyncio
import posixpath
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

try:
    from anthropic.tools import BetaAbstractMemoryTool, BetaAsyncAbstractMemoryTool, ToolError
    from anthropic.types.beta import (
        BetaCacheControlEphemeralParam,
        BetaMemoryTool20250818CreateCommand,
        BetaMemoryTool20250818DeleteCommand,
        BetaMemoryTool20250818InsertCommand,
        BetaMemoryTool20250818RenameCommand,
        BetaMemoryTool20250818StrReplaceCommand,
        BetaMemoryTool20250818ViewCommand,
    )
except ImportError as error:
    raise ImportError(
        'ebbmark.anthropic needs the anthropic package: pip install "ebbmark[anthropic]"'
    ) from error

from ebbmark import EbbmarkError, Episode, Tenant

from ._files import FileTree, path_of, text_of

__all__ = ["EbbmarkAsyncMemoryTool", "EbbmarkMemoryTool", "FileVersion"]

_ROOT = "/memories"
_LINES_MAX = 999_999
_NUMBER_WIDTH = 6
_LEVELS_SHOWN = 2
_LINES_AROUND = 2
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class FileVersion:
    """A file as it was: `number` from 1, `at` when it was written, by whom (the `actor` of the handle), where, and what."""

    number: int
    at: datetime
    actor: str | None
    path: str
    text: str


class EbbmarkMemoryTool(BetaAbstractMemoryTool):
    """The memory tool for `Anthropic().beta.messages.tool_runner(tools=[...])`.

    `tenant` needs read and write access; its labels set whose files they are: those with the same labels, and no others.
    Texts of up to 1 MiB. What the store's guard would hold back is not written: the command fails, and all stays as it was.
    """

    def __init__(
        self, tenant: Tenant, *, cache_control: BetaCacheControlEphemeralParam | None = None
    ) -> None:
        super().__init__(cache_control=cache_control)
        self._files = _Commands(tenant)

    def view(self, command: BetaMemoryTool20250818ViewCommand) -> str:
        """The lines of a file, numbered, or what is in a directory, two levels deep."""
        return self._files.view(command)

    def create(self, command: BetaMemoryTool20250818CreateCommand) -> str:
        """Makes a file; `ToolError` if there is one already."""
        return self._files.create(command)

    def str_replace(self, command: BetaMemoryTool20250818StrReplaceCommand) -> str:
        """Replaces a text that a file has exactly once."""
        return self._files.str_replace(command)

    def insert(self, command: BetaMemoryTool20250818InsertCommand) -> str:
        """Inserts lines behind a line, 0 for the beginning."""
        return self._files.insert(command)

    def delete(self, command: BetaMemoryTool20250818DeleteCommand) -> str:
        """Removes a file, or a directory with all that is below it, with its history."""
        return self._files.delete(command)

    def rename(self, command: BetaMemoryTool20250818RenameCommand) -> str:
        """Moves a file or a directory to a path where nothing is."""
        return self._files.rename(command)

    def clear_all_memory(self) -> str:
        """Removes all files with their history. The model cannot ask for it."""
        return self._files.clear()

    def history(self, path: str) -> list[FileVersion]:
        """Every version of a file, oldest first, those before a rename included, without those that the guard holds back.

        `ToolError` if there is no such file.
        """
        return self._files.history(path)


class EbbmarkAsyncMemoryTool(BetaAsyncAbstractMemoryTool):
    """The memory tool for `AsyncAnthropic()`: as `EbbmarkMemoryTool`, each call in a thread."""

    def __init__(
        self, tenant: Tenant, *, cache_control: BetaCacheControlEphemeralParam | None = None
    ) -> None:
        super().__init__(cache_control=cache_control)
        self._files = _Commands(tenant)

    async def view(self, command: BetaMemoryTool20250818ViewCommand) -> str:
        """The lines of a file, numbered, or what is in a directory, two levels deep."""
        return await asyncio.to_thread(self._files.view, command)

    async def create(self, command: BetaMemoryTool20250818CreateCommand) -> str:
        """Makes a file; `ToolError` if there is one already."""
        return await asyncio.to_thread(self._files.create, command)

    async def str_replace(self, command: BetaMemoryTool20250818StrReplaceCommand) -> str:
        """Replaces a text that a file has exactly once."""
        return await asyncio.to_thread(self._files.str_replace, command)

    async def insert(self, command: BetaMemoryTool20250818InsertCommand) -> str:
        """Inserts lines behind a line, 0 for the beginning."""
        return await asyncio.to_thread(self._files.insert, command)

    async def delete(self, command: BetaMemoryTool20250818DeleteCommand) -> str:
        """Removes a file, or a directory with all that is below it, with its history."""
        return await asyncio.to_thread(self._files.delete, command)

    async def rename(self, command: BetaMemoryTool20250818RenameCommand) -> str:
        """Moves a file or a directory to a path where nothing is."""
        return await asyncio.to_thread(self._files.rename, command)

    async def clear_all_memory(self) -> str:
        """Removes all files with their history. The model cannot ask for it."""
        return await asyncio.to_thread(self._files.clear)

    async def history(self, path: str) -> list[FileVersion]:
        """Every version of a file, oldest first, those before a rename included. `ToolError` if there is no such file."""
        return await asyncio.to_thread(self._files.history, path)


@contextmanager
def _told() -> Iterator[None]:
    """What the store refuses, as an error that the runner hands to the model."""
    try:
        yield
    except EbbmarkError as error:
        raise ToolError(str(error)) from error


class _Commands:
    """The commands, as both tools answer them."""

    def __init__(self, tenant: Tenant) -> None:
        self._tree = FileTree(tenant)

    @_told()
    def view(self, command: BetaMemoryTool20250818ViewCommand) -> str:
        path = _checked(command.path)
        if record := self._tree.file(path):
            _check_kept(not record.quarantined, command.path)
            return _numbered(command, text_of(record))
        records = self._tree.below(path)
        if not records and path != _ROOT:
            raise _missing(command.path)
        return _listing(command.path, path, records)

    @_told()
    def create(self, command: BetaMemoryTool20250818CreateCommand) -> str:
        path = _checked(command.path)
        with self._tree.writing:
            if self._is_there(path):
                raise ToolError(f"File {command.path} already exists")
            self._check_parents(path)
            _check_kept(self._tree.create(path, command.file_text), command.path)
        return f"File created successfully at: {command.path}"

    @_told()
    def str_replace(self, command: BetaMemoryTool20250818StrReplaceCommand) -> str:
        with self._tree.writing:
            record = self._readable(command.path)
            text = text_of(record)
            at = _only_place(text, command)
            changed = text[:at] + command.new_str + text[at + len(command.old_str) :]
            _check_kept(self._tree.write(record, changed), command.path)
        line = text.count("\n", 0, at)
        around = slice(max(0, line - _LINES_AROUND), line + _LINES_AROUND + 1)
        snippet = _with_numbers(changed.split("\n"), around)
        return f"The memory file has been edited. Here is the snippet showing the change (with line numbers):\n{snippet}"

    @_told()
    def insert(self, command: BetaMemoryTool20250818InsertCommand) -> str:
        with self._tree.writing:
            record = self._readable(command.path)
            lines = text_of(record).removesuffix("\n").split("\n") if text_of(record) else []
            if not 0 <= command.insert_line <= len(lines):
                raise ToolError(
                    f"Invalid `insert_line` parameter: {command.insert_line}. "
                    f"It should be within the range [0, {len(lines)}]."
                )
            lines.insert(command.insert_line, command.insert_text.rstrip("\n"))
            _check_kept(self._tree.write(record, _joined(lines)), command.path)
        return f"The file {command.path} has been edited."

    @_told()
    def delete(self, command: BetaMemoryTool20250818DeleteCommand) -> str:
        path = _checked(command.path)
        if path == _ROOT:
            raise ToolError(f"Cannot delete the {_ROOT} directory itself")
        with self._tree.writing:
            for record in self._subtree(path, command.path):
                self._tree.remove(record)
        return f"Successfully deleted {command.path}"

    @_told()
    def rename(self, command: BetaMemoryTool20250818RenameCommand) -> str:
        old, new = _checked(command.old_path), _checked(command.new_path)
        if old == _ROOT:
            raise ToolError(f"Cannot rename the {_ROOT} directory itself")
        with self._tree.writing:
            if self._is_there(new):
                raise ToolError(f"The destination {command.new_path} already exists")
            records = self._subtree(old, command.old_path)
            if new.startswith(f"{old}/"):
                raise ToolError(
                    f"Cannot rename {command.old_path} to {command.new_path}, a path below itself"
                )
            self._check_parents(new)
            for record in records:
                self._tree.move(record, new + path_of(record).removeprefix(old))
        return f"Successfully renamed {command.old_path} to {command.new_path}"

    @_told()
    def clear(self) -> str:
        with self._tree.writing:
            for record in self._tree.below(_ROOT):
                self._tree.remove(record)
        return "All memory cleared"

    @_told()
    def history(self, path: str) -> list[FileVersion]:
        versions = self._tree.versions(self._existing(path))
        return [
            FileVersion(record.version, record.recorded_at, actor, path_of(record), text_of(record))
            for record, actor in versions
        ]

    def _is_there(self, path: str) -> bool:
        return path == _ROOT or self._tree.file(path) is not None or self._tree.is_directory(path)

    def _existing(self, given: str) -> Episode:
        path = _checked(given)
        if record := self._tree.file(path):
            return record
        if self._is_there(path):
            raise ToolError(f"The path {given} is not a file.")
        raise _missing(given)

    def _readable(self, given: str) -> Episode:
        record = self._existing(given)
        _check_kept(not record.quarantined, given)
        return record

    def _subtree(self, path: str, given: str) -> list[Episode]:
        """The file at a path, or the files below it."""
        record = self._tree.file(path)
        records = [record] if record else self._tree.below(path)
        if not records:
            raise ToolError(f"The path {given} does not exist")
        return records

    def _check_parents(self, path: str) -> None:
        if above := self._tree.file_above(path):
            raise ToolError(f"The path {above} is a file, not a directory")


def _checked(given: str) -> str:
    """A path of the model's in normal form; refused if it leads anywhere else than below the root."""
    if given != _ROOT and not given.startswith(f"{_ROOT}/"):
        raise ToolError(f"Path must start with {_ROOT}, got: {given}")
    if _CONTROL.search(given):
        raise ToolError(f"Path {given!r} holds a control character; use printable characters")
    path = posixpath.normpath(given)
    if path != _ROOT and not path.startswith(f"{_ROOT}/"):
        raise ToolError(f"Path {given} would escape {_ROOT} directory")
    return path


def _check_kept(is_kept: bool, given: str) -> None:
    if not is_kept:
        raise ToolError(f"The text of {given} was held back by the memory's guard, and cannot be read")


def _missing(given: str) -> ToolError:
    return ToolError(f"The path {given} does not exist. Please provide a valid path.")


def _only_place(text: str, command: BetaMemoryTool20250818StrReplaceCommand) -> int:
    """Where the text to be replaced begins."""
    old, path = command.old_str, command.path
    count = text.count(old)
    if count == 0:
        raise ToolError(f"No replacement was performed, old_str `{old}` did not appear verbatim in {path}.")
    if count > 1:
        places = [found.start() for found in re.finditer(f"(?={re.escape(old)})", text)]
        lines = ", ".join(str(text.count("\n", 0, place) + 1) for place in places)
        raise ToolError(
            f"No replacement was performed. Multiple occurrences of old_str `{old}` in lines: {lines}. "
            "Please ensure it is unique"
        )
    return text.find(old)


def _joined(lines: list[str]) -> str:
    text = "\n".join(lines)
    return text if text.endswith("\n") else f"{text}\n"


def _numbered(command: BetaMemoryTool20250818ViewCommand, text: str) -> str:
    lines = text.split("\n")
    if len(lines) > _LINES_MAX:
        raise ToolError(f"File {command.path} exceeds maximum line limit of {_LINES_MAX:,} lines.")
    shown = slice(0, len(lines))
    if command.view_range and len(command.view_range) == 2:
        first, last = command.view_range
        shown = slice(max(1, first) - 1, len(lines) if last == -1 else last)
    return f"Here's the content of {command.path} with line numbers:\n{_with_numbers(lines, shown)}"


def _with_numbers(lines: list[str], shown: slice) -> str:
    numbered = enumerate(lines[shown], shown.start + 1)
    return "\n".join(f"{number:>{_NUMBER_WIDTH}}\t{line}" for number, line in numbered)


def _listing(given: str, directory: str, records: list[Episode]) -> str:
    """What is in a directory, two levels deep, each directory in front of what is in it; no names that begin with a dot."""
    total = 0
    sizes: dict[str, int] = {}
    for record in records:
        size = len(text_of(record).encode(errors="surrogatepass"))
        total += size
        parts = path_of(record).removeprefix(f"{directory}/").split("/")
        for level in range(1, min(len(parts), _LEVELS_SHOWN) + 1):
            if parts[level - 1].startswith("."):
                break
            shown = "/".join(parts[:level]) + ("/" if level < len(parts) else "")
            sizes[shown] = sizes.get(shown, 0) + size
    lines = [
        f"{_size(total)}\t{given}",
        *(f"{_size(sizes[path])}\t{given.rstrip('/')}/{path}" for path in sizes),
    ]
    header = f"Here're the files and directories up to 2 levels deep in {given}, excluding hidden items:"
    return "\n".join([header, *lines])


def _size(count: int) -> str:
    """A number of bytes as `0B`, `2K`, `1.5M`."""
    power = min(max(count.bit_length() - 1, 0) // 10, 3)
    amount = count / 1024**power
    return f"{amount:.{0 if amount.is_integer() else 1}f}{'BKMG'[power]}"
