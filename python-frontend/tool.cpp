// forklint-python-facts [--stats | --parts] FILE...: prints the facts of modules, or counts what could not be
// read, or tells which say something else when their functions are read one by one.

#include "analyzers/facts/text.h"
#include "analyzers/facts/verifier.h"
#include "python-frontend/compare.h"

#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace forklint;

namespace {

struct Stats {
  size_t files = 0, bytes = 0, statements = 0, functions = 0, instructions = 0, calls = 0, gaps = 0,
         withGaps = 0, wholeUnit = 0, invalid = 0;
};

void count(const facts::UnitFacts& unit, Stats& stats) {
  ++stats.files;
  stats.statements += unit.chunks.size();
  for (const facts::Chunk& chunk : unit.chunks)
    for (const facts::Function& function : chunk.functions) {
      ++stats.functions;
      stats.instructions += function.instructions.size();
      for (const facts::Instruction& instruction : function.instructions)
        stats.calls += instruction.kind == facts::InstructionKind::Call;
    }
  if (llvm::Error error = facts::verify(unit)) {
    ++stats.invalid;
    llvm::outs() << unit.unit << ": " << llvm::toString(std::move(error)) << "\n";
  }
  stats.gaps += unit.gaps.size();
  stats.withGaps += !unit.gaps.empty();
  for (const facts::Gap& gap : unit.gaps) {
    stats.wholeUnit += gap.wholeUnit;
    llvm::outs() << unit.unit << ":" << gap.position.line << ":" << gap.position.column << ": " << gap.reason
                 << "\n";
  }
}

python::ModuleSource sourceOf(llvm::StringRef path, llvm::StringRef text) {
  python::ModuleSource source;
  source.path = path.str();
  source.module = llvm::sys::path::stem(path).str();
  source.package = source.module == "__init__";
  source.text = text;
  return source;
}

} // namespace

int main(int argc, char** argv) {
  llvm::StringRef mode = argc > 1 ? argv[1] : "";
  bool onlyStats = mode == "--stats", inParts = mode == "--parts";
  Stats stats;
  python::Comparison parts;
  size_t differing = 0;
  for (int i = onlyStats || inParts ? 2 : 1; i < argc; ++i) {
    auto buffer = llvm::MemoryBuffer::getFile(argv[i]);
    if (!buffer) {
      llvm::errs() << argv[i] << ": " << buffer.getError().message() << "\n";
      return 2;
    }
    python::ModuleSource source = sourceOf(argv[i], (*buffer)->getBuffer());
    stats.bytes += (*buffer)->getBufferSize();
    if (inParts) {
      python::Comparison found = python::compareParts(source);
      ++stats.files;
      parts.bodies += found.bodies;
      parts.bytes += found.bytes;
      differing += !found.difference.empty();
      if (!found.difference.empty()) llvm::outs() << argv[i] << ": " << found.difference << "\n";
      continue;
    }
    facts::UnitFacts unit = python::extract(source);
    if (onlyStats)
      count(unit, stats);
    else
      facts::print(unit, llvm::outs());
  }
  if (onlyStats)
    llvm::outs() << stats.files << " files, " << stats.bytes << " bytes, " << stats.statements
                 << " statements, " << stats.functions << " functions, " << stats.instructions
                 << " instructions, " << stats.calls << " calls, " << stats.gaps << " gaps in "
                 << stats.withGaps << " files, " << stats.wholeUnit << " whole units, " << stats.invalid
                 << " invalid\n";
  if (inParts)
    llvm::outs() << stats.files << " files, " << stats.bytes << " bytes, " << parts.bodies
                 << " bodies left out, " << parts.bytes << " bytes of them, " << differing
                 << " files that differ\n";
  return differing ? 1 : 0;
}
