// A server whose log is written by a thread (log.cpp) and whose requests are served by forked children: a
// child that logs takes a mutex that the thread may have held at the fork, and waits for ever.
#include "log.h"

#include <sys/wait.h>
#include <unistd.h>

static void serve(int request) { log("request " + std::to_string(request)); }

int main() {
  startLog();
  for (int request = 0; request < 1000; ++request) {
    log("accepted");
    pid_t child = fork();
    if (child == 0) {
      serve(request);
      _exit(0);
    }
    waitpid(child, nullptr, 0);
  }
  _exit(0); // nobody joins the log's thread: what it waits on must not be destroyed under it
}
