"""Makes the files of the package that follow from the compiled module.

    python stubs.py RAW.pyi            writes them; RAW.pyi is what `pyo3-introspection` made
    python stubs.py RAW.pyi --check    compares them with what is there, and fails if one is not what it would be

`_ebbmark.pyi` is the stub of the compiled module; `_names.py` has the names of its enums as `Literal`s; `_async.py` has the
methods of the handles again, awaited. The names are asked of the package that is installed; `ruff` has to be on the path.
"""

from __future__ import annotations

import ast
import importlib.machinery
import importlib.util
import re
import subprocess
import sys
from inspect import cleandoc
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "python" / "ebbmark"
MADE = "is made by scripts/stubs.py from the compiled module; `make stubs` makes it again."

# Handles, by the names of their asynchronous twins.
TWINS = {
    "Maintainer": "AsyncMaintainer",
    "Store": "AsyncStore",
    "Subscription": "AsyncSubscription",
    "Tenant": "AsyncTenant",
}

# Where the names of annotations come from.
STANDARD = {
    "asyncio": ["to_thread"],
    "collections.abc": ["Iterable", "Mapping"],
    "datetime": ["datetime", "timedelta"],
    "types": ["TracebackType"],
    "typing": ["Any", "Final", "Literal", "Self", "final"],
}

# What pyo3 writes, and what is meant.
SPELT = {
    "SupportsFloat | SupportsIndex": "float",
    "SupportsIndex": "int",
    "Final[tuple]": "Final[tuple[str, ...]]",
    "tuple[tuple, dict]": "tuple[tuple[()], dict[str, Any]]",
}

# What does not wait: it only makes another handle.
AT_ONCE = {"with_access", "with_actor", "with_scope", "dry_run"}


def names_module(names: list[tuple[str, list[str]]]) -> str:
    lines = [
        f'"""The names of enums, as types. It {MADE}"""',
        "",
        "from typing import Literal, TypeAlias",
        "",
    ]
    lines += [f"{name}: TypeAlias = Literal[{', '.join(map(repr, known))}]" for name, known in sorted(names)]
    return "\n".join(lines) + "\n"


def stub_module(raw: str) -> str:
    """The stub as pyo3 writes it, with the types that signatures spell, and a default that pyo3 cannot show."""
    tree = ast.parse(raw)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            node.value.value = cleandoc(node.value.value)
        if isinstance(node, ast.arg):
            node.annotation = plain(node.annotation)
        elif isinstance(node, ast.FunctionDef):
            node.returns = plain(node.returns)
    for cls in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        show_default(cls)
        # A method named `list` hides the type within its class.
        if any(isinstance(item, ast.FunctionDef) and item.name == "list" for item in cls.body):
            hidden = (node for node in ast.walk(cls) if isinstance(node, ast.Name) and node.id == "list")
            for node in hidden:
                node.id = "builtins.list"
    body = [node for node in tree.body if not isinstance(node, (ast.Import, ast.ImportFrom))]
    text = "\n\n".join(ast.unparse(node) for node in body)
    for spelt, meant in SPELT.items():
        text = text.replace(spelt, meant)
    return f'"""The compiled module. This stub {MADE}"""\n\n{imports(text)}\n\n{text}\n'


def plain(annotation: ast.expr | None) -> ast.expr | None:
    """An annotation that was spelt as a string, as it is meant."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return ast.parse(annotation.value, mode="eval").body
    return annotation


def show_default(cls: ast.ClassDef) -> None:
    """`Store(embedder="built-in")`: the default is a value of Rust, which pyo3 shows as `...`."""
    for item in cls.body:
        if (
            cls.name != "Store"
            or not isinstance(item, ast.FunctionDef)
            or item.name not in {"__init__", "__new__"}
        ):
            continue
        for argument, default in zip(item.args.kwonlyargs, item.args.kw_defaults, strict=True):
            if argument.arg == "embedder" and isinstance(default, ast.Constant):
                default.value = "built-in"


def imports(text: str) -> str:
    """The imports that a text needs, by the names in it."""
    asked = names_in(ast.parse(text))
    known = dict(STANDARD)
    for module in ("_errors", "_names", "_types"):
        known[f"ebbmark.{module}"] = exported(module)
    lines = ["import builtins"] if "builtins." in text else []
    for module, names in known.items():
        used = [name for name in names if name in asked]
        if used:
            lines.append(f"from {module} import {', '.join(used)}")
    return "\n".join(lines)


def names_in(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def exported(module: str) -> list[str]:
    """The names that a module of the package declares."""
    tree = ast.parse((PACKAGE / f"{module}.py").read_text())
    classes = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    aliases = [
        node.target.id
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    ]
    return sorted(classes + aliases)


def async_module(stub: str) -> str:
    tree = ast.parse(stub)
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    parts = [async_class(classes[name]) for name in sorted(TWINS)]
    text = "\n\n".join(parts)
    found = names_in(ast.parse(text)) & classes.keys()
    lines = [imports(text), f"from ebbmark._ebbmark import {', '.join(sorted(found))}"]
    return (
        f'"""The handles for asyncio: the same methods, each run in a thread and awaited. It {MADE}\n\n'
        "A call that is cancelled while it waits goes on in its thread, and is durable or not as if it had been waited for.\n"
        f'"""\n\nfrom __future__ import annotations\n\n{chr(10).join(lines)}\n\n{text}\n'
    )


def async_class(cls: ast.ClassDef) -> str:
    twin = TWINS[cls.name]
    out = [f"class {twin}:", f'    """`{cls.name}` for asyncio: its methods are awaited."""', ""]
    opened = any(
        isinstance(item, ast.FunctionDef) and item.name in {"__init__", "__new__"} for item in cls.body
    )
    if opened:
        out.append(opener(cls))
    else:
        out.append(f"    def __init__(self, sync: {cls.name}) -> None:\n        self._sync = sync\n")
    out.append(
        f'    @property\n    def sync(self) -> {cls.name}:\n        """The handle whose calls wait."""\n        return self._sync\n'
    )
    for item in cls.body:
        if isinstance(item, ast.FunctionDef):
            out.append(async_method(item))
    return "\n".join(part for part in out if part)


def opener(cls: ast.ClassDef) -> str:
    made = next(
        item
        for item in cls.body
        if isinstance(item, ast.FunctionDef) and item.name in {"__init__", "__new__"}
    )
    arguments = ast.unparse(made.args).replace("cls, /, ", "self, ").replace("cls, ", "self, ")
    return f"    def __init__({arguments}) -> None:\n        self._sync = {cls.name}({passed(made)})\n"


def passed(method: ast.FunctionDef) -> str:
    """The arguments of a method, passed on."""
    positional = [argument.arg for argument in method.args.posonlyargs + method.args.args]
    named = [f"{argument.arg}={argument.arg}" for argument in method.args.kwonlyargs]
    return ", ".join([name for name in positional if name not in {"self", "cls"}] + named)


def async_method(method: ast.FunctionDef) -> str:
    doc = (ast.get_docstring(method) or "").replace("\n", "\n        ")
    indented = f'        """{doc}"""\n' if doc else ""
    name, arguments = method.name, ast.unparse(method.args).replace("self, /", "self")
    returns = ast.unparse(method.returns) if method.returns else "None"
    if name == "__enter__":
        return "    async def __aenter__(self) -> Self:\n        return self\n"
    if name == "__exit__":
        return AEXIT
    if name == "__iter__":
        return ""
    if name == "__next__":
        return ANEXT.format(returns=returns)
    if name.startswith("__"):
        return ""
    wrapped = returns
    for sync, twin in TWINS.items():
        wrapped = re.sub(rf"\b{sync}\b", twin, wrapped)
    if any(
        isinstance(decorator, ast.Name) and decorator.id == "property" for decorator in method.decorator_list
    ):
        return f"    @property\n    def {name}({arguments}) -> {wrapped}:\n{indented}        return self._sync.{name}\n"
    if name in AT_ONCE:
        call = f"self._sync.{name}({passed(method)})"
        return f"    def {name}({arguments}) -> {wrapped}:\n{indented}        return {wrapped}({call})\n"
    call = f"await to_thread({', '.join(filter(None, [f'self._sync.{name}', passed(method)]))})"
    call = call if wrapped == returns else f"{wrapped}({call})"
    return f"    async def {name}({arguments}) -> {wrapped}:\n{indented}        return {call}\n"


AEXIT = """    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await to_thread(self._sync.__exit__, kind, raised, traceback)
"""

ANEXT = '''    def __aiter__(self) -> Self:
        """The changes, each waited for; it does not end by itself."""
        return self

    async def __anext__(self) -> {returns}:
        # A thread that waits cannot be cancelled: it waits for a while only.
        while (found := await to_thread(self._sync.next, 0.5)) is None:
            pass
        return found
'''


def formatted(text: str, name: str) -> str:
    for task in (["check", "--select", "I", "--fix", "--quiet"], ["format"]):
        command = ["ruff", *task, "--stdin-filename", str(PACKAGE / name), "-"]
        text = subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout
    return text


def compiled_names() -> list[tuple[str, list[str]]]:
    """Asks the compiled module without importing the package, whose `_names.py` may not be there yet."""
    package = importlib.util.find_spec("ebbmark")
    assert package is not None, "the package has to be installed"
    assert package.submodule_search_locations
    path = next(Path(package.submodule_search_locations[0]).glob("_ebbmark.*.so"))
    loader = importlib.machinery.ExtensionFileLoader("ebbmark._ebbmark", str(path))
    spec = importlib.util.spec_from_loader("ebbmark._ebbmark", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    names: list[tuple[str, list[str]]] = module._names()
    return names


def main(raw: str, check: bool) -> int:
    stale = 0

    def put(name: str, text: str) -> str:
        nonlocal stale
        text, path = formatted(text, name), PACKAGE / name
        # A field that is compared makes a condition, as columns do in query builders.
        text = re.sub(r"(def __(?:eq|ne)__\(.*-> Condition: \.\.\.)", r"\1  # type: ignore[override]", text)
        if not check:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            print(f"{path.name} is not what it would be: run `make stubs` and commit it", file=sys.stderr)
            stale += 1
        return text

    put("_names.py", names_module(compiled_names()))
    stub = put("_ebbmark.pyi", stub_module(Path(raw).read_text()))
    put("_async.py", async_module(stub))
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], "--check" in sys.argv[2:]))
