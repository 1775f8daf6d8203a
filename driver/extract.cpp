// See extract.h.
#include "driver/extract.h"

#include "analyzers/facts/text.h"
#include "analyzers/facts/verifier.h"
#include "python-frontend/frontend.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/thread.h"

#include <atomic>

namespace forklint::driver {
namespace {

/// Deeply nested source recurses deeply.
constexpr unsigned stackSize = 256u << 20;

llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> readSource(const std::string& path) {
  llvm::sys::fs::file_status status;
  if (std::error_code error = llvm::sys::fs::status(path, status))
    return llvm::createStringError("cannot be read: " + llvm::Twine(error.message()));
  if (status.type() != llvm::sys::fs::file_type::regular_file)
    return llvm::createStringError("is not a regular file");
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer) return llvm::createStringError("cannot be read: " + llvm::Twine(buffer.getError().message()));
  return std::move(*buffer);
}

python::Outline extractPython(const Unit& unit, llvm::StringRef text, bool whole) {
  python::ModuleSource source{unit.display, unit.module,
                              llvm::sys::path::filename(unit.path) == "__init__.py", text};
  if (isNotebook(unit.path)) return {python::extractNotebook(source), nullptr};
  return whole ? python::Outline{python::extract(source), nullptr} : python::extractOutline(source);
}

facts::UnitFacts readFacts(const Unit& unit, llvm::StringRef text) {
  auto parsed = facts::parse(text, unit.display);
  if (!parsed) return gapUnit(unit, llvm::toString(parsed.takeError()));
  if (llvm::Error error = facts::verify(*parsed)) {
    std::string broken = llvm::toString(std::move(error));
    return gapUnit(unit, "breaks a promise of the facts: " + llvm::StringRef(broken).split('\n').first.str());
  }
  return std::move(*parsed);
}

python::Outline extractOne(const Unit& unit, bool whole) {
  auto source = readSource(unit.path);
  if (!source) return {gapUnit(unit, llvm::toString(source.takeError())), nullptr};
  llvm::StringRef text = (*source)->getBuffer();
  if (unit.language == Language::Facts) return {readFacts(unit, text), nullptr};
  return extractPython(unit, text, whole);
}

/// Paths of a front end are relative to where it worked.
void makeDisplayed(facts::UnitFacts& facts, const Unit& unit) {
  if (unit.language == Language::Facts) return;
  auto displayed = [&](std::string& path) {
    llvm::SmallString<256> absolute(path);
    if (!unit.directory.empty()) llvm::sys::fs::make_absolute(absolutePath(unit.directory), absolute);
    path = displayPath(absolute);
  };
  facts.unit = unit.display;
  for (std::string& file : facts.files)
    displayed(file);
}

} // namespace

facts::UnitFacts gapUnit(const Unit& unit, std::string reason) {
  facts::UnitFacts facts;
  facts.unit = unit.display;
  facts.files = {unit.path};
  bool python = unit.language == Language::Python || unit.language == Language::Facts;
  facts.language = python ? "python" : unit.language == Language::C ? "c" : "c++";
  facts.module = unit.module;
  facts.hadErrors = true;
  facts.gaps.push_back({{}, std::move(reason), /*wholeUnit=*/true});
  return facts;
}

Extraction extractAll(const Workset& workset, const Resources& resources, bool whole) {
  const std::vector<Unit>& units = workset.units;
  Extraction extraction;
  std::vector<facts::UnitFacts>& results = extraction.units;
  results.resize(units.size());
  extraction.unread.resize(units.size());
  extraction.cached.resize(units.size());
  extraction.sharing.resize(units.size());
  std::vector<size_t> here, cpp;
  for (size_t index = 0; index < units.size(); ++index) {
    bool inProcess = units[index].language == Language::Python || units[index].language == Language::Facts;
    (inProcess ? here : cpp).push_back(index);
  }

  std::atomic<size_t> next = 0;
  auto work = [&] {
    for (size_t at = next++; at < here.size(); at = next++) {
      python::Outline outline = extractOne(units[here[at]], whole);
      results[here[at]] = std::move(outline.facts);
      extraction.unread[here[at]] = std::move(outline.unread);
    }
  };
  std::vector<llvm::thread> threads;
  size_t count = std::min<size_t>(resources.jobs, (here.size() + 7) / 8);
  threads.reserve(count);
  for (size_t thread = 0; thread < count; ++thread)
    threads.emplace_back(std::optional<unsigned>(stackSize), work);
  for (llvm::thread& thread : threads)
    thread.join();

  if (!cpp.empty()) extractCpp(units, cpp, resources, extraction);
  for (size_t index = 0; index < units.size(); ++index)
    makeDisplayed(results[index], units[index]);
  return extraction;
}

} // namespace forklint::driver
