// Which headers are shared by which units: learned from the first units of a command, used for the others.
// One process remembers the headers of one command only, so lists go by commands.
#pragma once

#include "cpp-frontend/invocation.h"
#include "cpp-frontend/shared-headers.h"

#include <memory>
#include <string>
#include <vector>

namespace forklint::cpp {

class Sharing {
public:
  /// The facts are those of the unit alone (shared-headers.h), and a crash is a gap of the whole unit.
  Extraction extract(const WorkItem& item);

private:
  /// Each is more likely to serve a unit than the one before, and saves less.
  enum class Choice : uint8_t { Most, All, System, None };

  Extraction extractUnsafely(const WorkItem& item);
  Extraction sample(const Prepared& unit);
  void build(const Prepared& unit);
  void refuse(const Prepared& unit);
  /// After some units: what many of them include as well is shared too.
  void grow(const Prepared& unit, const std::vector<IncludedHeader>& headers);
  std::vector<std::string> chosen() const;

  std::string command; // whose headers these are
  std::vector<std::vector<IncludedHeader>> samples;
  Choice choice = Choice::Most;
  std::vector<std::string> names; // of the headers
  std::unique_ptr<SharedHeaders> shared;
  std::vector<IncludedHeader> others;      // that units include which share these
  llvm::DenseMap<FileId, unsigned> counts; // of units that do
  unsigned taken = 0, refused = 0;         // of the units since `shared` was built
};

} // namespace forklint::cpp
