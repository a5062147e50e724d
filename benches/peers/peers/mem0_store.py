"""mem0 without a model: texts as they are, vectors looked up, Qdrant on disk."""

from collections.abc import Sequence
from pathlib import Path

from fastembed.sparse.bm25 import Bm25
from mem0 import Memory
from mem0.embeddings.base import EmbeddingBase

from common import Doc
from peers import STOP_WORDS, Peer, array

USER = "user"


class Lookup(EmbeddingBase):
    """The embedder: knows the texts of the sets, and no other."""

    def __init__(self, known: dict[str, bytes]) -> None:
        self.known = known

    def embed(self, text: str, memory_action: str | None = None) -> list[float]:
        return array(self.known[text]).tolist()


class Mem0(Peer):
    packages = ("mem0ai", "qdrant-client", "fastembed")
    reaches = "disk"

    def __init__(self, folder: Path, known: dict[str, bytes]) -> None:
        dimensions = len(next(iter(known.values()))) // 4
        store = {"path": str(folder / "qdrant"), "embedding_model_dims": dimensions, "on_disk": True}
        self.memory = Memory.from_config(
            {
                "vector_store": {"provider": "qdrant", "config": store},
                "history_db_path": str(folder / "history.db"),
                # Neither is called.
                "llm": {"provider": "openai", "config": {"api_key": "unused"}},
                "embedder": {"provider": "openai", "config": {"api_key": "unused"}},
            }
        )
        self.memory.embedding_model = Lookup(known)
        # As mem0 makes it itself, but for the list of stop words, which fastembed would download.
        bm25 = Bm25("Qdrant/bm25", specific_model_path=str(folder), stopwords=set(STOP_WORDS))
        self.memory.vector_store._bm25_encoder = bm25
        self.places: dict[str, int] = {}

    def add(self, docs: Sequence[Doc]) -> None:
        messages = [{"role": "user", "content": doc.text} for doc in docs]
        for added in self.memory.add(messages, user_id=USER, infer=False)["results"]:
            self.places[added["id"]] = len(self.places)

    def add_one(self, doc: Doc) -> None:
        self.add([doc])

    def search(self, text: str, vector: bytes, count: int) -> list[int]:
        found = self.memory.search(text, filters={"user_id": USER}, top_k=count)
        return [self.places[hit["id"]] for hit in found["results"]]

    def close(self) -> None:
        self.memory.close()
        self.memory.vector_store.client.close()


PEER = Mem0
