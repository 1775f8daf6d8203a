#include "analyzers/link/vocabulary.h"

#include "analyzers/support/suggest.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

namespace forklint::link {
namespace {

constexpr EffectWords effects[] = {
    {"creates", EffectKind::Creates, "", "life method subject"},
    {"starts-thread", EffectKind::StartsThread, "subject", "entry arguments life fails"},
    {"ends", EffectKind::Ends, "subject", ""},
    {"forks", EffectKind::Forks, "primitive entry",
     "subject arguments method lock daemon pickles way copies life place"},
    {"execs", EffectKind::Execs, "", "subject entry"},
    {"exits-fast", EffectKind::ExitsFast, "", ""},
    {"exits-full", EffectKind::ExitsFull, "", "subject entry"},
    {"acquires", EffectKind::Acquires, "subject", ""},
    {"releases", EffectKind::Releases, "subject", ""},
    {"renews", EffectKind::Renews, "subject", ""},
    {"sets-start-method", EffectKind::SetsStartMethod, "subject", ""},
    {"runs-before-exec", EffectKind::RunsBeforeExec, "primitive entry", ""},
    {"submits", EffectKind::Submits, "subject payload way", "entry arguments copies"},
    {"unsafe-in-child", EffectKind::UnsafeInChild, "lock", "subject"},
    {"meets", EffectKind::Meets, "lock", ""},
    {"moves", EffectKind::Moves, "subject to", ""},
    {"tells", EffectKind::Tells, "", "subject entry life"},
    {"raises", EffectKind::Raises, "", "entry"},
    {"binds", EffectKind::Binds, "entry", ""},
    {"calls", EffectKind::Calls, "entry", "arguments in subject"},
    {"instantiates", EffectKind::Instantiates, "subject", ""},
    {"enters", EffectKind::Enters, "subject", ""},
    {"leaves", EffectKind::Leaves, "subject", "payload"},
    {"collects", EffectKind::Collects, "payload life", ""},
    {"adds", EffectKind::Adds, "subject payload", "entry life"},
    {"pairs", EffectKind::Pairs, "payload life", "entry"},
    {"begins-iteration", EffectKind::BeginsIteration, "subject", ""},
    {"steps", EffectKind::Steps, "subject", "entry"},
    {"has-attribute", EffectKind::HasAttribute, "subject entry", ""},
    {"is-instance", EffectKind::IsInstance, "subject entry", ""},
    {"begins-with", EffectKind::BeginsWith, "subject entry", ""},
    {"lists-alive", EffectKind::ListsAlive, "entry life", ""},
    {"constructs", EffectKind::Constructs, "entry", ""},
    {"destroys", EffectKind::Destroys, "subject", ""},
    {"takes", EffectKind::Takes, "subject", "entry life"},
    {"describes", EffectKind::Describes, "entry life", ""},
    {"reads-attribute", EffectKind::ReadsAttribute, "subject entry", ""},
    {"super", EffectKind::Super, "subject entry", ""},
    {"hands-over", EffectKind::HandsOver, "subject from", ""},
    {"keeps", EffectKind::Keeps, "subject from", "life"},
    {"includes", EffectKind::Includes, "subject payload", ""},
    {"writes", EffectKind::Writes, "subject", ""},
    {"empties", EffectKind::Empties, "subject", ""},
    {"at-fork", EffectKind::AtFork, "entry life", ""},
    {"at-exit", EffectKind::AtExit, "entry", "life"},
    {"acts-outside", EffectKind::ActsOutside, "", ""},
    {"installs", EffectKind::Installs, "entry", "arguments in"},
    {"opens", EffectKind::Opens, "life", "subject"},
    {"uses", EffectKind::Uses, "subject life", "from"},
    {"closes", EffectKind::Closes, "subject", ""},
    {"violates", EffectKind::Violates, "entry", "subject payload life from"},
    {"waits-for", EffectKind::WaitsFor, "subject", "life"},
    {"fills", EffectKind::Fills, "subject", "payload"},
    {"drains", EffectKind::Drains, "subject", ""},
    {"opens-pipe", EffectKind::OpensPipe, "subject", ""},
    {"closes-at-exec", EffectKind::ClosesAtExec, "subject", ""},
    {"closes-all", EffectKind::ClosesAll, "", ""},
    {"spawns", EffectKind::Spawns, "", ""},
    {"targets", EffectKind::Targets, "subject", ""},
    {"loads-library", EffectKind::LoadsLibrary, "", ""},
    {"preloads", EffectKind::Preloads, "subject", ""},
};

/// The words that may stand under a key of an effect, parted by '|'.
struct FewWords {
  EffectKind kind;
  llvm::StringLiteral key, words;
};
constexpr llvm::StringLiteral containers = "container.list|container.tuple|container.dict|container.set";
constexpr FewWords fewWords[] = {
    // What kind of thing it is. Of what begins with "own", nobody but its maker has one.
    {EffectKind::Creates, "life",
     "application|bar|barrier|channel|client|connection|context|daemon|display|engine|estimator|event|"
     "experiment|file|generator|listener|loader|lock|manager|memory|metric|module|name of a device|"
     "notifier|observer|own data|own file|pipe|pool|process|profiler|provider|queue|reader|reference|"
     "result|route|run|scheduler|server|session|socket|table|task|tensor on a device|thread|thread-pool|"
     "worker"},
    {EffectKind::StartsThread, "life", "harmless"},
    {EffectKind::Opens, "life", "handle|loop|pool|device|generator|buffer|lock"},
    {EffectKind::Uses, "life", "handle|loop|pool|device|generator|buffer|fill"},
    {EffectKind::Uses, "from", "'import'"},
    {EffectKind::AtFork, "life", "before fork|in parent|in child|before workers|in worker|in request"},
    {EffectKind::AtExit, "life", "destructor"},
    {EffectKind::WaitsFor, "life", "ended|any child"},
    {EffectKind::Adds, "life", "last"},
    {EffectKind::Takes, "life", "removed"},
    {EffectKind::Keeps, "life", "moved"},
    {EffectKind::Describes, "life", "static|class|property"},
    {EffectKind::Collects, "life", containers},
    {EffectKind::Pairs, "life", containers},
    {EffectKind::ListsAlive, "entry", containers},
    {EffectKind::Forks, "life", "pair"},
    {EffectKind::Forks, "primitive", primitiveWords},
    {EffectKind::RunsBeforeExec, "primitive", primitiveWords},
    {EffectKind::Calls, "in", "event loop|signal handler"},
    {EffectKind::Installs, "in", "event loop|signal handler"},
    {EffectKind::Violates, "entry",
     "start-method-misuse|start-method-set|start-method-pinned|start-method-of-another-context|"
     "result-after-pool-exit|daemon-process-spawns|refcount-copies-in-workers|stale-global-in-workers|"
     "join-before-drain|sync-primitive-as-task-argument|unpicklable-task|missing-main-guard|"
     "unsafe-atfork-handler|atfork-cannot-unlock|fork-in-signal-handler"},
};

/// The words of "within", whatever the effect.
constexpr llvm::StringLiteral withinWords = "handler of signals|handler of forks";

} // namespace

llvm::ArrayRef<EffectWords> effectWords() { return effects; }

const EffectWords& wordsOf(EffectKind kind) {
  return *llvm::find_if(effects, [&](const EffectWords& each) { return each.kind == kind; });
}

std::optional<std::string> mistakeInWord(llvm::StringRef text, llvm::StringRef words) {
  llvm::SmallVector<llvm::StringRef> known;
  words.split(known, '|');
  if (llvm::is_contained(known, text)) return std::nullopt;
  if (known.size() == 1) return ("must be \"" + words + "\"").str();
  std::string near = suggestion(text, known);
  bool isNear = llvm::StringRef(near).contains("did you mean");
  constexpr size_t few = 15;
  if (isNear && known.size() > few) return ("may not be \"" + text + "\"").str() + near;
  return "must be one of \"" + llvm::join(known, "\", \"") + "\"" + (isNear ? near : "");
}

std::optional<std::string> mistakeInWord(const EffectWords& effect, llvm::StringRef key,
                                         llvm::StringRef text) {
  if (key == "within")
    if (std::optional<std::string> mistake = mistakeInWord(text, withinWords)) return "'within' " + *mistake;
  const auto* few = llvm::find_if(
      fewWords, [&](const FewWords& each) { return each.kind == effect.kind && each.key == key; });
  if (few == std::end(fewWords)) return std::nullopt;
  std::optional<std::string> mistake = mistakeInWord(text, few->words);
  return mistake ? std::optional(("'" + key + "' of the effect '" + effect.name + "' " + *mistake).str())
                 : std::nullopt;
}

} // namespace forklint::link
