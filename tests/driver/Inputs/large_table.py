"""Prints a program whose table of handlers is long, with the one that matters at its end."""

rows = "".join(f'    "key{number}": {number},\n' for number in range(5000))
print(f"""import os
import threading


def chatter():
    while True:
        print("x")


def serve():
    if os.fork() == 0:
        print("child")
        os._exit(0)


TABLE = {{
{rows}    "serve": serve,
}}
threading.Thread(target=chatter).start()
TABLE["serve"]()
""")
