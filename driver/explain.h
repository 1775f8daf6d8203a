// The verb `explain FILE:LINE`: what the solver knows at a line of the program around FILE, and why a finding
// is given there or not.
#pragma once

#include "analyzers/check/rule.h"
#include "driver/explanation.h"
#include "driver/pipeline.h"

#include <set>

namespace forklint::driver {

/// Gives the exit status: 0, or 2 where the line or the run is wrong.
int explain(const ExplainOptions& options);

/// A line of the program, as reports write its path.
struct Line {
  std::string path;
  uint32_t number = 0;

  /// Does what stands there begin on the line?
  bool begins(const solve::Hop& hop) const;
  bool begins(const check::Location& location) const;
  /// Is the line within it?
  bool touches(const check::Location& location) const;
};

/// A function by the name that its author knows; a statement of a module is in the module.
std::string nameOf(const link::FunctionInfo& function);

// explain-fork.cpp
ForkPart explainFork(const Analysis& run, const solve::Fork& fork);
/// What is pickled for a child that begins anew, by the names of its row.
std::string givenText(const std::set<std::string>& given);
/// The supported versions for which it forks; all outside of Python.
Variants forkedFor(const Analysis& run, const solve::Fork& fork);
/// Does a value of the program, or the version, say how the process starts?
bool hasMethod(const Analysis& run, const solve::Fork& fork);
/// A thing that began, as far as it is known where such things end.
Fact beginningFact(const solve::Beginning& beginning);

// explain-silence.cpp
/// Why a finding of the rule at the fork is a note, where it can be told; else empty.
std::string whyNote(llvm::StringRef rule, const solve::Fork& fork);
/// For rules about forks that give nothing at any of these, the reason in a line, where it can be told.
std::vector<Fact> whySilent(const Analysis& run, const std::vector<const solve::Fork*>& forks);

// explain-line.cpp
/// What is known of a line without a fork; where nothing is, why.
std::vector<Section> explainLine(const Analysis& run, const Line& line, const check::Report& report);
/// No more of the facts than a person reads.
void limit(std::vector<Fact>& facts, size_t mostTold = 12);
/// Adds the fact unless it is there.
void add(std::vector<Fact>& facts, Fact fact);
/// The line on which the innermost call begins that this one is a part of; the line itself where a call
/// begins on it, or none is around it.
Line beginningOfCall(const Analysis& run, const Line& line);
/// The innermost function around the line, or null.
const link::FunctionInfo* functionAround(const Analysis& run, const Line& line);

// explain-incomplete.cpp
/// A name without what nobody writes of the language's own.
std::string writtenName(llvm::StringRef name);
/// What was incomplete on the ways to the forks, in the functions around the line and in what it gives to
/// run.
Section incompleteAt(const Analysis& run, const Line& line, const std::vector<const solve::Fork*>& forks);

} // namespace forklint::driver
