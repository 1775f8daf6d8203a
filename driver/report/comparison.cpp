// Text and JSON of a comparison.
#include "driver/comparison.h"
#include "driver/report/json.h"

namespace forklint::driver {
namespace {

using Changes = std::vector<Change> Comparison::*;
struct Kind {
  const char* key;
  const char* title;
  Changes changes;
};
constexpr Kind kinds[] = {{"breaks", "breaks", &Comparison::breaks},
                          {"may_break", "may break", &Comparison::mayBreak},
                          {"slower", "gets slower", &Comparison::slower},
                          {"faster", "gets faster", &Comparison::faster},
                          {"safe", "gets safe: found before, and no more", &Comparison::safe}};

void print(const Change& change, llvm::raw_ostream& out) {
  out << "  " << change.at.path << ':' << change.at.line << ':' << change.at.column << ": ";
  if (!change.rule.empty()) out << check::spelling(change.level) << '[' << change.rule << "] ";
  out << change.message << '\n';
  for (const std::string& fix : change.fixes)
    out << "    fix: " << fix << '\n';
}

void write(llvm::json::OStream& json, const Change& change) {
  auto text = [&](llvm::StringRef key, llvm::StringRef value) {
    json.attribute(key, llvm::json::fixUTF8(value));
  };
  if (!change.rule.empty()) {
    text("rule", change.rule);
    text("level", check::spelling(change.level));
  }
  text("path", change.at.path);
  json.attribute("line", change.at.line);
  json.attribute("column", change.at.column);
  text("message", change.message);
  if (change.cost) json.attributeObject("cost", [&] { writeCost(json, *change.cost); });
  json.attributeArray("fixes", [&] {
    for (const std::string& fix : change.fixes)
      json.value(llvm::json::fixUTF8(fix));
  });
}

} // namespace

void print(const Comparison& comparison, llvm::raw_ostream& out) {
  out << "from Python " << comparison.from << " to " << comparison.to << '\n';
  bool isSame = true;
  for (const Kind& kind : kinds) {
    const std::vector<Change>& changes = comparison.*kind.changes;
    if (changes.empty()) continue;
    isSame = false;
    out << '\n' << kind.title << ":\n";
    for (const Change& change : changes)
      print(change, out);
  }
  if (isSame) out << "nothing changes that is known\n";
}

void printJson(const Comparison& comparison, llvm::raw_ostream& out) {
  llvm::json::OStream json(out, /*IndentSize=*/2);
  json.object([&] {
    json.attribute("schema", "forklint-compare/1");
    json.attribute("from", comparison.from);
    json.attribute("to", comparison.to);
    for (const Kind& kind : kinds)
      json.attributeArray(kind.key, [&] {
        for (const Change& change : comparison.*kind.changes)
          json.object([&] { write(json, change); });
      });
  });
  json.flush();
  out << '\n';
}

} // namespace forklint::driver
