#include "log.h"

#include <condition_variable>
#include <cstdio>
#include <deque>
#include <mutex>
#include <thread>

namespace {

std::mutex linesMutex;
std::condition_variable linesCame;
std::deque<std::string> lines;

void writeLines() {
  for (;;) {
    std::unique_lock<std::mutex> lock(linesMutex);
    linesCame.wait(lock, [] { return !lines.empty(); });
    std::fprintf(stderr, "%s\n", lines.front().c_str());
    lines.pop_front();
  }
}

} // namespace

void startLog() { std::thread(writeLines).detach(); }

void log(const std::string& line) {
  std::lock_guard<std::mutex> lock(linesMutex);
  lines.push_back(line);
  linesCame.notify_one();
}
