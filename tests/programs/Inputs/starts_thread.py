import threading


def chatter():
    while True:
        print("x")


threading.Thread(target=chatter).start()
