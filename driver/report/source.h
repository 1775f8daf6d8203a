// Lines of source for excerpts, read once. A file that cannot be read has no lines. What is given out is safe
// for a terminal: valid UTF-8, no control characters, a tab as one blank.
#pragma once

#include "analyzers/check/finding.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MemoryBuffer.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace forklint::driver {

class SourceCache {
public:
  /// The line as it stands in the file, without its end.
  std::optional<llvm::StringRef> line(const std::string& path, uint32_t number);

private:
  struct File {
    std::unique_ptr<llvm::MemoryBuffer> buffer;
    std::vector<llvm::StringRef> lines;
  };
  std::map<std::string, File> files;
};

/// One line made printable, and where the range lies in it, in terminal columns from 0.
struct Excerpt {
  std::string text;
  unsigned caretStart = 0;
  unsigned caretLength = 0; // 0: no column is known
};

/// The line of `location`, cut to about `width` columns around the range; nothing where the source is not
/// there.
std::optional<Excerpt> excerptAt(SourceCache& sources, const check::Location& location, unsigned width = 120);

/// Valid UTF-8 without control characters.
std::string printable(llvm::StringRef text);

} // namespace forklint::driver
