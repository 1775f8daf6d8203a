"""fingerprints.py JSON JSON-LINES: prints the fingerprints of a report, which must be the same in both."""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    prints = [finding["fingerprint"] for finding in json.load(file)["findings"]]
with open(sys.argv[2], encoding="utf-8") as file:
    assert prints == [json.loads(line)["fingerprint"] for line in file]
print(f"{len(prints)} findings, {len(set(prints))} fingerprints", *prints, sep="\n")
