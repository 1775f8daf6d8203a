// Text and JSON of an explanation. The JSON has schema `forklint-explain/1`.
#include "driver/explanation.h"
#include "driver/report/json.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringExtras.h"

#include <set>

namespace forklint::driver {
namespace {

using llvm::json::OStream;

/// Of one place that many programs come to, a person reads no more than these.
constexpr size_t mostParts = 3;

void print(const Fact& fact, unsigned indent, llvm::raw_ostream& out) {
  out.indent(indent) << fact.text;
  if (fact.at) out << " (" << fact.at->path << ':' << fact.at->line << ')';
  out << '\n';
  for (const Fact& step : fact.steps)
    print(step, indent + 2, out);
}

void print(const Section& section, unsigned indent, llvm::raw_ostream& out) {
  if (section.facts.empty() && section.ifEmpty.empty()) return;
  out.indent(indent) << section.title << ":\n";
  if (section.facts.empty()) out.indent(indent + 2) << section.ifEmpty << '\n';
  for (const Fact& fact : section.facts)
    print(fact, indent + 2, out);
}

void print(const ForkPart& fork, const Explanation& explanation, llvm::raw_ostream& out) {
  out << "\n`" << fork.call << "` starts a process";
  if (fork.at.line != explanation.line || fork.at.path != explanation.path)
    out << " at " << fork.at.path << ':' << fork.at.line;
  for (size_t i = 0; i < fork.programs.size(); ++i)
    out << (i ? ", `" : " in program `") << fork.programs[i] << '`';
  out << '\n';
  for (const Section& section : fork.sections)
    print(section, 2, out);
}

/// The other programs that come there, by name.
void printRest(llvm::ArrayRef<ForkPart> rest, llvm::raw_ostream& out) {
  std::set<std::string> programs;
  for (const ForkPart& fork : rest)
    programs.insert(fork.programs.begin(), fork.programs.end());
  if (programs.empty()) return;
  out << "\nother programs come there too, with as much or less alive:\n";
  for (const std::string& program : programs)
    out << "  `" << program << "`\n";
}

llvm::json::Value utf8(llvm::StringRef text) { return llvm::json::fixUTF8(text); }

void write(OStream& json, const Fact& fact) {
  json.object([&] {
    json.attribute("text", utf8(fact.text));
    if (fact.at) {
      json.attribute("path", utf8(fact.at->path));
      json.attribute("line", fact.at->line);
    }
    std::vector<llvm::StringRef> keys;
    for (const auto& detail : fact.details)
      keys.push_back(detail.first);
    llvm::sort(keys);
    for (llvm::StringRef key : keys)
      json.attribute(key, *fact.details.get(key));
    if (!fact.steps.empty())
      json.attributeArray("steps", [&] {
        for (const Fact& step : fact.steps)
          write(json, step);
      });
  });
}

void write(OStream& json, const Section& section) {
  json.attributeArray(section.key, [&] {
    for (const Fact& fact : section.facts)
      write(json, fact);
  });
}

/// What `check` gives at the line, in short.
void printVerdict(const Explanation& explanation, llvm::raw_ostream& out) {
  llvm::SmallVector<std::string> given;
  for (const Section& section : explanation.sections)
    for (const Fact& fact : section.facts)
      if (section.key == "findings")
        given.push_back((fact.details.getString("level").value_or("") + "[" +
                         fact.details.getString("rule").value_or("") + "]")
                            .str() +
                        (fact.details.get("suppressed") ? ", which a comment excuses" : ""));
  out << "  = " << (given.empty() ? "no finding here" : llvm::join(given, ", ")) << '\n';
}

} // namespace

void print(const Explanation& explanation, llvm::raw_ostream& out) {
  out << explanation.path << ':' << explanation.line;
  if (!explanation.function.empty()) out << " in " << explanation.function;
  out << '\n';
  if (!explanation.source.empty()) out << "  | " << explanation.source << '\n';
  printVerdict(explanation, out);
  llvm::ArrayRef<ForkPart> forks = explanation.forks;
  for (const ForkPart& fork : forks.take_front(mostParts))
    print(fork, explanation, out);
  printRest(forks.drop_front(std::min(mostParts, forks.size())), out);
  for (const Section& section : explanation.sections) {
    if (!section.facts.empty()) out << '\n';
    print(section, 0, out);
  }
}

void printJson(const Explanation& explanation, llvm::raw_ostream& out) {
  OStream json(out, /*IndentSize=*/2);
  json.object([&] {
    json.attribute("schema", "forklint-explain/1");
    json.attribute("path", utf8(explanation.path));
    json.attribute("line", explanation.line);
    if (!explanation.function.empty()) json.attribute("function", utf8(explanation.function));
    json.attributeArray("forks", [&] {
      for (const ForkPart& fork : explanation.forks)
        json.object([&] {
          json.attribute("call", utf8(fork.call));
          json.attribute("line", fork.at.line);
          json.attribute("column", fork.at.column);
          json.attributeArray("programs", [&] {
            for (const std::string& program : fork.programs)
              json.value(utf8(program));
          });
          for (const Section& section : fork.sections)
            write(json, section);
        });
    });
    for (const Section& section : explanation.sections)
      write(json, section);
  });
  json.flush();
  out << '\n';
}

} // namespace forklint::driver
