// What is known of a line that starts no process: what it begins, ends and calls, which forks are reached
// from the function around it, and where nothing is known, why.
#include "driver/explain.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

#include <set>

namespace forklint::driver {
namespace {

using check::locationOf;

constexpr size_t mostTold = 12;

/// No more than a person reads.
void limit(std::vector<Fact>& facts) {
  if (facts.size() <= mostTold) return;
  size_t more = facts.size() - mostTold;
  facts.erase(facts.begin() + mostTold, facts.end());
  facts.push_back({"and " + std::to_string(more) + " more"});
}

/// Each place once, in order.
void add(std::vector<Fact>& facts, Fact fact) {
  bool isKnown =
      llvm::any_of(facts, [&](const Fact& known) { return known.text == fact.text && known.at == fact.at; });
  if (!isKnown) facts.push_back(std::move(fact));
}

/// The first and the last line; the position of a function may be that of its name.
std::pair<uint32_t, uint32_t> linesOf(const facts::Function& body) {
  uint32_t last = std::max(body.position.line, body.position.endLine);
  for (const facts::Instruction& instruction : body.instructions)
    if (instruction.position.file == body.position.file)
      last = std::max({last, instruction.position.line, instruction.position.endLine});
  return {body.position.line, last};
}

bool isAround(const link::FunctionInfo& function, const Line& line) {
  auto [first, last] = linesOf(*function.body);
  return first <= line.number && line.number <= last &&
         locationOf({&function, function.body->position}).path == line.path;
}

const facts::UnitFacts* unitOf(const Analysis& run, const Line& line) {
  for (const facts::UnitFacts& unit : run.program->units())
    if (unit.unit == line.path) return &unit;
  return nullptr;
}

std::vector<Fact> lifeFacts(const Analysis& run, const Line& line) {
  std::vector<Fact> facts;
  for (const solve::Beginning& beginning : run.solution.beginnings) {
    if (line.begins(beginning.at)) add(facts, beginningFact(beginning));
    for (const solve::Hop& end : beginning.ends)
      if (line.begins(end))
        add(facts, {"ends `" + beginning.model + "` that began", locationOf(beginning.at)});
  }
  return facts;
}

/// What the line does to a fork elsewhere.
std::vector<Fact> roleFacts(const Analysis& run, const Line& line) {
  std::vector<Fact> facts;
  for (const solve::Fork& fork : run.solution.forks) {
    check::Location at = locationOf(fork.path.back());
    for (const solve::Living& living : fork.alive)
      if (line.begins(living.begun.back()))
        add(facts,
            {"what begins here " + std::string(living.doubtful ? "may be" : "is") + " alive at the fork",
             at});
    for (const solve::Held& held : fork.held) {
      if (line.begins(held.acquired.back()))
        add(facts, {"the lock that is taken here is held at the fork", at});
      if (!held.takenInChild.empty() && line.begins(held.takenInChild.back()))
        add(facts, {"a child takes here a lock that was held at its fork", at});
    }
    for (const solve::Met& met : llvm::make_second_range(fork.child.meets))
      if (line.begins(met.at)) add(facts, {"a child takes a lock here; it is made by the fork", at});
    for (const solve::UnsafeCall& call : fork.unsafeCalls)
      if (line.begins(call.path.back())) add(facts, {"runs in the child of the fork", at});
  }
  return facts;
}

std::vector<Fact> reachedFacts(const Analysis& run, const Line& line, const link::FunctionInfo* function) {
  std::vector<Fact> fromLine, fromFunction;
  for (const solve::Fork& fork : run.solution.forks) {
    Fact fact{"`" + fork.model + "`", locationOf(fork.path.back()), {{"model", fork.model}}};
    bool isCalled =
        llvm::any_of(fork.path, [&](const solve::Hop& hop) { return hop.function && line.begins(hop); });
    bool isAround = llvm::any_of(fork.path, [&](const solve::Hop& hop) { return hop.function == function; });
    if (isCalled) {
      fact.text += ", by a call on this line";
      add(fromLine, std::move(fact));
    } else if (function && isAround) {
      add(fromFunction, std::move(fact));
    }
  }
  llvm::append_range(fromLine, fromFunction);
  return fromLine;
}

std::vector<Fact> functionFacts(const Analysis& run, const link::FunctionInfo& function) {
  bool isEntered = run.solution.entered.contains(&function);
  std::vector<Fact> facts;
  if (function.leadsToFork)
    facts.push_back({"by its names it may lead to a fork or a transfer"});
  else if (run.program->isInCone(function))
    facts.push_back({"by its names it may lead to something that has an effect, but to no fork"});
  else
    facts.push_back(
        {"it is not in the cone of a fork: nothing that it names leads to something that has an effect"});
  facts.push_back({!isEntered ? "it was not run: nothing that was run calls it, or it was not needed"
                   : function.body->kind == facts::FunctionKind::Statement
                       ? "it was run, as all of a module that is imported"
                   : !run.program->isInCone(function) ? "it was run all the same, in a child or a thread"
                                                      : "it was run"});
  for (const solve::Summary& summary : run.solution.summaries)
    if (summary.function == function.body->symbol && summary.cut) {
      facts.push_back({"a bound on work or a recursion cut it short"});
      break;
    }
  return facts;
}

std::vector<Fact> transferFacts(const Analysis& run, const Line& line) {
  std::vector<Fact> facts;
  for (const solve::Transfer& transfer : run.solution.transfers) {
    if (!line.begins(transfer.path.back()) || !(transfer.variants & run.targets)) continue;
    Fact fact{"`" + transfer.model + "` pickles " + std::to_string(transfer.bytes) + " bytes",
              std::nullopt,
              {{"bytes", transfer.bytes}, {"copies", transfer.copies}}};
    if (!transfer.made.empty()) {
      fact.text += ", made";
      fact.at = locationOf(transfer.made.back());
    }
    add(facts, std::move(fact));
  }
  return facts;
}

/// Why there is nothing to tell about the line.
std::vector<Fact> unknownFacts(const Analysis& run, const Line& line, const link::FunctionInfo* function) {
  const facts::UnitFacts* unit = unitOf(run, line);
  if (!unit)
    return {{"the file is no unit of the program: no command compiles it, or the run leaves it out"}};
  for (const facts::Gap& gap : unit->gaps)
    if (gap.wholeUnit) return {{"the file was not analysed: " + gap.reason}};
  if (!function) return {{"no code stands at the line"}};
  bool hasCode = llvm::any_of(function->body->instructions, [&](const facts::Instruction& instruction) {
    return line.touches(locationOf({function, instruction.position}));
  });
  if (!hasCode) return {{"no code stands at the line, or nothing that matters"}};
  if (!run.program->isInCone(*function) && !run.solution.entered.contains(function))
    return {{"the function around it is not in the cone of a fork, so that it was not run"}};
  if (!run.solution.entered.contains(function))
    return {{"the function around it was not run: nothing that was run calls it"}};
  return {{"nothing on the line starts, begins, ends or sends anything that is known"}};
}

/// A name of the language's own, which nobody writes in full.
std::string writtenName(llvm::StringRef name) {
  name.consume_front("builtins.");
  return name.str();
}

/// The functions that calls lead to from these, as far as they were followed.
llvm::StringSet<> reachableFrom(const Analysis& run, const std::set<const link::FunctionInfo*>& functions) {
  llvm::StringSet<> reached;
  std::vector<std::string> waiting;
  for (const link::FunctionInfo* function : functions)
    if (reached.insert(function->body->symbol).second) waiting.push_back(function->body->symbol);
  while (!waiting.empty()) {
    std::string from = std::move(waiting.back());
    waiting.pop_back();
    auto begin =
        llvm::lower_bound(run.solution.calls, from,
                          [](const solve::Call& call, const std::string& name) { return call.from < name; });
    for (auto call = begin; call != run.solution.calls.end() && call->from == from; ++call)
      if (!call->modelled && reached.insert(call->to).second) waiting.push_back(call->to);
  }
  return reached;
}

} // namespace

const link::FunctionInfo* functionAround(const Analysis& run, const Line& line) {
  const link::FunctionInfo* innermost = nullptr;
  auto extent = [](const link::FunctionInfo& function) {
    auto [first, last] = linesOf(*function.body);
    return last - first;
  };
  for (const link::FunctionInfo* each : run.program->functions()) {
    const link::FunctionInfo& function = *each;
    if (!isAround(function, line)) continue;
    // A function stands in the statement that defines it, on the same lines.
    bool isInner =
        !innermost || extent(function) < extent(*innermost) ||
        (extent(function) == extent(*innermost) && innermost->body->kind == facts::FunctionKind::Statement);
    if (isInner) innermost = &function;
  }
  return innermost;
}

Line beginningOfCall(const Analysis& run, const Line& line) {
  const link::FunctionInfo* function = functionAround(run, line);
  if (!function) return line;
  std::optional<check::Location> innermost;
  for (const facts::Instruction& each : function->body->instructions) {
    if (each.kind != facts::InstructionKind::Call) continue;
    check::Location at = locationOf({function, each.position});
    if (at.path == line.path && at.line == line.number) return line;
    bool isInner = !innermost || at.endLine - at.line < innermost->endLine - innermost->line;
    if (line.touches(at) && isInner) innermost = at;
  }
  return innermost ? Line{line.path, innermost->line} : line;
}

std::vector<Section> explainLine(const Analysis& run, const Line& line) {
  const link::FunctionInfo* function = functionAround(run, line);
  std::vector<Section> sections{
      {"begins", "begins and ends", lifeFacts(run, line)},
      {"role", "part in forks elsewhere", roleFacts(run, line)},
      {"sends", "sends", transferFacts(run, line)},
      {"reached", "forks reached from the function", reachedFacts(run, line, function)}};
  bool isKnown = llvm::any_of(llvm::ArrayRef(sections).drop_back(),
                              [](const Section& section) { return !section.facts.empty(); });
  bool isOnTheWay = llvm::any_of(sections.back().facts, [](const Fact& fact) {
    return llvm::StringRef(fact.text).ends_with("on this line");
  });
  if (!isKnown && !isOnTheWay)
    sections.insert(sections.begin(),
                    {"nothing", "nothing is known here", unknownFacts(run, line, function)});
  if (function) {
    sections.push_back(
        {"function", "the function `" + nameOf(*function) + "`", functionFacts(run, *function)});
  }
  for (Section& section : sections)
    limit(section.facts);
  return sections;
}

Section incompleteAt(const Analysis& run, const Line& line, const std::vector<const solve::Fork*>& forks) {
  std::set<const link::FunctionInfo*> onTheWay, last;
  bool isUnseen = false;
  for (const solve::Fork* fork : forks) {
    for (const solve::Hop& hop : fork->path)
      if (hop.function) onTheWay.insert(hop.function);
    last.insert(fork->path.back().function);
    isUnseen |= fork->child.unseen;
  }
  if (forks.empty())
    if (const link::FunctionInfo* function = functionAround(run, line)) onTheWay.insert(function);
  // What the child runs is called from where it is made.
  llvm::StringSet<> behind = isUnseen ? reachableFrom(run, last) : llvm::StringSet<>();
  Section section{"incomplete", "could not be followed", {}};
  std::vector<Fact> later;
  for (const solve::UnknownCall& call : run.solution.resolution.unknownCalls) {
    bool isOnTheWay = onTheWay.contains(call.at.function);
    if (!isOnTheWay && !behind.contains(call.at.function->body->symbol)) continue;
    add(isOnTheWay ? section.facts : later,
        {"`" + writtenName(call.name) + "` in `" + nameOf(*call.at.function) + "`: " + call.reason,
         locationOf(call.at),
         {{"name", call.name.str()}, {"reason", call.reason.str()}}});
  }
  llvm::append_range(section.facts, later);
  limit(section.facts);
  std::set<const facts::UnitFacts*> units;
  for (const link::FunctionInfo* function : onTheWay)
    units.insert(function->unit);
  std::set<std::string> cut;
  for (const link::ProgramRoot* root : run.solution.cutRoots)
    if (llvm::any_of(forks, [&](const solve::Fork* fork) { return fork->root == root->symbol; }) ||
        units.contains(root->unit))
      cut.insert("the run of `" + root->symbol + "` ended at the bound on work");
  for (const link::FunctionInfo* function : run.solution.cutFunctions)
    if (units.contains(function->unit))
      cut.insert("`" + nameOf(*function) + "` was left at the bound on work");
  for (const facts::UnitFacts* unit : units)
    for (const facts::Gap& gap : unit->gaps)
      cut.insert(unit->unit + ":" + std::to_string(gap.position.line) + ": " + gap.reason);
  for (const std::string& text : cut)
    section.facts.push_back({text});
  return section;
}

} // namespace forklint::driver
