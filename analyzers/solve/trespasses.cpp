// What a child does that runs on its parent's memory, as that of vfork does: what it stores there its parent
// finds. A place that the parent reads afterwards is meant to be its answer.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

/// The record of the child that runs here on its parent's memory, or null. In doubt nothing is noted.
ForkRecord* Interpreter::trespasser(const State& state) {
  if (!state.side || state.doubtful || isRehearsed) return nullptr;
  ForkRecord& record = forkRecords[state.side - 1];
  if (!record.fork.sharesMemory()) return nullptr;
  noteRecord();
  return &record;
}

/// Is it a variable of the function that forked, or of what the child calls, or has it been made by one of
/// these? Nobody else is told to look there.
bool Interpreter::isOwnOfChild(const Frame& frame, const ForkRecord& record, ObjectId owner) {
  if (objects[owner].isGiven) return false;
  if (owner == 0) return false; // a global
  if (owner >= record.firstOwn) return true;
  for (const Frame* each = &frame; each; each = each->caller) {
    const ObjectInfo& info = objects[owner];
    bool isMadeHere = info.made && witnesses.last(info.made).function == each->function;
    if (isMadeHere || owner == localsOf(*each) || ownerOf(info.lies) == localsOf(*each)) return true;
    if (each->function == record.forkedIn) return false;
  }
  return false;
}

void Interpreter::storesInChild(const Site& site, const Config& config) {
  ForkRecord* record = trespasser(config.state);
  if (!record) return;
  for (PlaceId where : placesOf(site.frame, config, site.instruction.place))
    if (!isOwnOfChild(site.frame, *record, ownerOf(where)))
      record->stores.try_emplace(where, pathTo(&site.frame, site.at()));
}

/// What the parent reads behind the fork.
void Interpreter::readsBehindFork(const Site& site, const Config& config) {
  if (!ofRoot.sharesMemory || config.state.parentOf.empty()) return;
  config.state.parentOf.forEach([&](Side side, uint32_t) {
    if (!forkRecords[side - 1].fork.sharesMemory()) return;
    noteRecord();
    for (PlaceId where : placesOf(site.frame, config, site.instruction.place))
      forkRecords[side - 1].readByParent.insert(where);
  });
}

void Interpreter::noteTrespass(const State& state, Trespass::Kind kind, Path path) {
  ForkRecord* record = trespasser(state);
  if (!record) return;
  bool isKnown = llvm::any_of(record->fork.trespasses, [&](const Trespass& known) {
    return known.kind == kind && known.path.back() == path.back();
  });
  if (!isKnown) record->fork.trespasses.push_back({kind, std::move(path)});
}

/// All that the parent reads is known when the root has been run.
void Interpreter::tellStores(ForkRecord& record) {
  for (auto& [where, path] : record.stores) {
    bool isRead = record.readByParent.contains(where);
    auto isSame = [&](const Trespass& known) { return known.path.back() == path.back(); };
    if (llvm::none_of(record.fork.trespasses, isSame))
      record.fork.trespasses.push_back(
          {isRead ? Trespass::Kind::Answers : Trespass::Kind::Stores, std::move(path)});
  }
  record.stores.clear();
  auto key = [](const Trespass& each) {
    const Hop& last = each.path.back();
    return std::tuple(llvm::StringRef(last.function->unit->unit), last.position.line, last.position.column);
  };
  llvm::stable_sort(record.fork.trespasses,
                    [&](const Trespass& a, const Trespass& b) { return key(a) < key(b); });
}

} // namespace forklint::solve
