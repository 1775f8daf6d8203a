// A fork or process start as facts: how it starts and why, what is alive and held, what the child does.
#include "driver/explain.h"
#include "driver/report/renderer.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <set>

namespace forklint::driver {
namespace {

using check::locationOf;

struct Reason {
  Variants where;
  const char* why;
  std::optional<check::Location> at;
};

Fact methodFact(llvm::StringRef method, Variants versionsOf, const Reason& reason) {
  std::string python = versions(versionsOf);
  return {("`" + method + "` for Python " + python + ": " + reason.why).str(),
          reason.at,
          {{"method", method.str()}, {"python", python}, {"why", reason.why}}};
}

/// Where the program sets the method for all of it, if that is seen at one place.
std::optional<check::Location> globallySetAt(const Analysis& run, const solve::Fork& fork) {
  std::set<check::Location> places;
  for (const solve::Misuse& misuse : run.solution.misuses)
    if (misuse.kind == "start-method-set" && misuse.root && misuse.root->symbol == fork.root)
      places.insert(locationOf(misuse.path.back()));
  return places.size() == 1 ? std::optional(*places.begin()) : std::nullopt;
}

std::optional<check::Location> namedAt(const solve::Fork& fork) {
  return fork.named.size() == 1 ? std::optional(locationOf(fork.named.front())) : std::nullopt;
}

std::vector<Fact> methodFacts(const Analysis& run, const solve::Fork& fork) {
  std::vector<Fact> facts;
  if (fork.beforeExec)
    return {{"a forked child runs what it is given, then executes a program",
             std::nullopt,
             {{"method", fork.primitive}, {"why", "the call itself"}}}};
  if (!fork.python || !hasMethod(run, fork))
    return {{"`" + fork.primitive + "`: the call itself makes the child" +
                 (fork.python ? ", for Python " + versions(fork.variants & run.targets) : ""),
             std::nullopt,
             {{"method", fork.primitive}, {"why", "the call itself"}}}};
  Variants forks = run.program->models().defaultStartMethod("fork"),
           serves = run.program->models().defaultStartMethod("forkserver");
  struct Method {
    llvm::StringRef name;
    Variants where, isDefault, setGlobally;
  };
  const Method methods[] = {{"fork", fork.variants, forks, fork.setGlobally.fork},
                            {"forkserver", fork.spawned & fork.served, serves, fork.setGlobally.forkserver},
                            {fork.otherMethod.empty() ? "spawn" : fork.otherMethod.ref(),
                             (fork.spawned & ~fork.served) | fork.setGlobally.spawn, ~forks & ~serves,
                             fork.setGlobally.spawn}};
  for (const Method& method : methods) {
    Variants byDefault = fork.byDefault & method.isDefault;
    const Reason reasons[] = {
        {~byDefault & ~method.setGlobally,
         fork.named.empty() ? "named for this process" : "named by what the process is made from",
         namedAt(fork)},
        {method.setGlobally,
         method.setGlobally & fork.byDefault ? "set for the whole program, on some ways"
                                             : "set for the whole program",
         globallySetAt(run, fork)},
        {byDefault, "the default of the version", std::nullopt}};
    for (const Reason& reason : reasons)
      if (Variants held = method.where & reason.where & run.targets)
        facts.push_back(methodFact(method.name, held, reason));
  }
  if (Variants rest = run.targets & ~(fork.variants | fork.spawned))
    facts.push_back({"not known for Python " + versions(rest) +
                         ": not reached there, or the method is a value that is not known",
                     std::nullopt,
                     {{"python", versions(rest)}}});
  return facts;
}

std::string wayOf(const solve::Path& path) {
  std::vector<std::string> names;
  for (const solve::Hop& hop : path)
    if (hop.function && (names.empty() || names.back() != nameOf(*hop.function)))
      names.push_back(nameOf(*hop.function));
  constexpr size_t mostNamed = 5, atEachEnd = 2;
  if (names.size() > mostNamed) {
    std::string between = std::to_string(names.size() - 2 * atEachEnd) + " others";
    names.erase(names.begin() + atEachEnd, names.end() - atEachEnd);
    names.insert(names.begin() + atEachEnd, between);
  }
  return names.size() < 2 ? "" : ", by way of " + llvm::join(names, ", ");
}

std::vector<Fact> aliveFacts(const solve::Fork& fork) {
  std::vector<Fact> facts;
  for (const solve::Living& living : fork.alive) {
    bool isStarter = living.life == "starter";
    std::string text = isStarter ? "the thread that started this one" : "`" + living.model + "`";
    if (living.doubtful) text += ", may have ended or not begun";
    if (living.deeds.harmless) text += ", holds nothing that a child can meet";
    text += wayOf(living.begun) + "; begins";
    facts.push_back(
        {text, locationOf(living.begun.back()), {{"model", living.model}, {"doubtful", living.doubtful}}});
  }
  return facts;
}

std::vector<Fact> heldFacts(const Analysis& run, const solve::Fork& fork) {
  bool isInherited = forkedFor(run, fork);
  std::vector<Fact> facts;
  for (const solve::Held& held : fork.held) {
    std::string text = "`" + held.model + "`";
    if (!held.takenInChild.empty())
      text += ", taken again by the child at " + locationOf(held.takenInChild.back()).path + ":" +
              std::to_string(held.takenInChild.back().position.line);
    else if (isInherited)
      text += held.isGivenBack ? ", given back by the child" : ", not given back by the child";
    facts.push_back({text + "; taken", locationOf(held.acquired.back()), {{"model", held.model}}});
  }
  return facts;
}

void addDeeds(const solve::Fork& fork, std::vector<Fact>& facts) {
  const solve::Deeds& child = fork.child;
  const std::pair<bool, const char*> said[] = {
      {fork.comesBack, "goes on behind the call, as its parent does"},
      {child.execs,
       child.execReturns ? "executes a program, and goes on where that fails" : "executes a program"},
      {child.exitsFast, "ends at once, without exit handlers"},
      {child.exitsFull && fork.comesBack, "ends like a program, with exit handlers"},
      {child.returns, "comes back out of the function that the program began in"},
      {child.unseen, "makes calls that could not be followed"},
      {fork.manyChildren, "there are several, which do the same"},
      {fork.daemonic, "is daemonic: it may have no children"},
      {fork.hasExitHandlers, "inherits exit handlers"},
      {fork.isWaitedFor, "is waited for by its parent"}};
  for (const auto& [holds, text] : said)
    if (holds) facts.push_back({text});
}

void addGiven(const solve::Fork& fork, std::vector<Fact>& facts) {
  if (fork.given.empty()) return;
  facts.push_back({"is sent " + givenText(fork.given) + " there, pickled" +
                   (fork.isGivenKnown ? "" : "; not all of that is known")});
}

std::vector<Fact> childFacts(const Analysis& run, const solve::Fork& fork) {
  std::vector<Fact> facts;
  if (Variants anew = fork.spawned & run.targets & ~fork.variants)
    facts.push_back({"begins with a new interpreter for Python " + versions(anew) +
                     ", and shares no memory with its parent"});
  if (Variants either = fork.spawned & run.targets & fork.variants)
    facts.push_back({"may begin with a new interpreter for Python " + versions(either) +
                     ", by the method that is chosen"});
  if (fork.spawned & run.targets) addGiven(fork, facts);
  if (!forkedFor(run, fork)) return facts;
  addDeeds(fork, facts);
  for (const auto& [name, met] : fork.child.meets) {
    std::string lock = "the lock of " + name;
    if (met.made.function) {
      check::Location made = locationOf(met.made);
      lock = "the lock made at " + made.path + ":" + std::to_string(made.line);
    }
    facts.push_back({"takes " + lock, locationOf(met.at), {{"lock", lock}}});
  }
  for (const solve::UnsafeCall& call : fork.unsafeCalls)
    facts.push_back({"calls `" + call.model + "`, which takes " + call.lock,
                     locationOf(call.path.back()),
                     {{"model", call.model}, {"lock", call.lock}}});
  for (const solve::Hop& start : fork.starts)
    facts.push_back({"begins a thread or process of its own", locationOf(start)});
  for (const solve::BothReturn& both : fork.bothReturn)
    facts.push_back({"comes back out of `" + nameOf(*both.function.function) + "`, as its parent does" +
                         (both.doubtful ? ", perhaps" : ""),
                     locationOf(both.function)});
  for (const solve::Misuse& misuse : run.solution.misuses)
    if (!misuse.fork.empty() && misuse.fork.back() == fork.path.back() && !misuse.earlier.empty())
      facts.push_back({"uses what its parent has opened, by `" + misuse.model + "`",
                       locationOf(misuse.path.back()),
                       {{"kind", misuse.kind}}});
  return facts;
}

std::vector<Fact> contextFacts(const solve::Fork& fork) {
  std::vector<Fact> facts;
  const std::pair<link::Context, const char*> contexts[] = {
      {link::Context::EventLoop, "an event loop runs"},
      {link::Context::SignalHandler, "inside of a handler of a signal"},
      {link::Context::AtFork, "inside of a handler of forks"}};
  for (const auto& [context, text] : contexts)
    if (fork.contexts & bit(context)) facts.push_back({text});
  if (fork.afterImports)
    facts.push_back({"in a process that has imported modules for its children, by design"});
  if (fork.doubtful)
    facts.push_back({"reached only where a call raises of which nothing says that it does, or a fork fails"});
  return facts;
}

} // namespace

std::string givenText(const std::set<std::string>& given) {
  std::vector<std::string> names;
  names.reserve(given.size());
  for (const std::string& name : given)
    names.push_back(name == "self" ? "itself" : "`" + name + "`");
  return llvm::join(names, ", ");
}

Variants forkedFor(const Analysis& run, const solve::Fork& fork) {
  return fork.variants & (fork.python ? run.targets : allVariants);
}

bool hasMethod(const Analysis& run, const solve::Fork& fork) {
  const link::Model* row = run.program->models().find(fork.model);
  return row && llvm::any_of(row->effects, [](const link::Effect& effect) {
           return effect.kind == link::EffectKind::Forks && !effect.method.empty();
         });
}

Fact beginningFact(const solve::Beginning& beginning) {
  std::string text = "`" + beginning.model + "` begins here";
  std::vector<std::string> ends;
  for (const solve::Hop& end : beginning.ends) {
    check::Location at = locationOf(end);
    ends.push_back(at.path + ":" + std::to_string(at.line));
  }
  text += ends.empty() ? "; nothing was seen to end it" : "; ends at " + llvm::join(ends, ", ");
  llvm::json::Array places;
  for (std::string& end : ends)
    places.push_back(std::move(end));
  return {text, locationOf(beginning.at), {{"model", beginning.model}, {"ends", std::move(places)}}};
}

ForkPart explainFork(const Analysis& run, const solve::Fork& fork) {
  return {fork.model,
          locationOf(fork.path.back()),
          {functionName(fork.root)},
          {{"method", "start method", methodFacts(run, fork)},
           {"alive", "alive here", aliveFacts(fork), "nothing was seen"},
           {"held", "locks held", heldFacts(run, fork), "none was seen"},
           {"child", "the child", childFacts(run, fork), "nothing that matters was seen"},
           {"contexts", "context", contextFacts(fork)}}};
}

} // namespace forklint::driver
