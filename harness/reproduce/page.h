// What the harness's pages share. Guarantees: a page is one file that loads nothing, reads in light and dark,
// and every text from elsewhere is escaped.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

#include <string>

namespace forklint::harness {

std::string escaped(llvm::StringRef text);
void beginPage(llvm::raw_ostream& out, llvm::StringRef title);
void endPage(llvm::raw_ostream& out);
/// A bar of `share` (0 to 1) of the full width, in the class's colour: bad, good or plain.
std::string bar(double share, llvm::StringRef colour);

} // namespace forklint::harness
