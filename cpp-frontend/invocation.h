// Runs Clang on one unit: its command, a parse, facts. Never prints.
#pragma once

#include "cpp-frontend/protocol.h"
#include "cpp-frontend/shared-headers.h"

#include "analyzers/facts/facts.h"

#include "clang/Frontend/CompilerInvocation.h"

#include <memory>
#include <string>
#include <vector>

namespace forklint::cpp {

/// What one unit says, and what it looked for in vain (lookups.h).
struct Extraction {
  facts::UnitFacts facts;
  std::vector<std::string> absent;
  bool isShared = false; // parsed on top of headers that other units share
};

/// A unit whose command is understood, or why it is not.
struct Prepared {
  const WorkItem& item;
  FileSystem files;
  std::shared_ptr<clang::CompilerInvocation> invocation; // null: `failure` says why
  std::string failure;
};

Prepared prepare(const WorkItem& item);

/// What does not compile has facts of what was understood, and a gap with the first error. With `shared`, the
/// result counts only if it `isShared`; `trace` is filled with what was included.
Extraction parse(const Prepared& unit, const SharedHeaders* shared, std::vector<IncludedHeader>* trace);

/// Nothing but a gap.
Extraction crashedUnit(const WorkItem& item);

} // namespace forklint::cpp
