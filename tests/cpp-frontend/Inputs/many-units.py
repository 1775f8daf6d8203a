# many-units.py FOLDER: units of one command, most of which include the same, and the headers.
import json
import os
import sys

os.chdir(sys.argv[1])
FILES = {
    "config.h": "#define WITH_CHECKS 1\n",
    "kind.h": "#pragma once\nvoid quick(); void slow();\n"
    "#ifdef SLOW\ninline void kind() { slow(); }\n#else\ninline void kind() { quick(); }\n#endif\n",
    "plain.h": "#pragma once\nint plain();\n",
    "late.h": "#pragma once\n#define LATE 1\n",
    "checks.h": "#pragma once\nvoid checked(); void unchecked();\n"
    "#ifdef WITH_CHECKS\ninline void check() { checked(); }\n#else\ninline void check() { unchecked(); }\n#endif\n"
    "inline void told() { unchecked(); } // forklint: ignore[unsafe-call-in-child] of a header\n",
}
USUAL = '#include "config.h"\n#include "kind.h"\n#include "checks.h"\n#include "plain.h"\n#include "late.h"\n#include <vector>\n#include <string>\n'
BODY = "void unit{0}(std::vector<std::string>& all) {{ kind(); check(); plain(); told(); all.push_back(\"{0}\"); }}\n"
UNITS = {f"a{i}.cpp": USUAL + BODY.format(i) for i in range(12)}
UNITS |= {
    "odd-macro.cpp": "#define SLOW 1\n" + USUAL + BODY.format("macro"),
    "odd-order.cpp": '#include <vector>\n#include <string>\n#include "late.h"\n#include "plain.h"\n#include "config.h"\n'
    '#include "checks.h"\n#include "kind.h"\n' + BODY.format("order"),
    "odd-braces.cpp": '#include "config.h"\nextern "C" {\n#include "plain.h"\n}\nvoid braces() { plain(); }\n',
    "odd-asks.cpp": '#include "config.h"\nvoid with(); void without();\n'
    "#ifdef LATE\nvoid asks() { with(); }\n#else\nvoid asks() { without(); }\n#endif\n",
    "odd-error.cpp": USUAL + "void broken() { nothing(); plain(); }\n",
}
FILES["forklint.toml"] = ""  # nothing around the folder is of the project
for name, text in (FILES | UNITS).items():
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)
with open("compile_commands.json", "w", encoding="utf-8") as file:
    json.dump([{"directory": ".", "file": name, "command": f"c++ -std=c++17 -c {name}"} for name in sorted(UNITS)], file)
