"""LanceDB: full-text and vector search of one table, fused by its own reranker."""

from collections.abc import Sequence
from pathlib import Path

import lancedb
import pyarrow

from common import Doc
from peers import Peer, array, matrix


class LanceDB(Peer):
    packages = ("lancedb",)
    reaches = "files"

    def __init__(self, folder: Path, known: dict[str, bytes]) -> None:
        dimensions = len(next(iter(known.values()))) // 4
        self.vectors = pyarrow.list_(pyarrow.float32(), dimensions)
        fields = {"id": pyarrow.int64(), "text": pyarrow.string(), "vector": self.vectors}
        self.schema = pyarrow.schema(list(fields.items()))
        self.table = lancedb.connect(folder).create_table("memory", schema=self.schema)
        self.count = 0

    def add(self, docs: Sequence[Doc]) -> None:
        flat = pyarrow.array(matrix([doc.vector for doc in docs]).ravel())
        vectors = pyarrow.FixedSizeListArray.from_arrays(flat, type=self.vectors)
        ids = range(self.count, self.count + len(docs))
        self.table.add(pyarrow.table([list(ids), [doc.text for doc in docs], vectors], schema=self.schema))
        self.table.create_fts_index("text", replace=True)
        self.count += len(docs)

    def add_one(self, doc: Doc) -> None:
        self.table.add([{"id": self.count, "text": doc.text, "vector": array(doc.vector)}])
        self.count += 1

    def search(self, text: str, vector: bytes, count: int) -> list[int]:
        query = self.table.search(query_type="hybrid").vector(array(vector)).text(text)
        return query.limit(count).to_arrow()["id"].to_pylist()

    def close(self) -> None:
        self.table = None


PEER = LanceDB
