// The same by vfork. Boost's own header defines the macro for an old _XOPEN_SOURCE alone.
#define BOOST_POSIX_HAS_VFORK 1
#include <boost/process.hpp>
#include <boost/process/posix.hpp>

#include <system_error>
#include <thread>

namespace process = boost::process;

int main() {
  std::thread other([] {});
  std::error_code error;
  process::child throws("ls", process::posix::use_vfork, process::std_err > process::null);
  process::child tells("ls", process::posix::use_vfork, process::std_out > process::null, error);
  process::child ignores("ls", process::posix::use_vfork, process::ignore_error);
  throws.wait();
  tells.wait();
  ignores.wait();
  other.join();
}
