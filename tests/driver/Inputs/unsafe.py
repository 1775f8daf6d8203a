import os
import threading


def work():
    print("working")


threading.Thread(target=work).start()
pid = os.fork()
if pid == 0:
    print("child")
