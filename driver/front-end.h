// One process of forklint-cpp (cpp-frontend/protocol.h): started when it is asked, again when it has ended.
#pragma once

#include "cpp-frontend/protocol.h"

#include "llvm/Support/Error.h"

#include <string>
#include <sys/types.h>

namespace forklint::driver {

class FrontEnd {
public:
  /// `program` is the path of forklint-cpp.
  explicit FrontEnd(std::string program) : program(std::move(program)) {}
  /// Ends the process, which has nothing to do.
  ~FrontEnd() { stop(); }
  FrontEnd(const FrontEnd&) = delete;
  FrontEnd& operator=(const FrontEnd&) = delete;

  /// The bytes of the frame for `item`; an error says how the process ended, as the end of a sentence about
  /// the unit.
  llvm::Expected<std::string> ask(const cpp::WorkItem& item);

private:
  bool start();
  bool send(llvm::StringRef line);
  /// Empty where the process ends before.
  std::string receive();
  /// Gives the status of the process.
  int stop();

  std::string program;
  pid_t process = -1;
  int connection = -1; // both ways
};

} // namespace forklint::driver
