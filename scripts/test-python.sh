#!/usr/bin/env bash
# Builds the Python wheel, installs it into clean environments, and runs all that its users rely on: the tests with the
# conformance corpus and the adapters, the types, the examples, and the wheel by itself where there is no compiler.
#   test-python.sh           builds, installs and tests
#   test-python.sh stubs     writes the files that follow from the compiled module
#   test-python.sh bench X   runs the benchmark beside the reference program X
set -euo pipefail
task=${1:-test}
cd "$(dirname "$0")/.."

package=bindings-python
work=${CARGO_TARGET_DIR:-target}/python
mkdir -p "$work"
work=$(cd "$work" && pwd)

find_python() {
  local candidate
  for candidate in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
}

python=$(find_python)
if [ -z "$python" ] && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  apt-get update -qq && apt-get install -qq -y python3 python3-venv >/dev/null
  python=$(find_python)
fi
if [ -z "$python" ]; then
  echo "Python 3.11 or later with venv is needed (Debian: apt-get install python3 python3-venv)." >&2
  [ -z "${CI:-}" ] || exit 1
  echo "SKIPPED: THE PYTHON PACKAGE WAS NOT TESTED." >&2
  exit 0
fi

# An environment of its own for a list of requirements; made again when the list changes.
environment() {
  local name=$1 list=$2 mark
  mark=$("$python" -V; cat "$list")
  if [ "$(cat "$work/$name/mark" 2>/dev/null)" != "$mark" ]; then
    rm -rf "${work:?}/$name"
    "$python" -m venv "$work/$name"
    "$work/$name/bin/pip" install --quiet --disable-pip-version-check -r "$list"
    printf '%s\n' "$mark" > "$work/$name/mark"
  fi
}

say() { printf '\n== Python: %s\n' "$*"; }

say "build the wheel"
environment build "$package/requirements/build.txt"
rm -rf "$work/dist" "$work/stubs" "$work/sdist"
export PATH="$work/build/bin:$PATH"
target=$(rustc -vV | sed -n 's/^host: //p')
portable=()
case "$target" in
  *linux-gnu) portable=(--zig --compatibility manylinux2014) ;;
esac
maturin build --quiet --profile wheel --locked --target "$target" ${portable[@]+"${portable[@]}"} -m "$package/Cargo.toml" --out "$work/dist"
wheel=$(ls "$work"/dist/*.whl)
bytes=$(wc -c < "$wheel")
echo "$(basename "$wheel"): $((bytes / 1000)) kB"
[ "$bytes" -le 15000000 ] || { echo "the wheel is larger than 15 MB" >&2; exit 1; }

say "install it into a clean environment"
environment test "$package/requirements/test.txt"
test_python="$work/test/bin/python"
"$test_python" -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall "$wheel"
export PATH="$work/test/bin:$PATH"

if [ "$task" = bench ]; then
  exec "$test_python" "$package/benches/speed.py" "$2"
fi

say "what is made from the module, types and style"
module=$(ls "$work"/test/lib/python*/site-packages/ebbmark/_ebbmark*.so)
pyo3-introspection "$module" _ebbmark "$work/stubs"
if [ "$task" = stubs ]; then
  (cd "$package" && python scripts/stubs.py "$work/stubs/__init__.pyi")
  exit
fi
(cd "$package" && python scripts/stubs.py "$work/stubs/__init__.pyi" --check)
(cd "$package" && ruff check --quiet . && ruff format --quiet --check .)
(cd "$package" && mypy python/ebbmark --exclude crewai.py)
(cd "$package" && mypy examples scripts)
(cd "$package" && stubtest ebbmark._ebbmark --mypy-config-file pyproject.toml --allowlist scripts/stubtest.txt)

say "tests, the conformance corpus, the adapters, the examples"
(cd "$package" && python -m pytest --ignore tests/test_crewai.py)

say "the adapter for CrewAI, in an environment of its own"
environment crewai "$package/requirements/crewai.txt"
"$work/crewai/bin/pip" install --quiet --disable-pip-version-check --no-deps --force-reinstall "$wheel"
(cd "$package" && "$work/crewai/bin/mypy" python/ebbmark/crewai.py)
(cd "$package" && CREWAI_TRACING_ENABLED=false "$work/crewai/bin/python" -m pytest tests/test_crewai.py)

say "the wheel alone, in an empty environment without a compiler"
rm -rf "$work/empty"
"$python" -m venv "$work/empty"
(cd "$(mktemp -d)" && env -i PATH="$work/empty/bin" HOME="$PWD" /bin/sh -ec "
  pip install --quiet --disable-pip-version-check --no-index '$wheel'
  python '$OLDPWD/$package/tests/ten_lines.py' '$OLDPWD/README.md'
")

say "the source distribution"
maturin sdist -m "$package/Cargo.toml" --out "$work/sdist"
mkdir -p "$work/sdist/unpacked"
tar -xzf "$work"/sdist/*.tar.gz -C "$work/sdist/unpacked" --strip-components 1
(cd "$work/sdist/unpacked" && maturin build --quiet --profile dev --target-dir "$work/sdist/target" --out "$work/sdist/dist")
ls "$work"/sdist/dist
