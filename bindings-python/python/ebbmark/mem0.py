"""Memory with the interface of mem0: a program written for mem0 runs when it imports `Memory` or
`AsyncMemory` from here.

    from ebbmark.mem0 import Memory

    with Memory(path=":memory:") as memory:
        memory.add([{"role": "user", "content": "I moved to Porto."}], user_id="mara")
        found = memory.search("Where does she live?", filters={"user_id": "mara"})
        print(found["results"][0]["memory"])

A memory is a message that was kept, word for word. What it says is drawn from it as facts, by rule and
without an LLM: `add` tells which facts took the place of others. `Memory.tenant` is the door to the facts and
to everything else of Ebbmark.
"""

from ebbmark._mem0_async import AsyncMemory
from ebbmark._mem0_memory import Memory

__all__ = ["AsyncMemory", "Memory"]
