"""as_nobody.py FORKLINT: checks a folder with a file and a folder in it that this user may not read."""

import os
import shutil
import subprocess
import sys
import tempfile

forklint = sys.argv[1]
user = {"user": 65534, "group": 65534, "extra_groups": []} if os.getuid() == 0 else {}

with tempfile.TemporaryDirectory(dir="/tmp") as root:  # the build may be where only root can go
    os.chmod(root, 0o755)
    program = shutil.copy(forklint, root)
    tree = os.path.join(root, "tree")
    os.makedirs(os.path.join(tree, "folder"))
    for name in ("forklint.toml", "file.py", "folder/a.py"):
        with open(os.path.join(tree, name), "w", encoding="utf-8"):
            pass
    for name in ("file.py", "folder"):
        os.chmod(os.path.join(tree, name), 0)
    for paths in ([], ["folder/a.py"]):
        run = subprocess.run([program, "check", "--output", "concise", *paths], cwd=tree, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, **user)
        print(run.stdout + f"exit {run.returncode}")
    os.chmod(os.path.join(tree, "folder"), 0o755)
