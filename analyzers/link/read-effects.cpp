// Reads the effects of a row. The tables below are the only list of their names and keys.
#include "analyzers/link/models.h"
#include "analyzers/link/read-tables.h"
#include "analyzers/link/row-mistakes.h"
#include "analyzers/support/suggest.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::link {
namespace {

constexpr std::pair<const char*, EffectKind> effectNames[] = {
    {"creates", EffectKind::Creates},
    {"starts-thread", EffectKind::StartsThread},
    {"ends", EffectKind::Ends},
    {"forks", EffectKind::Forks},
    {"execs", EffectKind::Execs},
    {"exits-fast", EffectKind::ExitsFast},
    {"exits-full", EffectKind::ExitsFull},
    {"acquires", EffectKind::Acquires},
    {"releases", EffectKind::Releases},
    {"sets-start-method", EffectKind::SetsStartMethod},
    {"runs-before-exec", EffectKind::RunsBeforeExec},
    {"submits", EffectKind::Submits},
    {"unsafe-in-child", EffectKind::UnsafeInChild},
    {"meets", EffectKind::Meets},
    {"moves", EffectKind::Moves},
    {"tells", EffectKind::Tells},
    {"raises", EffectKind::Raises},
    {"binds", EffectKind::Binds},
    {"calls", EffectKind::Calls},
    {"collects", EffectKind::Collects},
    {"adds", EffectKind::Adds},
    {"pairs", EffectKind::Pairs},
    {"begins-iteration", EffectKind::BeginsIteration},
    {"steps", EffectKind::Steps},
    {"has-attribute", EffectKind::HasAttribute},
    {"is-instance", EffectKind::IsInstance},
    {"begins-with", EffectKind::BeginsWith},
    {"lists-alive", EffectKind::ListsAlive},
    {"constructs", EffectKind::Constructs},
    {"destroys", EffectKind::Destroys},
    {"takes", EffectKind::Takes},
    {"describes", EffectKind::Describes},
    {"reads-attribute", EffectKind::ReadsAttribute},
    {"super", EffectKind::Super},
    {"hands-over", EffectKind::HandsOver},
    {"keeps", EffectKind::Keeps},
    {"includes", EffectKind::Includes},
    {"empties", EffectKind::Empties},
    {"at-fork", EffectKind::AtFork},
    {"at-exit", EffectKind::AtExit},
    {"installs", EffectKind::Installs},
    {"opens", EffectKind::Opens},
    {"uses", EffectKind::Uses},
    {"closes", EffectKind::Closes},
    {"violates", EffectKind::Violates},
    {"waits-for", EffectKind::WaitsFor},
    {"fills", EffectKind::Fills},
    {"drains", EffectKind::Drains},
    {"preloads", EffectKind::Preloads},
};

constexpr std::pair<const char*, std::string Effect::*> effectKeys[] = {
    {"subject", &Effect::subject},
    {"entry", &Effect::entry},
    {"arguments", &Effect::arguments},
    {"life", &Effect::life},
    {"primitive", &Effect::primitive},
    {"method", &Effect::method},
    {"unless", &Effect::unless},
    {"payload", &Effect::payload},
    {"lock", &Effect::lock},
    {"given", &Effect::given},
    {"passed", &Effect::passed},
    {"when", &Effect::when},
    {"to", &Effect::to},
    {"way", &Effect::way},
    {"from", &Effect::from},
    {"daemon", &Effect::daemon},
    {"without", &Effect::without},
    {"nonzero", &Effect::nonzero},
    {"place", &Effect::place},
    {"pickles", &Effect::pickles},
    {"resolves", &Effect::resolves},
    {"is", &Effect::is},
    {"once", &Effect::once},
};

} // namespace

llvm::Expected<Effect> readEffect(const toml::table& table, llvm::StringRef file) {
  Effect effect;
  bool named = false;
  for (const auto& [key, node] : table) {
    llvm::StringRef name(key.str().data(), key.str().size());
    if (name == "do") {
      std::string word = node.value_or(std::string());
      const auto* found = llvm::find_if(effectNames, [&](const auto& row) { return word == row.first; });
      if (found == std::end(effectNames))
        return wrong(file, node.source(),
                     "unknown effect '" + word + "'" + suggestion(word, llvm::make_first_range(effectNames)));
      effect.kind = found->second;
      named = true;
    } else if (name == "copies") {
      if (!node.is_integer()) return wrong(file, node.source(), "'copies' must be a number");
      effect.copies = *node.value<int64_t>();
    } else if (name == "fails") {
      effect.fails = node.value<int64_t>();
      if (!effect.fails) return wrong(file, node.source(), "'fails' must be a number");
    } else if (name == "in") {
      std::string context = node.value_or(std::string());
      if (context != "event loop" && context != "signal handler")
        return wrong(file, node.source(), "'in' must be \"event loop\" or \"signal handler\"");
      effect.context = bit(context == "event loop" ? Context::EventLoop : Context::SignalHandler);
    } else {
      const auto* found = llvm::find_if(effectKeys, [&](const auto& row) { return name == row.first; });
      if (found == std::end(effectKeys))
        return wrong(file, key.source(),
                     "unknown key '" + name + "' in an effect" +
                         suggestion(name, llvm::make_first_range(effectKeys)));
      if (!node.is_string()) return wrong(file, node.source(), "'" + name + "' must be a string");
      effect.*(found->second) = *node.value<std::string>();
    }
  }
  if (!named) return wrong(file, table.source(), "an effect needs 'do'");
  for (const auto& [key, node] : table)
    if (std::optional<std::string> mistake =
            mistakeInPath(effect.kind, key.str(), node.value_or(std::string())))
      return wrong(file, node.source(), *mistake);
  if (llvm::StringRef missing = missingKey(effect); !missing.empty())
    return wrong(file, table.source(),
                 "the effect '" + table["do"].value_or(std::string()) + "' needs '" + missing + "'");
  return effect;
}

} // namespace forklint::link
