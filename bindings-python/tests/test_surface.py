"""The promise: the package is whole. All that is public is exported, documented and typed; asyncio has the same handles; and
importing it takes nothing along that it does not need.

It could be broken by a class that is not exported, a method without a docstring, or a method that asyncio lacks.
"""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Callable

import pytest

import ebbmark
from ebbmark import _ebbmark

TWINS = [
    (ebbmark.Store, ebbmark.AsyncStore),
    (ebbmark.Tenant, ebbmark.AsyncTenant),
    (ebbmark.Maintainer, ebbmark._async.AsyncMaintainer),
    (ebbmark.Subscription, ebbmark._async.AsyncSubscription),
]


def public(cls: type) -> dict[str, object]:
    return {name: value for name, value in vars(cls).items() if not name.startswith("_")}


def test_all_that_is_compiled_is_exported() -> None:
    compiled = {name for name in dir(_ebbmark) if not name.startswith("_")} - {"VERSION"}
    assert compiled <= set(ebbmark.__all__)
    assert all(hasattr(ebbmark, name) for name in ebbmark.__all__)
    assert set(ebbmark.__all__) <= set(dir(ebbmark))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        ebbmark.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_the_version_is_the_distributions() -> None:
    from importlib.metadata import version

    assert ebbmark.__version__ == version("ebbmark")


@pytest.mark.parametrize("name", sorted(name for name in ebbmark.__all__ if inspect.isclass(getattr(ebbmark, name))))
def test_every_class_and_member_is_documented(name: str) -> None:
    cls = getattr(ebbmark, name)
    assert (cls.__doc__ or "").strip(), name
    undocumented = [member for member, value in public(cls).items() if not (inspect.getdoc(value) or "").strip()]
    # An attribute of an exception is documented beside its annotation.
    assert not [member for member in undocumented if callable(getattr(cls, member))], undocumented


@pytest.mark.parametrize(("sync", "asynchronous"), TWINS)
def test_asyncio_has_the_same_names_arguments_and_defaults(sync: type, asynchronous: type) -> None:
    assert set(public(asynchronous)) - {"sync"} == set(public(sync))
    for name, method in public(sync).items():
        twin = getattr(asynchronous, name)
        if not callable(method):
            assert isinstance(inspect.getattr_static(asynchronous, name), property)
            continue
        assert shape(method) == shape(twin), name
        assert inspect.getdoc(method) == inspect.getdoc(twin), name
        makes_a_handle = name.startswith("with_") or name == "dry_run"
        assert inspect.iscoroutinefunction(twin) is not makes_a_handle, name


def shape(method: Callable[..., object]) -> list[tuple[str, object, object]]:
    parameters = inspect.signature(method).parameters.values()
    return [(one.name, one.kind is one.KEYWORD_ONLY, one.default) for one in parameters if one.name != "self"]


def test_the_handles_are_opened_with_the_same_arguments() -> None:
    names = [name for name, _, _ in shape(ebbmark.AsyncStore.__init__)]
    assert names == list(inspect.signature(ebbmark.Store).parameters)


def test_importing_takes_nothing_heavy_along() -> None:
    program = "import sys; before = set(sys.modules); import ebbmark; print(*(set(sys.modules) - before))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    heavy = {"numpy", "asyncio", "langgraph", "langchain_core", "agents", "llama_index", "crewai", "anthropic", "pydantic"}
    assert not heavy & {module.split(".")[0] for module in run.stdout.split()}
