// Starts children in each way that Boost.Process has, so that its headers are instantiated.
#include <boost/process.hpp>
#include <boost/process/extend.hpp>

#include <string>
#include <system_error>
#include <thread>

namespace process = boost::process;

int main() {
  std::thread other([] { process::system("true"); });
  process::ipstream lines;
  std::error_code error;
  process::child throws("ls", process::std_out > lines, process::std_err > process::null);
  process::child tells("ls", process::std_in.close(), process::start_dir = "/", error);
  process::child ignores("ls", process::ignore_error);
  for (std::string line; std::getline(lines, line);) {
  }
  throws.wait();
  tells.wait();
  ignores.wait();
  other.join();
}
