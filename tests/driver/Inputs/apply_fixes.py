"""apply_fixes.py REPORT FILE: prints FILE with the edits of all fixes of the report, which must compile."""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    findings = json.load(file)["findings"]
with open(sys.argv[2], encoding="utf-8") as file:
    text = file.read()

starts = [0]
for line in text.splitlines(keepends=True):
    starts.append(starts[-1] + len(line))
edits = [edit for finding in findings for fix in finding.get("fixes", []) for edit in fix["edits"]]
for edit in sorted(edits, key=lambda edit: (edit["line"], edit["column"]), reverse=True):
    begin = starts[edit["line"] - 1] + edit["column"] - 1
    end = starts[edit["end_line"] - 1] + edit["end_column"] - 1
    text = text[:begin] + edit["replacement"] + text[end:]
compile(text, sys.argv[2], "exec")
print(text)
