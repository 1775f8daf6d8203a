#include "cpp-frontend/sharing.h"

#include "cpp-frontend/command.h"
#include "cpp-frontend/limits.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/Path.h"

namespace forklint::cpp {

static constexpr size_t samplesNeeded = 3;

/// After so many units that share, what one of `growsFrom` includes is shared too.
static constexpr unsigned growsAfter[] = {8, 24};
static constexpr unsigned growsFrom = 4;

/// All that a parse depends on, but the unit itself.
static std::string commandOf(const Prepared& unit) {
  llvm::StringRef file = unit.invocation->getFrontendOpts().Inputs[0].getFile();
  std::string command = unit.item.directory + '\0' + llvm::sys::path::extension(file).str();
  for (const std::string& argument : cleanCommand(unit.item))
    if (argument != file) command.append(1, '\0').append(argument);
  return command;
}

Extraction Sharing::extract(const WorkItem& item) {
  Extraction extraction;
  constexpr unsigned stackSize = 64 << 20; // deeply nested source
  limitResources(item.seconds, item.megabytes);
  auto tryOnce = [&] {
    llvm::CrashRecoveryContext recovery;
    return recovery.RunSafelyOnThread([&] { extraction = extractUnsafely(item); }, stackSize);
  };
  if (tryOnce()) return extraction;
  // What a crash leaves behind is not used again, nor freed.
  bool wasShared = shared != nullptr;
  (void)shared.release();
  choice = Choice::None;
  if (wasShared && tryOnce()) return extraction;
  return crashedUnit(item);
}

Extraction Sharing::extractUnsafely(const WorkItem& item) {
  Prepared unit = prepare(item);
  if (!unit.invocation || !item.isSharing) return parse(unit, nullptr, nullptr);
  if (std::string own = commandOf(unit); own != command) {
    *this = Sharing();
    command = std::move(own);
  }
  if (samples.size() < samplesNeeded) return sample(unit);
  if (shared) {
    std::vector<IncludedHeader> headers;
    Extraction extraction = parse(unit, shared.get(), &headers);
    if (extraction.isShared) {
      ++taken;
      grow(unit, headers);
      return extraction;
    }
    refuse(unit);
  }
  return parse(unit, nullptr, nullptr);
}

Extraction Sharing::sample(const Prepared& unit) {
  std::vector<IncludedHeader> headers;
  Extraction extraction = parse(unit, nullptr, &headers);
  samples.push_back(std::move(headers));
  if (samples.size() == samplesNeeded && choice != Choice::None) build(unit);
  return extraction;
}

void Sharing::refuse(const Prepared& unit) {
  if (++refused <= 2 || refused <= taken) return;
  choice = static_cast<Choice>(static_cast<int>(choice) + 1);
  build(unit);
}

void Sharing::build(const Prepared& unit) {
  taken = refused = 0;
  shared.reset();
  for (; choice != Choice::None; choice = static_cast<Choice>(static_cast<int>(choice) + 1))
    if (shared = SharedHeaders::build(unit.item, *unit.invocation, unit.files, names = chosen()); shared)
      return;
}

void Sharing::grow(const Prepared& unit, const std::vector<IncludedHeader>& headers) {
  for (const IncludedHeader& header : headers)
    if (!shared->contents.contains(header.id) && ++counts[header.id] == 1) others.push_back(header);

  if (!llvm::is_contained(growsAfter, taken) || choice == Choice::System) return;
  auto isFrequent = [&](FileId header) { return counts.lookup(header) * growsFrom >= taken; };
  std::vector<std::string> more = names;
  for (const IncludedHeader& header : others)
    if (isFrequent(header.id) && !isFrequent(header.includer)) more.push_back(header.name);
  if (more.size() == names.size()) return;
  std::unique_ptr<SharedHeaders> larger = SharedHeaders::build(unit.item, *unit.invocation, unit.files, more);

  if (!larger) return;
  shared = std::move(larger);
  names = std::move(more);
  others.clear();
}

/// In the order in which samples include them; what another one of them includes is not named.
std::vector<std::string> Sharing::chosen() const {
  llvm::DenseMap<FileId, unsigned> counts;
  for (const IncludedHeader& header : llvm::concat<const IncludedHeader>(samples[0], samples[1], samples[2]))
    ++counts[header.id];
  llvm::DenseSet<FileId> all;
  for (const IncludedHeader& header : llvm::concat<const IncludedHeader>(samples[0], samples[1], samples[2]))
    if (counts.lookup(header.id) >= (choice == Choice::All ? samplesNeeded : samplesNeeded - 1) &&
        (header.isSystem || choice != Choice::System))
      all.insert(header.id);
  std::vector<std::string> names;
  llvm::DenseSet<FileId> done;
  for (const IncludedHeader& header : llvm::concat<const IncludedHeader>(samples[0], samples[1], samples[2]))
    if (all.contains(header.id) && done.insert(header.id).second && !all.contains(header.includer))
      names.push_back(header.name);
  return names;
}

} // namespace forklint::cpp
