# stale_database.py COUNT: writes a compile database of COUNT units of two folders, every second of which is there.
import json
import sys

commands = []
for index in range(int(sys.argv[1])):
    path = f"{'src' if index // 2 % 2 else 'generated'}/u{index}.c"
    if index % 2 == 0:
        with open(path, "w", encoding="utf-8") as unit:
            print(f"int f{index}(void) {{ return {index}; }}", file=unit)
    commands.append({"directory": ".", "file": path, "arguments": ["cc", "-c", path]})
with open("compile_commands.json", "w", encoding="utf-8") as database:
    json.dump(commands, database)
