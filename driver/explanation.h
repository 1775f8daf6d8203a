// What `explain` tells: sections of facts, each a short line with its place. People and programs get the
// same.
#pragma once

#include "analyzers/check/finding.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace forklint::driver {

/// `details` say for programs what `text` says for people.
struct Fact {
  Fact(std::string text, std::optional<check::Location> at = std::nullopt,
       std::initializer_list<llvm::json::Object::KV> details = {})
      : text(std::move(text)), at(std::move(at)), details(details) {}
  std::string text;
  std::optional<check::Location> at;
  llvm::json::Object details;
  std::vector<Fact> steps; // how it comes to be
};

struct Section {
  std::string key;   // of the JSON
  std::string title; // of the text
  std::vector<Fact> facts;
  std::string ifEmpty; // the text that stands there without facts; empty: the section is not shown

  Section(std::string key, std::string title, std::vector<Fact> facts, std::string ifEmpty = {})
      : key(std::move(key)), title(std::move(title)), facts(std::move(facts)), ifEmpty(std::move(ifEmpty)) {}
};

/// A fork or process start at the line, as one or several programs come to it; what one program may have
/// there on different ways is told together.
struct ForkPart {
  std::string call;
  check::Location at;
  std::vector<std::string> programs;
  std::vector<Section> sections;
};

struct Explanation {
  std::string path;
  uint32_t line = 0;
  std::string function, source;
  std::vector<ForkPart> forks; // those with most alive and held first
  std::vector<Section> sections;
};

void print(const Explanation& explanation, llvm::raw_ostream& out);
void printJson(const Explanation& explanation, llvm::raw_ostream& out);

} // namespace forklint::driver
