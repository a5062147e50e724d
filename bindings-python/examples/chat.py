"""A chat that remembers across runs, without a model: it answers from memory.

    python chat.py [FILE]

Say something about yourself ("I moved to Porto."), end the program, start it again, and ask ("Where do I live?"). An empty line
ends it. A program with a model puts `memory.context(line, 500).text` into its prompt where this one prints the best find.
"""

from __future__ import annotations

import sys

from ebbmark import Atom, Store, Tenant


def answer(memory: Tenant, question: str) -> str:
    """The best find, and why it was found."""
    hits = memory.search(question, limit=1)
    if not hits:
        return "I do not remember anything about that."
    memory.mark_used([hits[0].id])  # what is used is remembered longer
    found = hits[0].record
    source = "I believe" if isinstance(found, Atom) else f"On {found.occurred_at:%d %B} you said"
    return f"{source}: {hits[0].text}"


def note(memory: Tenant, line: str) -> str:
    """Keeps a line, and tells what it changed."""
    facts = memory.add(line).facts
    told = [f"{fact.fact.subject} {fact.fact.predicate} {fact.fact.object} ({fact.verdict.outcome})" for fact in facts]
    return f"Noted: {'; '.join(told)}" if told else "Noted."


def main(path: str) -> None:
    with Store(path) as store:
        memory = store.tenant("chat", user="Mara", session="chat")
        print(f"{memory.usage().episodes} things were said before.")
        for line in map(str.strip, sys.stdin):
            if not line:
                break
            print(answer(memory, line) if line.endswith("?") else note(memory, line))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "chat.ebb")
