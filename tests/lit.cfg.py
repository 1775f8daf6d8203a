# lit's configuration: what the words that begin with % stand for, and which files are tests. tests/run.py runs lit and
# says by FORKLINT_BUILD which build is tested.
import importlib.util
import os
import shutil
import sys
import sysconfig

import lit.formats

sys.path.insert(0, os.path.dirname(__file__))
import rulepage

tests = os.path.dirname(os.path.abspath(__file__))
source = os.path.dirname(tests)
build = os.path.abspath(os.environ.get("FORKLINT_BUILD", os.path.join(source, "build")))
binaries = os.path.join(build, "bin")
llvm = "/usr/lib/llvm-19/bin"

config.name = "forklint"
config.test_format = rulepage.TestsAndPages(lit.formats.ShTest(execute_external=False), os.path.join(source, "rules"), tests)
config.suffixes = [".test", ".ffacts"]
config.excludes = ["Inputs", "unit", "Output"]
config.test_source_root = tests
config.test_exec_root = os.path.join(build, "tests-output")
if importlib.util.find_spec("psutil"):  # without it lit knows no time limit
    lit_config.maxIndividualTestTime = 900
config.forklint = os.path.join(binaries, "forklint")
config.clang = os.path.join(llvm, "clang++")

# What the user's shell sets must not decide a test; PYTHONUNBUFFERED would hide the article's deadlock.
for name in ("PYTHONUNBUFFERED", "PYTHONPATH", "PYTHONHOME", "NO_COLOR", "FORCE_COLOR"):
    config.environment.pop(name, None)
for name in ("HOME", "PYENV_ROOT", "UV_PYTHON_INSTALL_DIR", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]
config.environment["PATH"] = os.pathsep.join([llvm, binaries, os.environ["PATH"]])
config.environment["LC_ALL"] = "C.UTF-8"
# What tests keep is theirs, and is used by the next ones.
config.environment["FORKLINT_CACHE_DIR"] = os.path.join(config.test_exec_root, "cache")

# The longer word stands first: lit replaces in this order.
config.substitutions += [
    ("%forklint", config.forklint),
    ("%harness", os.path.join(source, "harness")),
    ("%FileCheck", os.path.join(llvm, "FileCheck")),
    ("%python", sys.executable),
    ("%exits", f"{sys.executable} {os.path.join(tests, 'exits.py')}"),
    ("%clang", config.clang),
    ("%build", build),
    ("%source", source),
]

if os.path.exists(config.forklint):
    config.available_features.add("forklint")
if os.path.exists(os.path.join(binaries, "forklint-cpp")):
    config.available_features.add("cpp-frontend")
# Of what builds extensions (packages/debian-12.txt has it for the system's Python).
if os.path.exists(os.path.join(sysconfig.get_paths()["include"], "Python.h")):
    config.available_features.add("python-headers")
if os.path.exists("/usr/include/pybind11/pybind11.h"):
    config.available_features.add("pybind11")
if shutil.which("cmake"):
    config.available_features.add("cmake")
if os.path.isdir(os.path.join(source, ".git")):
    config.available_features.add("git")
