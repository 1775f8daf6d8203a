// What is known of a line that starts no process: what it begins, ends and calls, which forks are reached
// from the function around it, and where nothing is known, why.
#include "driver/explain.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <set>

namespace forklint::driver {
namespace {

using check::locationOf;

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

/// What `check` gives at the place, in short.
std::string findingsAt(const check::Report& report, const check::Location& at) {
  std::set<std::string> told;
  for (const check::Finding& finding : report.findings)
    if (finding.location.path == at.path && finding.location.line == at.line)
      told.insert(std::string(check::spelling(finding.level)) + "[" + finding.rule + "]");
  return told.empty() ? "" : "; there: " + llvm::join(told, ", ");
}

/// Are they one for the reader, as the statements of a module?
bool isOneBody(const link::FunctionInfo* a, const link::FunctionInfo* b) {
  bool areStatements = a && b && a->unit == b->unit && a->body->kind == facts::FunctionKind::Statement &&
                       b->body->kind == facts::FunctionKind::Statement;
  return a == b || areStatements;
}

std::vector<Fact> reachedFacts(const Analysis& run, const Line& line, const link::FunctionInfo* function,
                               const check::Report& report) {
  std::vector<Fact> fromLine, fromFunction;
  for (const solve::Fork& fork : run.solution.forks) {
    check::Location at = locationOf(fork.path.back());
    Fact fact{"`" + fork.model + "`", at, {{"model", fork.model}}};
    bool isCalled =
        llvm::any_of(fork.path, [&](const solve::Hop& hop) { return hop.function && line.begins(hop); });
    bool isAround =
        llvm::any_of(fork.path, [&](const solve::Hop& hop) { return isOneBody(hop.function, function); });
    if (isCalled) {
      fact.text += ", by a call on this line" + findingsAt(report, at);
      fact.details["on_line"] = true;
      add(fromLine, std::move(fact));
    } else if (function && isAround) {
      fact.text += findingsAt(report, at);
      add(fromFunction, std::move(fact));
    }
  }
  llvm::append_range(fromLine, fromFunction);
  return fromLine;
}

std::vector<Fact> functionFacts(const Analysis& run, const link::FunctionInfo& function, bool reachesForks) {
  bool isEntered = run.solution.entered.contains(&function);
  std::vector<Fact> facts;
  bool isStatement = function.body->kind == facts::FunctionKind::Statement;
  if (reachesForks)
    facts.push_back({"forks are reached from it"});
  else if (function.leadsToFork)
    facts.push_back({"by its names it may lead to a fork or a transfer"});
  else if (run.program->isInCone(function))
    facts.push_back({"by its names it may lead to something that has an effect, but to no fork"});
  else
    facts.push_back({(isStatement ? "this statement" : "it") +
                     std::string(" is not in the cone of a fork: no name in it leads by itself to something "
                                 "that has an effect")});
  facts.push_back({!isEntered    ? "it was not run: nothing that was run calls it, or it was not needed"
                   : isStatement ? "it was run, as all of a module that is imported"
                   : !run.program->isInCone(function)
                       ? "it was run all the same: in a child or a thread, or for what it is given"
                       : "it was run"});
  for (const solve::Summary& summary : run.solution.summaries)
    if (summary.function == function.body->symbol && summary.cut) {
      facts.push_back({"a bound on work or a recursion cut it short"});
      break;
    }
  return facts;
}

/// Does the row say that what the call is given is sent to workers?
bool sends(const Analysis& run, llvm::StringRef name) {
  const link::Model* row = run.program->models().find(name);
  return row && llvm::any_of(row->effects, [](const link::Effect& effect) {
           return effect.kind == link::EffectKind::Submits && !effect.payload.empty();
         });
}

/// What is known of calls on the line that do none of what their rows speak of, with what they are given.
std::vector<Fact> callFacts(const Analysis& run, const Line& line) {
  std::vector<Fact> facts;
  for (const solve::RowCall& call : run.solution.resolution.rowCalls)
    if (line.begins(call.at))
      add(facts,
          {"`" + writtenName(call.row) +
               "` is known: called as here it starts no child that runs code of the program, and "
               "begins and ends no thread" +
               (sends(run, call.row) ? "; what it is given is sent, and of no part of it a size is known"
                                     : ""),
           std::nullopt,
           {{"row", call.row.str()}}});
  return facts;
}

/// What the line gives to be run at each fork, and what it was seen to take there.
std::vector<Fact> handlerFacts(const Analysis& run, const Line& line) {
  std::vector<Fact> facts;
  for (const solve::ForkHandler& handler : run.solution.handlers) {
    if (!line.begins(handler.at)) continue;
    std::string what = handler.function       ? "`" + nameOf(*handler.function) + "`"
                       : handler.name.empty() ? "what is not known"
                                              : "`" + writtenName(handler.name) + "`";
    bool isInChild = handler.when == "in child";
    std::string when = isInChild                       ? "in every child of a fork"
                       : handler.when == "before fork" ? "before each fork"
                       : handler.when == "in parent"   ? "in the parent, behind each fork"
                                                       : handler.when.str();
    std::string text = "runs " + what + " " + when;
    bool isJudged = llvm::any_of(run.solution.misuses, [&](const solve::Misuse& misuse) {
      return misuse.kind == "unsafe-atfork-handler" && !misuse.earlier.empty() &&
             line.begins(misuse.earlier.back());
    });
    if (isInChild && handler.function && !isJudged)
      text += "; it was not seen to take a lock there that a thread may hold";
    std::optional<check::Location> at;
    if (handler.function) at = locationOf({handler.function, handler.function->body->position});
    add(facts, {text, at, {{"when", handler.when.str()}}});
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
    return {{"the function around it was not run: nothing that was run calls it, or it was not needed"}};
  return {{"nothing on the line starts, begins, ends or sends anything that is known"}};
}

} // namespace

void limit(std::vector<Fact>& facts, size_t mostTold) {
  if (facts.size() <= mostTold) return;
  size_t more = facts.size() - mostTold;
  facts.erase(facts.begin() + static_cast<ptrdiff_t>(mostTold), facts.end());
  facts.push_back({"and " + std::to_string(more) + " more"});
}

void add(std::vector<Fact>& facts, Fact fact) {
  bool isKnown =
      llvm::any_of(facts, [&](const Fact& known) { return known.text == fact.text && known.at == fact.at; });
  if (!isKnown) facts.push_back(std::move(fact));
}

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

std::vector<Section> explainLine(const Analysis& run, const Line& line, const check::Report& report) {
  const link::FunctionInfo* function = functionAround(run, line);
  std::vector<Section> sections{
      {"begins", "begins and ends", lifeFacts(run, line)},
      {"role", "part in forks elsewhere", roleFacts(run, line)},
      {"sends", "sends", transferFacts(run, line)},
      {"handlers", "handlers of forks", handlerFacts(run, line)},
      {"reached", "forks reached from the function", reachedFacts(run, line, function, report)}};
  bool isKnown = llvm::any_of(llvm::ArrayRef(sections).drop_back(),
                              [](const Section& section) { return !section.facts.empty(); });
  bool isOnTheWay = llvm::any_of(sections.back().facts, [](const Fact& fact) {
    return fact.details.getBoolean("on_line").value_or(false);
  });
  if (std::vector<Fact> calls = callFacts(run, line); !isKnown && !isOnTheWay)
    sections.insert(sections.begin(),
                    calls.empty()
                        ? Section{"nothing", "nothing is known here", unknownFacts(run, line, function)}
                        : Section{"calls", "calls on the line", std::move(calls)});
  bool reachesForks = !sections.back().facts.empty();
  if (function)
    sections.push_back(
        {"function",
         (function->body->kind == facts::FunctionKind::Statement ? "the module `" : "the function `") +
             nameOf(*function) + "`",
         functionFacts(run, *function, reachesForks)});
  for (Section& section : sections)
    limit(section.facts);
  return sections;
}

} // namespace forklint::driver
