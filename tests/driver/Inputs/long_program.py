"""long_program.py [function]: prints a program whose fork lies behind more instructions than the solver's work
bound: in the calls of many statements, or, with `function`, in one function that the program calls."""

import sys

print("import os\nimport threading\n\n\ndef f(n):")
if len(sys.argv) == 1:
    print("    threading.Lock()")
print("    return n + 1\n\n\nthreading.Thread(target=print).start()")
indent = ""
if len(sys.argv) > 1:
    print("def long():\n    threading.Lock()")
    indent = "    "
for number in range(40_000):
    print(f"{indent}x{number} = f(f(f(f({number}))))")
if indent:
    print("long()")
print("os.fork()")
