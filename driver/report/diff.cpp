#include "driver/report/diff.h"

#include "llvm/ADT/SmallVector.h"

#include <algorithm>

namespace forklint::driver {
namespace {

/// Edits that share a line, in order.
struct Hunk {
  std::vector<check::Edit> edits;
  uint32_t first = 0, last = 0;
};

uint32_t lastLine(const check::Edit& edit) { return std::max(edit.location.line, edit.location.endLine); }

std::vector<Hunk> hunksOf(const check::Fix& fix) {
  std::vector<check::Edit> edits = fix.edits;
  std::stable_sort(edits.begin(), edits.end(), [](const check::Edit& left, const check::Edit& right) {
    return left.location < right.location;
  });
  std::vector<Hunk> hunks;
  for (check::Edit& edit : edits) {
    bool joins = !hunks.empty() && hunks.back().edits.front().location.path == edit.location.path &&
                 edit.location.line <= hunks.back().last;
    if (!joins) hunks.push_back({{}, edit.location.line, edit.location.line});
    hunks.back().last = std::max(hunks.back().last, lastLine(edit));
    hunks.back().edits.push_back(std::move(edit));
  }
  return hunks;
}

/// The text of the hunk's lines after its edits.
std::string edited(const Hunk& hunk, SourceCache& sources) {
  std::string result;
  uint32_t line = hunk.first;
  size_t column = 0; // what is before it has been copied
  const std::string& path = hunk.edits.front().location.path;
  auto lineText = [&](uint32_t number) { return sources.line(path, number).value_or(""); };
  auto copyTo = [&](uint32_t toLine, size_t toColumn) {
    for (; line < toLine; ++line, column = 0)
      (result += lineText(line).substr(column)) += '\n';
    result += lineText(line).slice(column, toColumn);
    column = toColumn;
  };
  for (const check::Edit& edit : hunk.edits) {
    copyTo(edit.location.line, edit.location.column ? edit.location.column - 1 : 0);
    result += edit.replacement;
    line = lastLine(edit);
    uint32_t end = edit.location.endColumn ? edit.location.endColumn : edit.location.column;
    column = end ? end - 1 : 0;
  }
  result += lineText(line).substr(std::min(column, lineText(line).size()));
  return result;
}

} // namespace

std::vector<DiffLine> diffOf(const check::Fix& fix, SourceCache& sources) {
  std::vector<DiffLine> diff;
  for (const Hunk& hunk : hunksOf(fix)) {
    const std::string& path = hunk.edits.front().location.path;
    diff.push_back({'@', path + ":" + std::to_string(hunk.first)});
    for (uint32_t line = hunk.first; line <= hunk.last; ++line)
      if (auto text = sources.line(path, line)) diff.push_back({'-', text->str()});
    std::string after = edited(hunk, sources);
    llvm::SmallVector<llvm::StringRef> lines;
    llvm::StringRef(after).split(lines, '\n');
    for (llvm::StringRef line : lines)
      diff.push_back({'+', line.str()});
  }
  return diff;
}

} // namespace forklint::driver
