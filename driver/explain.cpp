// See explain.h. The stages are those of a check of the file; what they leave is asked about one line.
#include "driver/explain.h"

#include "driver/report/renderer.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <set>

namespace forklint::driver {
namespace {

using check::locationOf;

/// The line of the file, or why there is none.
llvm::Expected<Line> lineOf(const ExplainOptions& options) {
  std::string absolute = absolutePath(options.file);
  llvm::sys::fs::file_status status;
  if (std::error_code error = llvm::sys::fs::status(absolute, status))
    return llvm::createStringError(options.file + ": " + whyMissing(error));
  if (status.type() != llvm::sys::fs::file_type::regular_file)
    return llvm::createStringError(options.file + ": is no file; write FILE:LINE");
  Language language = languageOf(absolute);
  if (language == Language::Facts)
    return llvm::createStringError(options.file + ": is no Python, C or C++ file");
  SourceCache sources;
  if (!sources.line(absolute, options.line))
    return llvm::createStringError(options.file + ": has no line " + llvm::Twine(options.line));
  return Line{displayPath(absolute), options.line};
}

std::string findingText(const check::Finding& finding) {
  std::string text =
      std::string(check::spelling(finding.level)) + "[" + finding.rule + "] " + finding.message;
  if (!finding.python.empty()) text += ", for Python " + finding.python;
  for (const std::string& rule : finding.also)
    text += (&rule == &finding.also.front() ? "; also " : ", ") + rule;
  return text;
}

using Forks = std::vector<const solve::Fork*>;

Fact findingFact(const check::Finding& finding, const Forks& forks) {
  Fact fact{
      findingText(finding),
      std::nullopt,
      {{"rule", finding.rule}, {"level", check::spelling(finding.level)}, {"message", finding.message}}};
  if (!finding.python.empty()) fact.details["python"] = finding.python;
  std::string why;
  if (finding.level == check::Level::Note)
    for (const solve::Fork* fork : forks)
      if (why.empty()) why = whyNote(finding.rule, *fork);
  if (!why.empty()) {
    fact.text += "; a note, because " + why;
    fact.details["why_note"] = why;
  }
  return fact;
}

Fact findingWithSteps(const check::Finding& finding, const Forks& forks) {
  Fact fact = findingFact(finding, forks);
  for (const check::Step& step : finding.steps)
    fact.steps.push_back({step.message, step.location, {{"role", step.role}}});
  return fact;
}

/// What `check` gives at the line, what a comment excuses there, and what it, or where its process starts, is
/// a step of elsewhere.
void addFindings(const check::Report& report, const Line& line, const Forks& forks,
                 Explanation& explanation) {
  std::vector<Line> places{line};
  for (const solve::Fork* fork : forks) {
    check::Location at = locationOf(fork->path.back());
    places.push_back({at.path, at.line});
  }
  auto isAt = [&](const check::Location& at) {
    return llvm::any_of(places, [&](const Line& each) { return each.begins(at); });
  };
  auto isStepOf = [&](const check::Finding& finding, auto isIt) {
    return llvm::any_of(finding.steps, [&](const check::Step& step) { return isIt(step.location); });
  };
  Section here{"findings", "findings here", {}}, steps{"step_of", "a step of findings elsewhere", {}};
  for (const check::Finding& finding : report.findings) {
    if (line.begins(finding.location)) {
      here.facts.push_back(findingWithSteps(finding, forks));
    } else if (isAt(finding.location) || isStepOf(finding, isAt)) {
      bool isOnTheWay = isStepOf(finding, [&](const check::Location& at) { return line.begins(at); });
      steps.facts.push_back(isOnTheWay ? findingWithSteps(finding, forks) : findingFact(finding, forks));
      steps.facts.back().at = finding.location;
    }
  }
  for (const check::SuppressedFinding& suppressed : report.suppressed) {
    if (!line.begins(suppressed.finding.location)) continue;
    Fact fact = findingFact(suppressed.finding, forks);
    fact.text += "; excused by the comment";
    fact.at = suppressed.comment;
    fact.details["suppressed"] = true;
    here.facts.push_back(std::move(fact));
  }
  explanation.sections.push_back(std::move(here));
  explanation.sections.push_back(std::move(steps));
}

/// Of the rules that gave something, alone or by a stronger one, no reason for silence is told.
Section silenceAt(const Analysis& run, const check::Report& report, const Line& line, const Forks& forks) {
  std::set<std::string, std::less<>> spoke;
  auto note = [&](const check::Finding& finding) {
    if (!line.begins(finding.location)) return;
    spoke.insert(finding.rule);
    spoke.insert(finding.also.begin(), finding.also.end());
  };
  for (const check::Finding& finding : report.findings)
    note(finding);
  for (const check::SuppressedFinding& suppressed : report.suppressed)
    note(suppressed.finding);
  Section section{"silent", "rules that give nothing here", whySilent(run, forks)};
  llvm::erase_if(section.facts, [&](const Fact& fact) {
    auto rule = fact.details.getString("rule");
    return rule && spoke.contains(*rule);
  });
  return section;
}

Section misusesAt(const Analysis& run, const Line& line) {
  Section section{"misuses", "noted here", {}};
  std::set<std::string> told;
  for (const solve::Misuse& misuse : run.solution.misuses) {
    bool isPython = misuse.path.back().function->unit->language == "python";
    if (!line.begins(misuse.path.back()) || (isPython && !(misuse.variants & run.targets))) continue;
    Fact fact{
        misuse.kind + (misuse.why.empty() ? "" : ": " + misuse.why), std::nullopt, {{"kind", misuse.kind}}};
    if (isPython) {
      std::string python = versions(misuse.variants & run.targets);
      fact.text += ", for Python " + python;
      fact.details["python"] = python;
    }
    if (misuse.doubtful) fact.text += ", perhaps";
    if (!misuse.earlier.empty()) {
      fact.text += "; because of `" + misuse.earlierModel + "`";
      fact.at = locationOf(misuse.earlier.back());
    }
    if (told.insert(fact.text).second) section.facts.push_back(std::move(fact));
  }
  return section;
}

/// Are both about one thing, of which the second may be the more certain?
bool isSameThing(const Fact& a, const Fact& b) {
  auto isSame = [&](llvm::StringRef key) {
    auto one = a.details.getString(key), other = b.details.getString(key);
    return one && other && *one == *other;
  };
  bool isLock = isSame("lock") && !a.details.get("model"); // met by a child at many places
  return isLock || (a.at == b.at && (a.text == b.text || (a.at && isSame("model"))));
}

/// What a program may have at one place on different ways.
void join(ForkPart& into, ForkPart other) {
  for (size_t i = 0; i < into.sections.size(); ++i)
    for (Fact& fact : other.sections[i].facts) {
      std::vector<Fact>& known = into.sections[i].facts;
      auto same = llvm::find_if(known, [&](const Fact& each) { return isSameThing(each, fact); });
      if (same == known.end())
        known.push_back(std::move(fact));
      else if (same->details.getBoolean("doubtful").value_or(false))
        *same = std::move(fact);
    }
}

bool isEqual(const ForkPart& a, const ForkPart& b) {
  return a.call == b.call && a.at == b.at &&
         llvm::equal(a.sections, b.sections, [](const Section& x, const Section& y) {
           return llvm::equal(x.facts, y.facts, [](const Fact& one, const Fact& other) {
             return one.text == other.text && one.at == other.at;
           });
         });
}

/// One part for each program, and for several that are equal.
void addForks(const Analysis& run, const Forks& forks, Explanation& explanation) {
  std::vector<ForkPart> parts;
  for (const solve::Fork* fork : forks) {
    ForkPart part = explainFork(run, *fork);
    auto same = llvm::find_if(parts, [&](const ForkPart& known) {
      return known.call == part.call && known.at == part.at && known.programs == part.programs;
    });
    if (same == parts.end())
      parts.push_back(std::move(part));
    else
      join(*same, std::move(part));
  }
  for (ForkPart& part : parts) {
    auto same = llvm::find_if(explanation.forks, [&](const ForkPart& known) { return isEqual(known, part); });
    if (same == explanation.forks.end())
      explanation.forks.push_back(std::move(part));
    else
      same->programs.push_back(part.programs.front());
  }
  auto weight = [](const ForkPart& part) {
    size_t facts = 0;
    for (const Section& section : part.sections)
      if (section.key == "alive" || section.key == "held") facts += section.facts.size();
    return facts;
  };
  llvm::stable_sort(explanation.forks,
                    [&](const ForkPart& a, const ForkPart& b) { return weight(a) > weight(b); });
}

/// The programs that begin at the line, by what their file says of them.
Section programsAt(const Analysis& run, const Line& line) {
  Section section{"programs", "programs that begin here", {}};
  for (const EntryPoint& entry : run.workset.entries) {
    if (displayPath(entry.said.file) != line.path || entry.said.line != line.number) continue;
    std::string text;
    llvm::raw_string_ostream out(text);
    print(entry, out);
    section.facts.push_back({llvm::StringRef(text).rtrim().str()});
  }
  return section;
}

Explanation explanationOf(const Analysis& run, const check::Report& report, const Line& asked) {
  const Line line = beginningOfCall(run, asked);
  Explanation explanation{line.path, line.number, "", "", {}, {}};
  SourceCache sources;
  if (auto excerpt = excerptAt(sources, {line.path, line.number, 0, line.number, 0}))
    explanation.source = llvm::StringRef(excerpt->text).trim().str();
  if (const link::FunctionInfo* function = functionAround(run, line))
    explanation.function = nameOf(*function);
  Forks forks;
  for (const solve::Fork& fork : run.solution.forks)
    if (line.begins(fork.path.back()) || (fork.made && line.begins(*fork.made))) forks.push_back(&fork);
  addForks(run, forks, explanation);
  addFindings(report, line, forks, explanation);
  if (!forks.empty()) explanation.sections.push_back(silenceAt(run, report, line, forks));
  explanation.sections.push_back(misusesAt(run, line));
  explanation.sections.push_back(programsAt(run, line));
  bool isCode = languageOf(line.path) != Language::Other;
  bool isKnown = llvm::any_of(explanation.sections, [](const Section& each) {
    return each.key != "programs" && !each.facts.empty();
  });
  if (forks.empty() && isCode) llvm::append_range(explanation.sections, explainLine(run, line, report));
  if (isKnown)
    llvm::erase_if(explanation.sections, [](const Section& each) { return each.key == "nothing"; });
  explanation.sections.push_back(incompleteAt(run, line, forks));
  return explanation;
}

} // namespace

bool Line::begins(const solve::Hop& hop) const { return begins(locationOf(hop)); }

bool Line::begins(const check::Location& location) const {
  return location.line == number && location.path == path;
}

bool Line::touches(const check::Location& location) const {
  return location.path == path && location.line <= number &&
         number <= std::max(location.line, location.endLine);
}

std::string nameOf(const link::FunctionInfo& function) { return functionName(function.body->symbol); }

int explain(const ExplainOptions& options) {
  auto line = lineOf(options);
  if (!line) return fail(line.takeError());
  // There is an answer for lines that no finding needs, too. What a file without code begins is in its
  // folder.
  CheckOptions asked = options.run;
  asked.readsAll = true;
  bool isCode = languageOf(line->path) != Language::Other;
  if (!isCode) asked.paths = {llvm::sys::path::parent_path(absolutePath(options.file)).str()};
  Analysis run;
  if (llvm::Error error = analyze(asked, run)) return fail(std::move(error));
  bool saysOf = llvm::any_of(run.workset.entries, [&](const EntryPoint& entry) {
    return displayPath(entry.said.file) == line->path;
  });
  if (!isCode && !saysOf)
    return fail(llvm::createStringError(
        options.file + ": is no Python, C or C++ file, and says of no program that is known how it begins"));
  judge(run);
  if (!run.program) return fail(llvm::createStringError("the program could not be linked"));
  // A line may be a step of findings anywhere in its project.
  for (const Unit& unit : run.workset.units)
    if (unit.display == line->path) run.workset.requested.push_back(unit.project);
  auto report = reportOf(asked, run);
  if (!report) return fail(report.takeError());
  Explanation explanation = explanationOf(run, *report, *line);
  if (options.json)
    printJson(explanation, llvm::outs());
  else
    print(explanation, llvm::outs());
  if (run.isSound) return 0;
  return fail(llvm::createStringError("a stage failed, so that what is told is not complete"));
}

} // namespace forklint::driver
