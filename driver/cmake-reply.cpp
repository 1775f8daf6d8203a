#include "driver/cmake-reply.h"

#include "driver/walk.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <set>

namespace forklint::driver {
namespace {

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;
namespace json = llvm::json;

/// One target as its file has it.
struct Described {
  std::string name, type, onDisk;
  std::vector<std::string> sources; // absolute
  std::vector<std::string> needs;   // the ids of others
  std::vector<std::string> linked;  // words of the command that links it, about libraries
  bool isLinked = false;            // there is such a command

  bool isLibrary() const { return llvm::StringRef(type).ends_with("_LIBRARY") && type != "MODULE_LIBRARY"; }
  bool hasFile() const { return type == "STATIC_LIBRARY" || type == "SHARED_LIBRARY"; }
};

class Reply {
public:
  Reply(const std::string& folder, std::vector<std::string>& notes)
      : folder(folder + "/.cmake/api/v1/reply"), notes(notes) {}

  std::vector<link::BuildTarget> read() {
    std::string index = newestIndex();
    if (index.empty()) return {};
    std::optional<json::Value> whole = load(index);
    const json::Object* root = whole ? whole->getAsObject() : nullptr;
    const json::Array* objects = root ? root->getArray("objects") : nullptr;
    for (size_t i = 0; objects && i < objects->size(); ++i) {
      const json::Object* object = (*objects)[i].getAsObject();
      if (!object || object->getString("kind") != "codemodel") continue;
      if (auto file = object->getString("jsonFile")) addModel(file->str());
    }
    return targets();
  }

private:
  /// Names hold the time of the reply: the last one is the newest.
  std::string newestIndex() const {
    std::string newest;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
      llvm::StringRef name = path::filename(entry->path());
      if (name.starts_with("index-") && name.ends_with(".json") && name > newest) newest = name.str();
    }
    return newest;
  }

  std::optional<json::Value> load(const std::string& name) {
    std::string file = folder + "/" + name;
    auto text = llvm::MemoryBuffer::getFile(file);
    if (!text) {
      notes.push_back(displayPath(file) + ": " + text.getError().message());
      return std::nullopt;
    }
    llvm::Expected<json::Value> value = json::parse((*text)->getBuffer());
    if (value) return std::move(*value);
    notes.push_back(displayPath(file) + ": " + llvm::toString(value.takeError()));
    return std::nullopt;
  }

  /// Of several configurations of one build the first.
  void addModel(const std::string& file) {
    std::optional<json::Value> whole = load(file);
    const json::Object* root = whole ? whole->getAsObject() : nullptr;
    const json::Object* paths = root ? root->getObject("paths") : nullptr;
    const json::Array* configurations = root ? root->getArray("configurations") : nullptr;
    if (!paths || !configurations || configurations->empty()) return;
    std::string source = paths->getString("source").value_or("").str();
    const json::Object* first = configurations->front().getAsObject();
    const json::Array* all = first ? first->getArray("targets") : nullptr;
    for (size_t i = 0; all && i < all->size(); ++i) {
      const json::Object* target = (*all)[i].getAsObject();
      if (!target) continue;
      if (auto described = target->getString("jsonFile"))
        if (std::optional<json::Value> one = load(described->str()))
          if (const json::Object* object = one->getAsObject()) addTarget(*object, source);
    }
  }

  void addTarget(const json::Object& object, const std::string& source) {
    std::string id = object.getString("id").value_or("").str();
    Described target;
    target.name = object.getString("name").value_or("").str();
    target.type = object.getString("type").value_or("").str();
    target.onDisk = object.getString("nameOnDisk").value_or("").str();
    if (const json::Array* sources = object.getArray("sources"))
      for (const json::Value& each : *sources)
        if (const json::Object* one = each.getAsObject())
          if (auto name = one->getString("path")) {
            llvm::SmallString<256> absolute(*name);
            fs::make_absolute(source, absolute);
            target.sources.push_back(absolutePath(absolute));
          }
    if (const json::Array* needs = object.getArray("dependencies"))
      for (const json::Value& each : *needs)
        if (const json::Object* one = each.getAsObject())
          target.needs.push_back(one->getString("id").value_or("").str());
    if (const json::Object* link = object.getObject("link")) {
      target.isLinked = true;
      if (const json::Array* fragments = link->getArray("commandFragments"))
        for (const json::Value& each : *fragments)
          if (const json::Object* one = each.getAsObject(); one && one->getString("role") == "libraries")
            target.linked.push_back(one->getString("fragment").value_or("").str());
    }
    order.push_back(id);
    known.emplace(std::move(id), std::move(target));
  }

  /// What has to be built before is linked only where it is a library, and the command names its file.
  bool links(const Described& target, const Described& needed) const {
    if (!needed.isLibrary()) return false;
    if (!target.isLinked || !needed.hasFile()) return true;
    return llvm::any_of(target.linked, [&](llvm::StringRef word) {
      return path::filename(word.trim("\"' ")) == needed.onDisk;
    });
  }

  void addSources(const Described& target, std::set<std::string>& sources,
                  std::set<const Described*>& seen) const {
    if (!seen.insert(&target).second) return;
    sources.insert(target.sources.begin(), target.sources.end());
    for (const std::string& id : target.needs)
      if (auto needed = known.find(id); needed != known.end() && links(target, needed->second))
        addSources(needed->second, sources, seen);
  }

  std::vector<link::BuildTarget> targets() const {
    std::vector<link::BuildTarget> all;
    for (const std::string& id : order) {
      const Described& target = known.find(id)->second;
      std::set<std::string> sources;
      std::set<const Described*> seen;
      addSources(target, sources, seen);
      if (target.type == "UTILITY" || sources.empty()) continue;
      all.push_back({target.name, target.type == "EXECUTABLE", {sources.begin(), sources.end()}});
    }
    return all;
  }

  std::string folder;
  std::vector<std::string>& notes;
  std::vector<std::string> order; // ids
  std::map<std::string, Described> known;
};

std::string realPath(const std::string& file) {
  llvm::SmallString<256> real;
  return fs::real_path(file, real) ? file : real.str().str();
}

} // namespace

std::vector<link::BuildTarget> readCMakeReply(const std::string& buildFolder,
                                              std::vector<std::string>& notes) {
  return Reply(buildFolder, notes).read();
}

std::vector<link::BuildTarget> builtTargets(Workset& workset) {
  std::vector<link::BuildTarget> all;
  llvm::StringMap<std::string> names; // of units, by where they really are
  for (const Unit& unit : workset.units)
    if (!unit.command.empty()) names[realPath(unit.path)] = unit.display;
  std::set<std::string> read;
  for (const std::string& folder : workset.buildFolders) {
    if (!read.insert(realPath(folder)).second) continue;
    for (link::BuildTarget& target : readCMakeReply(folder, workset.notes)) {
      std::vector<std::string> sources = std::exchange(target.units, {});
      for (const std::string& source : sources)
        if (auto unit = names.find(realPath(source)); unit != names.end())
          target.units.push_back(unit->second);
      if (!target.units.empty()) all.push_back(std::move(target));
    }
  }
  return all;
}

} // namespace forklint::driver
