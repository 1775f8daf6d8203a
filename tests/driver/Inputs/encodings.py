"""encodings.py FOLDER: sources that declare encodings. The running Python says itself which of them it takes."""

import encodings
import encodings.aliases
import os
import pkgutil
import sys

BODY = "import os\nos.fork()\n"
MORE = ["latin-1", "Latin_1-unix", "ISO-8859-15", "utf-8-dos", "UTF8", "utf--8", "windows-1251", "US-ASCII", "shift-jis"]
UNKNOWN = {
    "nosuch": "# -*- coding: nosuch -*-\n",
    "second": "#!/usr/bin/python3\n# coding: utf8-unix\n",
    "rot13": "# -*- coding: rot13 -*-\n",
    "utf-16": "# -*- coding: utf-16 -*-\n",
    "mark": "\N{BYTE ORDER MARK}# -*- coding: latin-1 -*-\n",
}
NO_DECLARATION = {
    "third": "#!/usr/bin/python3\n\n# coding: nosuch\n",
    "behind": "import os\n# coding: nosuch\n",
    "string": "'coding: nosuch'\n",
    "word": "# its encoding is nosuch\n",
    "twice": "# the coding is coding: latin-1\n",
}


def accepts(source):
    try:
        compile(source.encode(), "source.py", "exec")
    except SyntaxError:
        return False
    return True


def write(folder, name, source):
    path = os.path.join(sys.argv[1], folder)
    os.makedirs(path, exist_ok=True)
    with open(os.path.join(path, name + ".py"), "w", encoding="utf-8") as file:
        file.write(source)


names = {*encodings.aliases.aliases, *encodings.aliases.aliases.values(), *MORE}
names.update(module.name for module in pkgutil.iter_modules(encodings.__path__))
for name in sorted(names):
    source = f"# -*- coding: {name} -*-\n{BODY}"
    if accepts(source):
        write("known", name, source)
for name, head in NO_DECLARATION.items():
    assert accepts(head + BODY), name
    write("known", name, head + BODY)
for name, head in UNKNOWN.items():
    assert not accepts(head + BODY), name
    write("unknown", name, head + BODY)
