bind = "0.0.0.0:8000"
preload_app = True  # saves memory


def post_fork(server, worker):
    print(worker)
