import threading


def flush():
    while True:
        print("metrics")


threading.Thread(target=flush, daemon=True).start()


def application(environ, start_response):
    return []
