"""long_program.py: prints a program whose fork lies behind more instructions than the solver's work bound."""

print("import os\nimport threading\n\n\ndef f(n):\n    return n + 1\n\n\nthreading.Thread(target=print).start()")
for number in range(80_000):
    print(f"x{number} = f({number})")
print("os.fork()")
