// Text and JSON of an explanation. The JSON has schema `forklint-explain/1`.
#include "driver/explanation.h"
#include "driver/report/json.h"

namespace forklint::driver {
namespace {

using llvm::json::OStream;

void print(const Section& section, unsigned indent, llvm::raw_ostream& out) {
  if (section.facts.empty()) return;
  out.indent(indent) << section.title << ":\n";
  for (const Fact& fact : section.facts) {
    out.indent(indent + 2) << fact.text;
    if (fact.at) out << " (" << fact.at->path << ':' << fact.at->line << ')';
    out << '\n';
  }
}

llvm::json::Value utf8(llvm::StringRef text) { return llvm::json::fixUTF8(text); }

void write(OStream& json, const Section& section) {
  json.attributeArray(section.key, [&] {
    for (const Fact& fact : section.facts)
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
      });
  });
}

} // namespace

void print(const Explanation& explanation, llvm::raw_ostream& out) {
  out << explanation.path << ':' << explanation.line;
  if (!explanation.function.empty()) out << " in " << explanation.function;
  out << '\n';
  if (!explanation.source.empty()) out << "  | " << explanation.source << '\n';
  for (const ForkPart& fork : explanation.forks) {
    out << "\n`" << fork.call << "` starts a process";
    if (fork.at.line != explanation.line || fork.at.path != explanation.path)
      out << " at " << fork.at.path << ':' << fork.at.line;
    for (size_t i = 0; i < fork.programs.size(); ++i)
      out << (i ? ", `" : " in program `") << fork.programs[i] << '`';
    out << '\n';
    for (const Section& section : fork.sections)
      print(section, 2, out);
  }
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
