"""Types of arguments, for annotations: what counts as a vector, as JSON, and the functions that a store calls."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias, Union

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from ebbmark._ebbmark import Admission, Message, NewEpisode, NewFact

Json: TypeAlias = Union[None, bool, int, float, str, "Sequence[Json]", "Mapping[str, Json]"]
"""A value of metadata: at most 8 levels deep and 16 KiB in all; ints of 64 bits, no NaN."""

StrPath: TypeAlias = "str | os.PathLike[str]"
"""A path of the file system."""

VectorLike: TypeAlias = "Sequence[float] | Buffer"
"""A vector: a list of numbers, or anything with a buffer of float32 or float64, such as an array of numpy."""

EmbedFunction: TypeAlias = "Callable[[list[str]], Sequence[VectorLike] | Buffer]"
"""Texts in, a vector for each out; or a matrix with a row for each."""

ExtractFunction: TypeAlias = "Callable[[list[Message]], Sequence[Sequence[NewFact]]]"
"""Messages in, a list of claims for each out."""

GuardFunction: TypeAlias = "Callable[[NewEpisode], Admission | str | None]"
"""An episode in, what is decided of it out: None lets it in, a str takes the place of its text."""

RerankFunction: TypeAlias = "Callable[[str, list[str]], Sequence[float] | Buffer]"
"""A question and texts in, a score for each text out; higher is better."""

CountFunction: TypeAlias = "Callable[[str], int]"
"""A text in, its number of tokens out."""

SummarizeFunction: TypeAlias = "Callable[[list[str], int], str]"
"""Texts and a number of tokens in, a text of at most so many out."""

ProgressFunction: TypeAlias = "Callable[[int], object]"
"""Called with the number of records that were finished since the last call, as `tqdm.update` takes it."""

Facet: TypeAlias = Literal[
    "sort",
    "role",
    "kind",
    "standing",
    "subject",
    "predicate",
    "object",
    "user",
    "agent",
    "session",
    "speaker",
    "tag",
    "month",
]
"""What `Tenant.facets` counts by; besides these a `field` of metadata."""
