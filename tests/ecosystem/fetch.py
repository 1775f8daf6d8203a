"""Brings pinned packages into a folder: FOLDER/PROJECT-VERSION/, as they are on the package index that pip uses.

A wheel is fetched for a fixed target, so that the running Python does not matter. Nothing is installed or built.
"""

import glob
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile

PLATFORMS = [f"{tag}_x86_64" for tag in ("manylinux_2_28", "manylinux_2_27", "manylinux_2_24", "manylinux_2_17",
                                         "manylinux2014", "manylinux_2_5", "manylinux1")] + ["any"]

# Makes the folder a project of its own, whatever lies around it.
MARK = ".forklint.toml"


class FetchError(Exception):
    """A package that pip does not give, or that cannot be unpacked."""


def pip_options(package):
    if package.source == "sdist":
        return ["--no-binary", package.project]
    options = ["--only-binary=:all:", "--implementation", "cp", "--python-version", package.source]
    for abi in ("cp" + package.source.replace(".", ""), "abi3", "none"):
        options += ["--abi", abi]
    for platform in PLATFORMS:
        options += ["--platform", platform]
    return options


def download(package, folder):
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
               *pip_options(package), "--dest", folder, f"{package.project}=={package.version}"]
    run = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         text=True, errors="replace")
    files = glob.glob(os.path.join(folder, "*"))
    if run.returncode or len(files) != 1:
        raise FetchError(f"{package.folder}: pip gave nothing: {run.stdout.strip() or 'no file'}")
    return files[0]


def unpack_tar(file, folder):
    """Filters are there since Python 3.11.4; without them, files and folders below `folder` alone are unpacked."""
    if hasattr(tarfile, "data_filter"):
        file.extractall(folder, filter="data")
        return
    root = os.path.realpath(folder)
    inside = [member for member in file if (member.isfile() or member.isdir())
              and os.path.realpath(os.path.join(root, member.name)).startswith(root + os.sep)]
    for member in inside:
        member.mode = 0o755 if member.isdir() else 0o644
    file.extractall(folder, inside)


def unpack(archive, folder):
    """The members of a wheel; of a source archive what its only folder holds. None may lead out of `folder`."""
    if archive.endswith((".whl", ".zip")):
        with zipfile.ZipFile(archive) as file:
            file.extractall(folder)
    else:
        with tarfile.open(archive) as file:
            unpack_tar(file, folder)
    inner = os.listdir(folder)
    if not archive.endswith(".whl") and len(inner) == 1:
        return os.path.join(folder, inner[0])
    return folder


def fetch(package, cache):
    """Unpacks the package below `cache` unless it is there. What is half done is not left there."""
    target = os.path.join(cache, package.folder)
    if os.path.isdir(target):
        return False
    os.makedirs(cache, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix=".fetch-") as scratch:
        got, out = os.path.join(scratch, "got"), os.path.join(scratch, "out")
        os.mkdir(got)
        os.mkdir(out)
        try:
            unpacked = unpack(download(package, got), out)
        except (OSError, tarfile.TarError, zipfile.BadZipFile) as error:
            raise FetchError(f"{package.folder}: cannot be unpacked: {error}") from error
        open(os.path.join(unpacked, MARK), "a").close()
        shutil.move(unpacked, target)
    return True
