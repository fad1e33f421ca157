#!/usr/bin/env python3
"""Make `.venv` from the lock file, on a machine that has nothing but Python.

Fetches the pinned uv wheel from the package index, checks its hash, and lets it install what uv.lock names.
Only the standard library is used. `PIP_INDEX_URL` or `UV_DEFAULT_INDEX` name another index.
"""

import hashlib
import io
import json
import os
import platform
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

UV = "0.13.9"
WHEELS = {  # platform → (file name's tail, SHA-256)
    "linux-x86_64": (
        "py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    ),
    "linux-aarch64": (
        "py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64.whl",
        "5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe",
    ),
    "darwin-arm64": (
        "py3-none-macosx_11_0_arm64.whl",
        "66c512266d633bef48384a1f53003f41f2a8e7b36fe6e7fbfd3e0fd52d96fa63",
    ),
    "darwin-x86_64": (
        "py3-none-macosx_10_12_x86_64.whl",
        "c16ed11e013557536b3e60065f1b912f6407bd6518e041b961e23ef9e6b4fbf5",
    ),
    "windows-amd64": (
        "py3-none-win_amd64.whl",
        "6a44b2ed8111d2f60d2b92627c5dccda3f7ed7570b18ce115e569cd68c28246b",
    ),
}
ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"


def find_uv() -> str:
    """The pinned uv: the one fetched before, one on the PATH, or a fresh one."""
    own = TOOLS / f"uv-{UV}"
    if own.exists():
        return str(own)
    found = shutil.which("uv")
    if found:
        version = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
        if f"uv {UV}" in version:
            return found
    return str(fetch_uv(own))


def fetch_uv(own: Path) -> Path:
    system = f"{platform.system()}-{platform.machine()}".lower()
    if system not in WHEELS:
        sys.exit(f"No uv wheel is pinned for {system}. Install uv {UV} by hand and run again.")
    tail, expected = WHEELS[system]
    index = os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("PIP_INDEX_URL") or "https://pypi.org/simple"
    request = urllib.request.Request(
        f"{index.rstrip('/')}/uv/", headers={"Accept": "application/vnd.pypi.simple.v1+json"}
    )
    print(f"Fetching uv {UV} …", file=sys.stderr)
    with urllib.request.urlopen(request, timeout=120) as answer:
        files = json.load(answer)["files"]
    wanted = next((f for f in files if f["filename"] == f"uv-{UV}-{tail}"), None)
    if wanted is None:
        sys.exit(f"The package index does not offer uv-{UV}-{tail}.")
    with urllib.request.urlopen(
        urllib.request.urljoin(request.full_url, wanted["url"]), timeout=600
    ) as answer:
        wheel = answer.read()
    if hashlib.sha256(wheel).hexdigest() != expected:
        sys.exit("The uv wheel's hash is not the pinned one: not used.")
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        program = archive.read(f"uv-{UV}.data/scripts/uv")
    TOOLS.mkdir(exist_ok=True)
    own.write_bytes(program)
    own.chmod(0o755)
    return own


def main() -> None:
    if sys.version_info < (3, 11):
        sys.exit("Python 3.11 or newer is needed.")
    uv = find_uv()
    environment = {
        **os.environ,
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_PROJECT_ENVIRONMENT": str(ROOT / ".venv"),
    }
    subprocess.run(
        [uv, "sync", "--frozen", "--quiet", "--python", sys.executable, *sys.argv[1:]],
        cwd=ROOT,
        env=environment,
        check=True,
    )
    python = ROOT / ".venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    subprocess.run(
        [python, "manage.py", "catalogue", "--compile"],
        cwd=ROOT,
        env={**environment, "DEBUG": "1"},
        check=True,
    )


if __name__ == "__main__":
    main()
