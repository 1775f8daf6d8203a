// See discover.h.
#include "driver/discover.h"

#include "driver/database.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <set>

namespace forklint::driver {
namespace {

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

bool isSource(Language language) { return language == Language::C || language == Language::Cxx; }
bool isCpp(Language language) { return isSource(language) || language == Language::Header; }

std::string folderOf(llvm::StringRef file) { return path::parent_path(file).str(); }

class Discovery {
public:
  Discovery(const CheckOptions& options, Configurations& configurations, Telling isTelling)
      : options(options), configurations(configurations), isTelling(isTelling) {}

  llvm::Expected<Workset> run() {
    for (const std::string& given : options.paths)
      if (llvm::Error error = addPath(given)) return error;
    if (llvm::Error error = addDatabases()) return error;
    for (auto& [file, unit] : units)
      workset.units.push_back(std::move(unit));
    return std::move(workset);
  }

private:
  /// The units of the project around one PATH.
  llvm::Error addPath(const std::string& given) {
    std::string absolute = absolutePath(given);
    fs::file_status status, link;
    if (std::error_code error = fs::status(absolute, status)) {
      bool broken =
          !fs::status(absolute, link, /*follow=*/false) && link.type() == fs::file_type::symlink_file;
      if (!broken) return llvm::createStringError(given + ": " + whyMissing(error));
    }
    workset.requested.push_back(absolute);
    bool isFolder = fs::is_directory(absolute);
    Language language = isFolder ? Language::Other : languageOf(absolute);
    if (!isFolder && language == Language::Other)
      return llvm::createStringError(given + ": neither a folder nor a Python, C, C++ or .ffacts file");
    if (isCpp(language)) cppNamed = true;
    if (language == Language::Facts)
      return add({absolute, language}, folderOf(absolute), /*explicitly=*/true), llvm::Error::success();

    auto project = projectOf(isFolder ? absolute : folderOf(absolute));
    if (!project) return project.takeError();
    if (!project->empty()) marked.insert(*project);
    if (isFolder) {
      addBelow(absolute, project->empty() ? absolute : *project);
    } else {
      add({absolute, language}, project->empty() ? aroundPackage(absolute) : *project, /*explicitly=*/true);
    }
    if (project->empty()) return isFolder ? llvm::Error::success() : addNeighbours(aroundPackage(absolute));
    if (walked.insert(*project).second) addBelow(*project, *project);
    return llvm::Error::success();
  }

  void addBelow(const std::string& folder, const std::string& project) {
    Walk found = walk(folder);
    for (const FoundFile& file : found.files)
      add(file, project, /*explicitly=*/false);
    for (const std::string& file : found.declaring)
      workset.declaring.try_emplace(file, project);
    for (const ClosedFolder& each : found.closed)
      if (closed.insert(each.path).second) {
        check::Finding finding;
        finding.rule = "unanalyzed-unit";
        finding.location.path = displayPath(each.path);
        finding.message = "not analysed: the folder cannot be read: " + each.reason;
        workset.findings.push_back(std::move(finding));
        if (isRequested(each.path)) ++workset.closedFolders;
      }
  }

  /// The folder of the nearest configuration, else the repository's root, else nothing.
  llvm::Expected<std::string> projectOf(const std::string& folder) {
    auto config = configurations.of(folder);
    if (!config) return config.takeError();
    if (!(*config)->file.empty()) return folderOf((*config)->file);
    return nearestWith(folder, {".git"});
  }

  /// The folder of a file outside any project, or that of the whole package that it lies in.
  static std::string aroundPackage(const std::string& file) {
    llvm::StringRef folder = path::parent_path(file);
    while (folder.size() > 1 && fs::exists(folder + "/__init__.py"))
      folder = path::parent_path(folder);
    return folder.str();
  }

  /// A file outside any project: its folder's own files and packages, not everything below.
  llvm::Error addNeighbours(const std::string& folder) {
    if (!walked.insert(folder).second) return llvm::Error::success();
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
      bool isPackage = fs::exists(entry->path() + "/__init__.py");
      if (isPackage && !isSkipped(entry->path()))
        addBelow(entry->path(), folder);
      else if (path::extension(entry->path()) == ".py")
        add({entry->path(), Language::Python}, folder, false);
    }
    return llvm::Error::success();
  }

  static bool isSkipped(llvm::StringRef folder) { return path::filename(folder).starts_with("."); }

  void add(const FoundFile& file, const std::string& project, bool explicitly) {
    auto [entry, fresh] = units.try_emplace(file.path);
    Unit& unit = entry->second;
    unit.explicitly |= explicitly;
    unit.requested |= isRequested(file.path);
    if (!fresh) return;
    unit.path = file.path;
    unit.display = displayPath(file.path);
    unit.language = file.language;
    unit.project = project;
  }

  bool isRequested(llvm::StringRef file) const {
    return llvm::any_of(workset.requested, [&](const std::string& each) { return isBelow(file, each); });
  }

  /// -p, else the nearest database of each PATH; also in a `build` folder on the way up.
  std::vector<std::string> databases() const {
    if (!options.buildDirectory.empty()) {
      llvm::SmallString<256> file(absolutePath(options.buildDirectory));
      if (fs::is_directory(file)) path::append(file, "compile_commands.json");
      return {file.str().str()};
    }
    std::set<std::string> found;
    for (const std::string& each : workset.requested) {
      std::string folder = fs::is_directory(each) ? each : folderOf(each);
      static const llvm::StringRef names[] = {"compile_commands.json", "build/compile_commands.json"};
      std::string holder = nearestWith(folder, names);
      for (llvm::StringRef name : names)
        if (!holder.empty() && fs::exists(holder + "/" + name.str())) {
          found.insert(holder + "/" + name.str());
          break;
        }
      if (holder != folder && folder == each) addDatabasesOfSubfolders(each, found);
    }
    return {found.begin(), found.end()};
  }

  /// A folder of several projects, each with its own database.
  static void addDatabasesOfSubfolders(const std::string& folder, std::set<std::string>& found) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
      std::string file = entry->path() + "/compile_commands.json";
      if (!isSkipped(entry->path()) && fs::exists(file)) found.insert(file);
    }
  }

  llvm::Error addDatabases() {
    bool wanted = !options.buildDirectory.empty() || llvm::any_of(units, [](const auto& entry) {
      return entry.second.requested && isCpp(entry.second.language);
    });
    if (!wanted) return dropUncommanded(false), llvm::Error::success();
    bool found = false;
    for (const std::string& file : databases()) {
      auto text = llvm::MemoryBuffer::getFile(file);
      if (!text) return llvm::createStringError(displayPath(file) + ": " + text.getError().message());
      auto commands = readDatabase((*text)->getBuffer(), displayPath(file));
      if (!commands) return commands.takeError();
      for (CompileCommand& command : *commands)
        command.file = asWalked(command.file);
      if (!concerns(file, *commands)) {
        if (isOfAProject(file)) foreign = displayPath(file);
        continue;
      }
      found = true;
      std::set<std::string> folders{folderOf(file), folderOf(realPath(file))};
      for (CompileCommand& command : *commands) {
        folders.insert(command.directory);
        addCommand(std::move(command), folderOf(file));
      }
      workset.buildFolders.insert(workset.buildFolders.end(), folders.begin(), folders.end());
    }
    dropUncommanded(found);
    return llvm::Error::success();
  }

  /// A build that came to a source by way of a symbolic link means the one that the walk has found.
  std::string asWalked(const std::string& file) {
    if (units.contains(file)) return file;
    if (byRealPath.empty())
      for (const std::string& walkedPath : llvm::make_first_range(units))
        byRealPath.try_emplace(realPath(walkedPath), walkedPath);
    auto known = byRealPath.find(realPath(file));
    return known == byRealPath.end() ? file : known->second;
  }

  static std::string realPath(const std::string& file) {
    llvm::SmallString<256> real;
    return fs::real_path(file, real) ? file : real.str().str();
  }

  /// Not one far above, of which nobody who asks for these sources thinks.
  bool isOfAProject(llvm::StringRef file) const {
    return llvm::any_of(units, [&](const auto& entry) { return isBelow(file, entry.second.project); });
  }

  /// A database that was found on the way up counts where it knows one of the sources asked for; it may be
  /// that of another project around this one. Headers have no command: theirs is one in their project.
  bool concerns(llvm::StringRef file, const std::vector<CompileCommand>& commands) const {
    if (!options.buildDirectory.empty()) return true;
    bool asksForSources = llvm::any_of(
        units, [](const auto& entry) { return entry.second.requested && isSource(entry.second.language); });
    if (!asksForSources)
      return marked.empty() ||
             llvm::any_of(marked, [&](const std::string& each) { return isBelow(file, each); });
    return llvm::any_of(commands, [&](const CompileCommand& command) { return isRequested(command.file); });
  }

  void addCommand(CompileCommand command, const std::string& folder) {
    // With -p the whole database is the program; a database that was found is one for what lies around it.
    Language language = languageOf(command.file);
    if (!isCpp(language)) language = Language::Cxx;
    auto known = units.find(command.file);
    add({command.file, language}, known == units.end() ? folder : known->second.project, false);
    Unit& unit = units[command.file];
    unit.language = language;
    unit.directory = std::move(command.directory);
    unit.command = std::move(command.arguments);
    if (!options.pathsGiven && !options.buildDirectory.empty() && !unit.requested) {
      unit.requested = true;
      workset.requested.push_back(unit.path);
    }
  }

  /// Headers are seen through the units that include them. A source without a command cannot be analysed.
  void dropUncommanded(bool found) {
    std::vector<std::string> lost;
    for (auto entry = units.begin(); entry != units.end();) {
      const Unit& unit = entry->second;
      bool source = isSource(unit.language);
      bool drop = isCpp(unit.language) && unit.command.empty() && (!source || !found || !unit.requested);
      if (drop && source && unit.requested) lost.push_back(unit.path);
      // What tools keep beside the sources, as copies of what a patch has changed, nobody compiles.
      drop |= isCpp(unit.language) && unit.command.empty() && !unit.explicitly && isHidden(unit);
      entry = drop ? units.erase(entry) : std::next(entry);
    }
    workset.withoutDatabase = static_cast<uint32_t>(lost.size());
    if (!found && (!lost.empty() || cppNamed)) reportMissingDatabase(lost);
  }

  /// Is it in a folder of its project whose name begins with a dot?
  static bool isHidden(const Unit& unit) {
    llvm::StringRef inside(unit.path);
    return inside.consume_front(unit.project) && inside.contains("/.");
  }

  /// One finding, not one for each source: nobody compiles all that a Python project may carry along. Where
  /// nobody asked for C or C++ and none of it can matter, a line beside the report.
  void reportMissingDatabase(const std::vector<std::string>& lost) {
    auto telling = llvm::find_if(lost, isTelling);
    bool tells = telling != lost.end();
    std::string message = whatIsLost(lost.size()) +
                          (tells ? "; this one names what makes processes or threads" : "") +
                          "; make one (CMake: -DCMAKE_EXPORT_COMPILE_COMMANDS=ON, make: bear -- make) and "
                          "name its folder with -p";
    if (!cppNamed && !tells) return workset.notes.push_back(std::move(message));
    check::Finding finding;
    finding.rule = "unanalyzed-unit";
    finding.location.path = displayPath(tells          ? *telling
                                        : lost.empty() ? workset.requested.front()
                                                       : lost.front());
    finding.message = std::move(message);
    // A Python project that carries C along is analysed without it, most often.
    if (!cppNamed && hasPython()) finding.level = check::Level::Note;
    workset.findings.push_back(std::move(finding));
  }

  bool hasPython() const {
    return llvm::any_of(llvm::make_second_range(units),
                        [](const Unit& unit) { return unit.language == Language::Python && unit.requested; });
  }

  std::string whatIsLost(size_t sources) const {
    std::string why =
        foreign.empty() ? "no compile_commands.json was found" : foreign + " names none of them";
    std::string what = sources == 0   ? "no C or C++ was"
                       : sources == 1 ? "1 C or C++ source was not"
                                      : std::to_string(sources) + " C and C++ sources were not";
    return why + ", so " + what + " analysed";
  }

  const CheckOptions& options;
  Configurations& configurations;
  llvm::StringMap<std::string> byRealPath; // of the units that were found
  Telling isTelling;
  Workset workset;
  std::map<std::string, Unit> units; // by path: sorted, each once
  std::set<std::string> walked, closed;
  std::set<std::string> marked; // projects with a configuration or a repository
  std::string foreign;          // a database that was found and knows nothing that was asked for
  bool cppNamed = false;
};

} // namespace

llvm::Expected<Workset> discover(const CheckOptions& options, Configurations& configurations,
                                 Telling isTelling) {
  return Discovery(options, configurations, isTelling).run();
}

void print(const Workset& workset, llvm::raw_ostream& out) {
  for (const Unit& unit : workset.units) {
    out << "unit " << unit.display << ' ' << spelling(unit.language);
    if (!unit.module.empty()) out << " module " << unit.module << " root " << displayPath(unit.importRoot);
    out << " project " << displayPath(unit.project);
    if (!unit.command.empty()) out << " command " << llvm::join(unit.command, " ");
    if (!unit.requested) out << " context";
    out << '\n';
  }
  for (const link::BuildTarget& target : workset.targets)
    out << (target.isProgram ? "program " : "library ") << target.name << " of "
        << llvm::join(target.units, " ") << '\n';
  for (const EntryPoint& entry : workset.entries)
    print(entry, out);
  for (const std::string& note : workset.notes)
    out << "note " << note << '\n';
}

} // namespace forklint::driver
