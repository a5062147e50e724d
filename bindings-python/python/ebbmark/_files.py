"""A tree of text files kept in a tenant: one record a file, one version of the record an edit.

Paths are absolute and normal (`/memories/notes/a.md`); a directory exists as long as a file is below it.

    tree = FileTree(tenant)
    with tree.writing:
        tree.create("/memories/notes/a.md", "tea, no milk")
        [record] = tree.below("/memories/notes")
        tree.write(record, "tea, with milk")
"""

import posixpath
from collections.abc import Iterator
from typing import cast

from ebbmark import Episode, Filter, Json, NewEpisode, Tenant
from ebbmark._episodes import episodes

from ._handles import plain
from ._locks import lock_of
from ._verbatim import shield, unshield

_FIELD = "memory_file"
_PAGE = 1000
# Records that are read at once where one is looked for.
_LOOK = 16


class FileTree:
    """The files of a tenant with just the labels of the handle: each user of `tenant.with_scope(user=...)` has an own tree,
    and so has a handle without labels.

    Archived files are files as the others. Those that the store's guard holds back (`Episode.quarantined`) are there, too, so
    that they can be removed; their text is for nobody to read. Who reads a tree and then changes it holds `writing`.

    A record has the role `document`, so that no claims are drawn from it, the file's text, and the metadata
    `{"memory_file": {"path": path, "within": [every directory above it]}}`, by which it is looked up in an index.
    """

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = plain(tenant)
        self._scope = tenant.scope
        self.writing = lock_of("files", tenant.id, tenant.scope)

    def file(self, path: str) -> Episode | None:
        """The record of a file."""
        return next(self._having("path", path, _LOOK), None)

    def below(self, directory: str) -> list[Episode]:
        """The records of the files in a directory and those below it, sorted by the parts of their paths."""
        return sorted(self._having("within", directory, _PAGE), key=lambda record: path_of(record).split("/"))

    def is_directory(self, path: str) -> bool:
        """Whether a file is below it."""
        return next(self._having("within", path, _LOOK), None) is not None

    def file_above(self, path: str) -> str | None:
        """The path of a file that stands where a directory of this path would have to be."""
        return next((above for above in _directories(path) if self.file(above)), None)

    def create(self, path: str, text: str) -> bool:
        """Adds a file, unless the store's guard would hold it back. Tells whether it can be read."""
        new = NewEpisode(shield(text), role="document", metadata=_metadata(path))
        # Tried out first: what was held back once stays so, whatever it says later.
        return not any(handle.add(new).quarantined for handle in (self._tenant.dry_run(), self._tenant))

    def write(self, record: Episode, text: str) -> bool:
        """Makes a new version of a file, unless the store's guard would hold it back. Tells whether it can be read."""
        kept, handles = shield(text), (self._tenant.dry_run(), self._tenant)
        return not any(handle.update(record.id, text=kept).quarantined for handle in handles)

    def move(self, record: Episode, path: str) -> None:
        """Gives a file another path; its history stays."""
        self._tenant.update(record.id, metadata=_metadata(path))

    def remove(self, record: Episode) -> None:
        """Removes a file and its history."""
        self._tenant.delete(record.id)

    def versions(self, record: Episode) -> list[tuple[Episode, str | None]]:
        """Every version of a file that can be read, with who wrote it, oldest first."""
        revisions = self._tenant.history(record.id)
        return [
            (each.record, each.actor)
            for each in revisions
            if isinstance(each.record, Episode) and not each.record.quarantined
        ]

    def _having(self, field: str, value: str, page_size: int) -> Iterator[Episode]:
        wanted = Filter(metadata={f"{_FIELD}.{field}": value}, quarantined=True, archived=True)
        found = episodes(self._tenant, wanted, page_size)
        return (record for record in found if record.scope == self._scope)


def path_of(record: Episode) -> str:
    """The path of a file's record."""
    return cast(dict[str, str], record.metadata[_FIELD])["path"]


def text_of(record: Episode) -> str:
    """The text of a file's record."""
    return unshield(record.text)


def _metadata(path: str) -> dict[str, Json]:
    return {_FIELD: {"path": path, "within": _directories(path)}}


def _directories(path: str) -> list[str]:
    """The directories above a path, the nearest first, without the root of all."""
    above = posixpath.dirname(path)
    return [above, *_directories(above)] if above != "/" else []
