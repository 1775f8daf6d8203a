"""bad_files.py FOLDER SOUND: makes a folder for each kind of bad file a.py, with a copy of SOUND beside it as b.py."""

import os
import shutil
import sys

FORK = b"import os\nos.fork()\n"
FILES = {
    "big": FORK + b"x = 1\n" * (50 * 1024 * 1024 // 6),
    "latin": b"# fork \xff\xfe\n" + FORK,
    "nested": b"import os\nx = " + b"(" * 10000 + b")" * 10000 + b"\nos.fork()\n",
    "nul": b"import os\0\nos.fork()\n",
    "open": b"import os\nx = " + b"[" * 10000 + b"\nos.fork()\n",
    "stumble": b"import os\npid = f(1, in, os.fork())\n",
    "syntax": b"import os\ndef f(:\n  pass\nos.fork()\n",
    "tame": b"total = 1 +\n",
}

for name, data in FILES.items():
    folder = os.path.join(sys.argv[1], name)
    os.mkdir(folder)
    with open(os.path.join(folder, "a.py"), "wb") as file:
        file.write(data)
    shutil.copy(sys.argv[2], os.path.join(folder, "b.py"))
