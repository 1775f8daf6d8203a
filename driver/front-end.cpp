#include "driver/front-end.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace forklint::driver {

bool FrontEnd::start() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return false;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  char* const arguments[] = {const_cast<char*>(program.c_str()), nullptr};
  int failed = posix_spawn(&process, program.c_str(), &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  connection = ends[0];
  if (!failed) return true;
  process = -1;
  stop();
  return false;
}

int FrontEnd::stop() {
  if (connection >= 0) close(connection);
  connection = -1;
  int status = 0;
  while (process > 0 && waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  process = -1;
  return status;
}

bool FrontEnd::send(llvm::StringRef line) {
  while (!line.empty()) {
    ssize_t sent = ::send(connection, line.data(), line.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return false;
    line = line.drop_front(static_cast<size_t>(sent));
  }
  return true;
}

std::string FrontEnd::receive() {
  std::string bytes;
  char buffer[1 << 16];
  for (;;) {
    ssize_t got = recv(connection, buffer, sizeof buffer, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return "";
    bytes.append(buffer, static_cast<size_t>(got));
    llvm::StringRef rest = bytes;
    auto frame = cpp::takeFrame(rest);
    if (!frame) return llvm::consumeError(frame.takeError()), "";
    if (*frame) return bytes;
  }
}

static std::string howItEnded(int status, const cpp::WorkItem& item) {
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
    return "takes the C++ front end more than " + std::to_string(item.seconds) +
           " s (--unit-time allows more)";
  if (WIFEXITED(status) && WEXITSTATUS(status) == cpp::outOfMemory)
    return "needs more memory than " + std::to_string(item.megabytes) +
           " MB in the C++ front end (--unit-memory allows more)";
  if (WIFSIGNALED(status)) return "the C++ front end was ended by signal " + std::to_string(WTERMSIG(status));
  return "the C++ front end ended early with status " + std::to_string(WEXITSTATUS(status));
}

llvm::Expected<std::string> FrontEnd::ask(const cpp::WorkItem& item) {
  if (process < 0 && !start()) return llvm::createStringError("cannot start forklint-cpp");
  std::string bytes = send(cpp::formatWorkItem(item)) ? receive() : "";
  if (!bytes.empty()) return bytes;
  return llvm::createStringError(howItEnded(stop(), item));
}

} // namespace forklint::driver
