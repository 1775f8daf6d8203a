// What a project allows of the packages that it uses: from pyproject.toml, requirements*.txt and setup.cfg,
// or, where there is one, from the lock file, which says it exactly. What cannot be read allows all.
#pragma once

#include "analyzers/link/models.h"

#include "llvm/ADT/StringRef.h"

namespace forklint::driver {

/// Adds what a file of this name says. Packages of several files keep all their ranges.
void readPins(llvm::StringRef fileName, llvm::StringRef text, link::Pins& pins);

/// What the files in the folders of the projects say.
link::Pins pinsOf(llvm::ArrayRef<std::string> folders);

} // namespace forklint::driver
