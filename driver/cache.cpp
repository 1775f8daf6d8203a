#include "driver/cache.h"

#include "analyzers/facts/codec.h"
#include "analyzers/support/digest.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Chrono.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>

namespace forklint::driver {
namespace {

namespace fs = llvm::sys::fs;

constexpr std::chrono::hours day{24};
constexpr std::chrono::hours longestUnused = 30 * day;

/// The name and the first line of the file that says that a folder is a cache
/// (https://bford.info/cachedir/).
constexpr llvm::StringLiteral tagName = "CACHEDIR.TAG";
constexpr llvm::StringLiteral tagText = "Signature: 8a477f597d28d172789f06886806bc55\n"
                                        "# Facts that forklint keeps. It is safe to remove this folder.\n";

std::string joined(const std::string& folder, const llvm::Twine& name) {
  llvm::SmallString<256> path(folder);
  llvm::sys::path::append(path, name);
  return std::string(path);
}

std::unique_ptr<llvm::MemoryBuffer> read(const llvm::Twine& path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  return buffer ? std::move(*buffer) : nullptr;
}

void writeWhole(const std::string& path, llvm::StringRef bytes) {
  llvm::Error error = llvm::writeToOutput(path, [&](llvm::raw_ostream& out) {
    out << bytes;
    return llvm::Error::success();
  });
  llvm::consumeError(std::move(error)); // a full disk costs the next run, not this one
}

template <typename Visit> void forEachFile(const std::string& root, Visit visit) {
  std::error_code error;
  for (fs::recursive_directory_iterator entry(root, error, /*follow_symlinks=*/false), end;
       entry != end && !error; entry.increment(error))
    if (auto status = entry->status(); status && status->type() == fs::file_type::regular_file)
      visit(entry->path(), *status);
}

auto ageOf(const fs::basic_file_status& status) {
  return std::chrono::system_clock::now() - status.getLastModificationTime();
}

bool isTag(llvm::StringRef path) { return llvm::sys::path::filename(path) == tagName; }

/// That an entry was asked for is its time; a day more or less does not matter.
void markUsed(const std::string& path) {
  fs::file_status status;
  if (fs::status(path, status) || ageOf(status) < day) return;
  int descriptor = -1;
  if (fs::openFileForWrite(path, descriptor, fs::CD_OpenExisting, fs::OF_Append)) return;
  fs::setLastAccessAndModificationTime(descriptor, std::chrono::system_clock::now());
  llvm::sys::Process::SafelyCloseFileDescriptor(descriptor);
}

} // namespace

std::string Contents::digest(llvm::StringRef path) {
  {
    std::scoped_lock lock(mutex);
    auto known = digests.find(path);
    if (known != digests.end()) return known->second;
  }
  auto buffer = read(path);
  std::string digest = buffer ? digestOf(buffer->getBuffer()) : "";
  std::scoped_lock lock(mutex);
  return digests.try_emplace(path, std::move(digest)).first->second;
}

bool Contents::exists(llvm::StringRef path) {
  {
    std::scoped_lock lock(mutex);
    auto known = there.find(path);
    if (known != there.end()) return known->second;
  }
  bool exists = fs::exists(path);
  std::scoped_lock lock(mutex);
  return there.try_emplace(path, exists).first->second;
}

FactsCache::FactsCache(const std::string& folder, const std::string& frontEnd) : root(folder) {
  auto program = folder.empty() ? nullptr : read(frontEnd);
  if (program) this->folder = joined(folder, digestOf(program->getBuffer()));
}

FactsCache::~FactsCache() {
  if (!hasKept) return;
  if (std::string tag = joined(root, tagName); !fs::exists(tag)) writeWhole(tag, tagText);
  forEachFile(root, [](const std::string& path, const fs::basic_file_status& status) {
    if (!isTag(path) && ageOf(status) > longestUnused) fs::remove(path);
  });
}

std::string FactsCache::entryOf(const cpp::WorkItem& item) const {
  std::string name = digestOf(cpp::formatWorkItem(item));
  return joined(joined(folder, name.substr(0, 2)), name.substr(2));
}

/// Are its inputs what they were, and what was absent still absent?
bool FactsCache::holds(const facts::UnitFacts& facts, llvm::StringRef absent) {
  for (const facts::Input& input : facts.inputs)
    if (contents.digest(input.path) != input.digest) return false;
  while (!absent.empty()) {
    auto [path, rest] = absent.split('\0');
    if (contents.exists(path)) return false;
    absent = rest;
  }
  return true;
}

std::optional<facts::UnitFacts> FactsCache::find(const cpp::WorkItem& item) {
  if (folder.empty()) return std::nullopt;
  std::string path = entryOf(item);
  auto buffer = read(path);
  if (!buffer) return std::nullopt;
  llvm::StringRef bytes = buffer->getBuffer();
  auto frame = cpp::takeFrame(bytes);
  if (!frame) return llvm::consumeError(frame.takeError()), std::nullopt;
  if (!*frame) return std::nullopt;
  auto facts = facts::decode((*frame)->facts);
  if (!facts) return llvm::consumeError(facts.takeError()), std::nullopt;
  if (!holds(*facts, (*frame)->absent)) return std::nullopt;
  markUsed(path);
  return std::move(*facts);
}

void FactsCache::keep(const cpp::WorkItem& item, const cpp::Frame& frame, const facts::UnitFacts& facts) {
  if (folder.empty() || llvm::any_of(facts.gaps, [](const facts::Gap& gap) { return gap.wholeUnit; })) return;
  std::string path = entryOf(item);
  if (fs::create_directories(llvm::sys::path::parent_path(path))) return;
  writeWhole(path, cpp::formatFrame({0, frame.isShared, frame.facts, frame.absent}));
  hasKept = true;
}

std::string defaultCacheFolder() {
  if (auto named = llvm::sys::Process::GetEnv("FORKLINT_CACHE_DIR")) return *named;
  llvm::SmallString<256> folder;
  if (!llvm::sys::path::cache_directory(folder)) return "";
  llvm::sys::path::append(folder, "forklint");
  return std::string(folder);
}

llvm::Expected<unsigned> cleanCache(const std::string& folder) {
  if (!fs::exists(folder)) return 0;
  if (!fs::exists(joined(folder, tagName)))
    return llvm::createStringError(folder + ": has no " + tagName + ", so this is no cache of forklint");
  unsigned units = 0;
  forEachFile(folder, [&](const std::string& path, const auto&) { units += !isTag(path); });
  if (std::error_code error = fs::remove_directories(folder, /*IgnoreErrors=*/false))
    return llvm::createStringError(folder + ": cannot be removed: " + error.message());
  return units;
}

} // namespace forklint::driver
