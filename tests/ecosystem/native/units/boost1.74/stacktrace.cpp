// A stack trace whose names a child finds (addr2line), printed beside another thread.
#define BOOST_STACKTRACE_USE_ADDR2LINE
#include <boost/stacktrace.hpp>

#include <iostream>
#include <thread>

int main() {
  std::thread other([] { std::cout << boost::stacktrace::stacktrace(); });
  other.join();
}
