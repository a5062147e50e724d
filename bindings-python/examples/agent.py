"""A LangGraph agent that remembers between conversations. Its model is a fake, so that it runs without a network.

    pip install "ebbmark[langgraph]" langgraph
    python agent.py

What the agent is told goes into an `EbbmarkStore`, which is a file; another conversation, and another run, finds it there. Put
a chat model of yours in the place of `Parrot`.
"""

from __future__ import annotations

import uuid

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.runtime import Runtime

from ebbmark import Store
from ebbmark.langgraph import EbbmarkStore

MEMORIES = ("memories", "mara")


class Parrot(BaseChatModel):
    """A model that says what its instructions say it knows."""

    @property
    def _llm_type(self) -> str:
        return "parrot"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: object,
    ) -> ChatResult:
        known = str(messages[0].content).removeprefix("You know:").strip()
        reply = AIMessage(f"I know: {known}" if known else "I know nothing yet.")
        return ChatResult(generations=[ChatGeneration(message=reply)])


def recall_and_answer(state: MessagesState, runtime: Runtime) -> dict[str, list[BaseMessage]]:
    """What was remembered goes into the instructions of the model."""
    assert runtime.store is not None
    found = runtime.store.search(MEMORIES, query=str(state["messages"][-1].content), limit=1)
    known = " ".join(item.value["memory"] for item in found)
    return {"messages": [Parrot().invoke([SystemMessage(f"You know: {known}"), *state["messages"]])]}


def remember(state: MessagesState, runtime: Runtime) -> None:
    """What the person says, unless it is a question, is remembered."""
    assert runtime.store is not None
    for message in state["messages"]:
        if isinstance(message, HumanMessage) and not str(message.content).endswith("?"):
            runtime.store.put(MEMORIES, str(uuid.uuid4()), {"memory": str(message.content)})


def main(path: str) -> None:
    graph = StateGraph(MessagesState)
    graph.add_node("answer", recall_and_answer)
    graph.add_node("remember", remember)
    graph.add_edge(START, "answer")
    graph.add_edge("answer", "remember")
    graph.add_edge("remember", END)
    with Store(path) as store:
        agent = graph.compile(store=EbbmarkStore(store.tenant("agent"), fields=["memory"]))
        for line in ("I am allergic to nuts.", "I moved to Porto.", "What must I not eat?"):
            reply = agent.invoke({"messages": [HumanMessage(line)]})["messages"][-1]
            print(f"> {line}\n{reply.content}")


if __name__ == "__main__":
    main("agent.ebb")
