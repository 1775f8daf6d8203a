// Facts of C and C++ units, kept on disk by content: the front end's own bytes, the command, and all that the
// parse read or looked for. Whatever of that is another than it was is a miss, and so is what cannot be read;
// nothing here is ever an error. Only facts are kept, no findings: rows and options do not touch them.
//
// One file a unit, written beside its place and renamed, so that several runs can share a folder. What nobody
// has asked for in a month is taken away.
#pragma once

#include "analyzers/facts/facts.h"
#include "cpp-frontend/protocol.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

#include <atomic>
#include <mutex>
#include <optional>
#include <string>

namespace forklint::driver {

/// What files hold now; each is read once. Threads may share one.
class Contents {
public:
  /// Empty where there is no such file.
  std::string digest(llvm::StringRef path);
  bool exists(llvm::StringRef path);

private:
  std::mutex mutex;
  llvm::StringMap<std::string> digests;
  llvm::StringMap<bool> there;
};

class FactsCache {
public:
  /// An empty `folder` keeps and finds nothing. `frontEnd` is the program that makes the facts.
  FactsCache(const std::string& folder, const std::string& frontEnd);
  /// Takes away what is old, if this run has kept anything.
  ~FactsCache();
  FactsCache(const FactsCache&) = delete;
  FactsCache& operator=(const FactsCache&) = delete;

  std::optional<facts::UnitFacts> find(const cpp::WorkItem& item);
  /// Facts of what could not be read as a whole are not kept: the reason may go away unseen.
  void keep(const cpp::WorkItem& item, const cpp::Frame& frame, const facts::UnitFacts& facts);

private:
  std::string entryOf(const cpp::WorkItem& item) const;
  bool holds(const facts::UnitFacts& facts, llvm::StringRef absent);

  std::string root;   // of all front ends
  std::string folder; // of this one; empty: no cache
  Contents contents;
  std::atomic<bool> hasKept = false;
};

/// Where facts are kept unless the user says where: FORKLINT_CACHE_DIR, else the user's folder for caches.
/// Empty where there is none.
std::string defaultCacheFolder();

/// Removes all that a cache keeps in `folder`; a folder that is no cache of forklint is an error. Gives the
/// number of units.
llvm::Expected<unsigned> cleanCache(const std::string& folder);

} // namespace forklint::driver
