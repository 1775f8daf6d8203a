// See the header.
#include "harness/reproduce/compilers.h"

#include "harness/reproduce/command.h"
#include "harness/reproduce/places.h"

#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

#include <cstdlib>
#include <vector>

namespace forklint::harness {

llvm::Expected<Compiler> findCompiler() {
  std::vector<std::string> names = {"c++", "g++", "clang++"};
  for (int release = 21; release >= 14; --release)
    names.push_back("clang++-" + std::to_string(release));
  if (const char* chosen = getenv("CXX"); chosen && *chosen) names = {chosen};
  for (const std::string& name : names) {
    const auto path = llvm::sys::findProgramByName(name);
    if (!path) continue;
    const auto version = outputOf({*path, "-dumpfullversion", "-dumpversion"});
    if (version)
      return Compiler{*path,
                      (llvm::sys::path::filename(*path) + " " + llvm::StringRef(*version).trim()).str()};
  }
  return usageError(
      "a scenario in C++ needs a compiler, and none was found (looked for $CXX, c++, g++, clang++)");
}

} // namespace forklint::harness
