#include "driver/report/source.h"

#include "analyzers/support/lines.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Unicode.h"

#include <algorithm>

namespace forklint::driver {
namespace {

unsigned columns(llvm::StringRef text) {
  int width = llvm::sys::unicode::columnWidthUTF8(text);
  return width < 0 ? static_cast<unsigned>(text.size()) : static_cast<unsigned>(width);
}

/// Moves `at` back to where a character begins.
size_t characterStart(llvm::StringRef text, size_t at) {
  at = std::min(at, text.size());
  while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80)
    --at;
  return at;
}

} // namespace

std::optional<llvm::StringRef> SourceCache::line(const std::string& path, uint32_t number) {
  auto [entry, fresh] = files.try_emplace(path);
  File& file = entry->second;
  if (fresh && llvm::sys::fs::is_regular_file(path)) { // a pipe would be waited for
    auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
    if (buffer) {
      file.buffer = std::move(*buffer);
      for (llvm::StringRef rest = file.buffer->getBuffer(); !rest.empty();) {
        auto [head, tail] = splitLine(rest);
        file.lines.push_back(head);
        rest = tail;
      }
    }
  }
  if (number == 0 || number > file.lines.size()) return std::nullopt;
  return file.lines[number - 1];
}

std::string printable(llvm::StringRef text) {
  std::string result = llvm::json::isUTF8(text) ? text.str() : llvm::json::fixUTF8(text);
  for (char& each : result) {
    unsigned char byte = static_cast<unsigned char>(each);
    if (byte < 0x20 || byte == 0x7f) each = ' ';
  }
  return result;
}

std::optional<Excerpt> excerptAt(SourceCache& sources, const check::Location& location, unsigned width) {
  std::optional<llvm::StringRef> line = sources.line(location.path, location.line);
  if (!line) return std::nullopt;
  size_t start = location.column ? characterStart(*line, location.column - 1) : 0;
  bool oneLine = location.endLine <= location.line;
  size_t end = oneLine && location.endColumn > location.column ? location.endColumn - 1 : line->size();
  if (oneLine && location.endColumn == 0) end = start + 1;
  end = std::max(characterStart(*line, end), start);

  size_t from = 0, to = line->size();
  if (line->size() > width) {
    from = start > width / 3 ? characterStart(*line, start - width / 3) : 0;
    to = characterStart(*line, std::min(line->size(), from + width));
    end = std::min(end, to);
  }
  Excerpt excerpt;
  std::string before = printable(line->slice(from, start)), range = printable(line->slice(start, end));
  if (from > 0) before = "..." + before;
  excerpt.text = before + range + printable(line->slice(end, to)) + (to < line->size() ? "..." : "");
  excerpt.caretStart = columns(before);
  if (location.column) excerpt.caretLength = std::max(1u, columns(range));
  return excerpt;
}

} // namespace forklint::driver
