"""new_rule.py SOURCE SCRATCH FOLDER: a rule is its folder's two files and nothing else.

Copies the sources to SCRATCH, adds FOLDER (rule.cpp, rule.md) to the catalogue, builds the core, and asks it for the
rule: its page, and what its examples say. SCRATCH is kept, so that the next run builds only what changed.
"""

import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import catalogue
import rulepage

FOLDERS = ("analyzers", "rules", "third_party", "python-frontend", "cpp-frontend", "binary-frontend", "harness",
           "driver")
BUILD = ["-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O0", "-DFORKLINT_CPP_FRONTEND=OFF",
         "-DCMAKE_C_COMPILER=clang-19", "-DCMAKE_CXX_COMPILER=clang++-19", "-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld-19"]


def copy(source, target):
    """Makes `target` what `source` is; files that are the same keep their times, so ninja leaves them."""
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
        for name in set(os.listdir(target)) - set(os.listdir(source)):
            path = os.path.join(target, name)
            shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
        for name in os.listdir(source):
            if name != "__pycache__":
                copy(os.path.join(source, name), os.path.join(target, name))
    elif not os.path.exists(target) or open(source, "rb").read() != open(target, "rb").read():
        shutil.copyfile(source, target)


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: exit status {done.returncode}\n{done.stdout[-6000:]}")
    return done.stdout


def main(source, scratch, folder):
    with open(os.path.join(folder, "rule.md"), encoding="utf-8") as file:
        page = file.read()
    slug = re.search(r"^# (.+)$", page, re.M).group(1)

    os.makedirs(scratch, exist_ok=True)
    copy(os.path.join(source, "CMakeLists.txt"), os.path.join(scratch, "CMakeLists.txt"))
    for name in FOLDERS:
        if os.path.isdir(os.path.join(source, name)):
            # The rule is taken away first: the build has to notice that it came, without being told.
            copy(os.path.join(source, name), os.path.join(scratch, name))
    if not os.path.lexists(os.path.join(scratch, "node_modules")):
        os.symlink(os.path.join(source, "node_modules"), os.path.join(scratch, "node_modules"))

    build = os.path.join(scratch, "build")
    if not os.path.exists(os.path.join(build, "build.ninja")):
        run("cmake", "-S", scratch, "-B", build, *BUILD)
    copy(folder, os.path.join(scratch, "rules", slug))
    run("cmake", "--build", build, "--target", "forklint", "--parallel", str(os.cpu_count()))

    forklint = os.path.join(build, "bin", "forklint")
    problems = list(catalogue.page_problems(slug, page))
    if catalogue.front_matter(page)[0]["summary"] not in run(forklint, "rule", slug):
        problems.append(f"`forklint rule {slug}` does not show its page")
    for group in rulepage.groups_of(page):
        problems += rulepage.check_group(group, forklint, "clang++")
    print("\n".join([*problems, f"{slug}: {len(problems)} problems"]))
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main(*map(os.path.abspath, sys.argv[1:])))
