// forklint-python-facts [--stats] FILE...: prints the facts of modules, or counts what could not be read.

#include "analyzers/facts/text.h"
#include "analyzers/facts/verifier.h"
#include "python-frontend/frontend.h"

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

facts::UnitFacts read(llvm::StringRef path, llvm::StringRef text) {
  python::ModuleSource source;
  source.path = path.str();
  source.module = llvm::sys::path::stem(path).str();
  source.package = source.module == "__init__";
  source.text = text;
  return python::extract(source);
}

} // namespace

int main(int argc, char** argv) {
  bool onlyStats = argc > 1 && llvm::StringRef(argv[1]) == "--stats";
  Stats stats;
  for (int i = onlyStats ? 2 : 1; i < argc; ++i) {
    auto buffer = llvm::MemoryBuffer::getFile(argv[i]);
    if (!buffer) {
      llvm::errs() << argv[i] << ": " << buffer.getError().message() << "\n";
      return 2;
    }
    facts::UnitFacts unit = read(argv[i], (*buffer)->getBuffer());
    stats.bytes += (*buffer)->getBufferSize();
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
  return 0;
}
