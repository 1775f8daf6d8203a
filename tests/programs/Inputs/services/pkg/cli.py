import os
import threading


def chatter():
    while True:
        print("x")


def main():
    threading.Thread(target=chatter).start()
    if os.fork() == 0:
        print("child")
        os._exit(0)
