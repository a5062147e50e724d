"""What the jobs run in: a private virtual environment with the rivals, and Ebbmark's binary."""

import hashlib
import json
import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def python(folder: Path) -> Path:
    """The interpreter of a virtual environment that holds just what `requirements.lock` says; it is made if need be."""
    lock = HERE / "requirements.lock"
    state, stamp = hashlib.sha256(lock.read_bytes()).hexdigest(), folder / "lock.sha256"
    binary = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not stamp.exists() or stamp.read_text() != state:
        print(f"installing the rivals (about 6 GB, most of it PyTorch's) into {folder}", file=sys.stderr)
        venv.create(folder, clear=True, with_pip=True)
        if install(binary, "--requirement", lock):
            stamp.write_text(state)
        else:
            # One by one, so that a rival that is not to be had costs its own row only.
            wanted = lock.read_text(encoding="utf-8").splitlines()
            failed = [line for line in wanted if line and not install(binary, line)]
            print(f"COULD NOT INSTALL: {', '.join(failed)}", file=sys.stderr)
    return binary


def install(binary: Path, *what: str | Path) -> bool:
    """Installs what is named and, as the lock names everything, nothing else."""
    options = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-cache-dir")
    return subprocess.run([binary, "-m", "pip", "install", *options, *what]).returncode == 0


def ebbmark() -> Path:
    """The binary `peer`, built."""
    cargo = os.environ.get("CARGO", "cargo")
    build = ("build", "--release", "--locked", "--package", "ebbmark-benches", "--bin", "peer")
    subprocess.run([cargo, *build], cwd=ROOT, check=True)
    metadata = (cargo, "metadata", "--no-deps", "--format-version", "1", "--locked")
    told = subprocess.run(metadata, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    return Path(json.loads(told)["target_directory"], "release", "peer" + (".exe" if os.name == "nt" else ""))


def variables(data: Path, home: Path) -> dict[str, str]:
    """The environment of a job: one thread, no network, no telemetry, and nothing written outside its folder."""
    threads = ("OMP_NUM", "OPENBLAS_NUM", "MKL_NUM", "RAYON_NUM", "TOKIO_WORKER", "LANCE_CPU")
    single = {f"{name}_THREADS": "1" for name in threads}
    quiet = {"MEM0_TELEMETRY": "False", "ANONYMIZED_TELEMETRY": "False", "HF_HUB_OFFLINE": "1", "RUST_LOG": "error"}
    places = {"EBBMARK_DATA": str(data), "MEM0_DIR": str(home / "mem0"), "HOME": str(home), "TMPDIR": str(home)}
    return os.environ | single | quiet | places | {"PYTHONDONTWRITEBYTECODE": "1"}
