// json: the contract `forklint-report/1`. Always carries notes.
#include "driver/report/json.h"
#include "driver/report/renderer.h"

namespace forklint::driver {
namespace {

using llvm::json::OStream;

/// JSON strings are UTF-8, whatever a source or a path holds.
void text(OStream& json, llvm::StringRef key, llvm::StringRef value) {
  if (llvm::json::isUTF8(value))
    json.attribute(key, value);
  else
    json.attribute(key, llvm::json::fixUTF8(value));
}

void textIfAny(OStream& json, llvm::StringRef key, llvm::StringRef value) {
  if (!value.empty()) text(json, key, value);
}

void numberIfAny(OStream& json, llvm::StringRef key, uint32_t value) {
  if (value) json.attribute(key, value);
}

void writeLocation(OStream& json, const check::Location& location) {
  text(json, "path", location.path);
  numberIfAny(json, "line", location.line);
  numberIfAny(json, "column", location.column);
  numberIfAny(json, "end_line", location.endLine);
  numberIfAny(json, "end_column", location.endColumn);
}

void writeStep(OStream& json, const check::Step& step) {
  text(json, "role", step.role);
  writeLocation(json, step.location);
  textIfAny(json, "function", functionName(step.function));
  if (step.object)
    json.attributeObject("object", [&] {
      text(json, "path", step.object->path);
      numberIfAny(json, "line", step.object->line);
      numberIfAny(json, "column", step.object->column);
    });
  text(json, "message", step.message);
}

void writeFix(OStream& json, const check::Fix& fix) {
  json.attribute("safety", check::spelling(fix.safety));
  text(json, "title", fix.title);
  json.attributeArray("edits", [&] {
    for (const check::Edit& edit : fix.edits)
      json.object([&] {
        writeLocation(json, edit.location);
        text(json, "replacement", edit.replacement);
      });
  });
}

void writeStatistics(OStream& json, const check::Statistics& statistics) {
  auto files = [&](llvm::StringRef name, const check::Statistics::Files& counted) {
    json.attributeObject(name, [&] {
      json.attribute("files", counted.files);
      json.attribute("bytes", counted.bytes);
    });
  };
  files("discovered", statistics.discovered);
  files("read", statistics.read);
  files("skimmed", statistics.skimmed);
  files("cached", statistics.cached);
  files("sharing", statistics.sharing);
  files("parsed", statistics.parsed);
  auto bodies = [&](llvm::StringRef name, const check::Statistics::Bodies& counted) {
    json.attributeObject(name, [&] {
      json.attribute("bodies", counted.bodies);
      json.attribute("bytes", counted.bytes);
    });
  };
  json.attributeObject("left_out", [&] {
    json.attribute("bodies", statistics.leftOut.bodies);
    json.attribute("bytes", statistics.leftOut.bytes);
    bodies("leading_to_forks", statistics.leadingToForks);
    bodies("leading_to_effects", statistics.leadingToEffects);
    bodies("entered", statistics.entered);
  });
  json.attributeObject("calls", [&] {
    json.attribute("resolved", statistics.resolved);
    json.attribute("modelled", statistics.modelled);
    json.attribute("unknown", statistics.unknown);
    json.attributeArray("unknown_callees", [&] {
      for (const check::Statistics::UnknownCallee& callee : statistics.unknownCallees)
        json.object([&] {
          text(json, "name", callee.name);
          text(json, "reason", callee.reason);
          json.attribute("sites", callee.sites);
        });
    });
  });
}

class JsonRenderer : public Renderer {
public:
  void render(const check::Report& report, const RenderContext&, llvm::raw_ostream& out) override {
    OStream json(out, /*IndentSize=*/2);
    json.object([&] {
      json.attribute("schema", "forklint-report/1");
      json.attributeObject("tool", [&] {
        json.attribute("name", "forklint");
        json.attribute("version", FORKLINT_VERSION);
      });
      json.attributeArray("findings", [&] {
        for (const check::Finding& finding : report.findings)
          json.object([&] { writeFinding(json, finding); });
      });
      json.attributeObject("summary", [&] { writeSummary(json, report); });
    });
    json.flush();
    out << '\n';
  }

private:
  static void writeSummary(OStream& json, const check::Report& report) {
    uint32_t parsed = report.summary.pythonUnits + report.summary.cppUnits;
    json.attribute("units", parsed + report.summary.lostUnits);
    json.attribute("parsed", parsed);
    json.attribute("complete", report.summary.complete);
    json.attribute("findings", static_cast<int64_t>(report.findings.size()));
    json.attribute("suppressed", report.summary.suppressed);
    if (report.statistics)
      json.attributeObject("statistics", [&] { writeStatistics(json, *report.statistics); });
  }
};

} // namespace

void writeCost(OStream& json, const check::Cost& cost) {
  json.attribute("bytes", cost.bytes);
  json.attribute("copies", cost.copies);
  json.attribute("seconds", cost.seconds);
  json.attribute("seconds_low", cost.secondsLow);
  json.attribute("seconds_high", cost.secondsHigh);
  json.attribute("calibrated", cost.calibrated);
}

void writeFinding(OStream& json, const check::Finding& finding) {
  text(json, "rule", finding.rule);
  if (!finding.also.empty())
    json.attributeArray("also", [&] {
      for (const std::string& rule : finding.also)
        json.value(rule);
    });
  json.attribute("level", check::spelling(finding.level));
  json.attribute("confidence", check::spelling(finding.confidence));
  writeLocation(json, finding.location);
  text(json, "message", finding.message);
  if (!finding.python.empty() || !finding.platform.empty())
    json.attributeObject("applies_to", [&] {
      textIfAny(json, "python", finding.python);
      textIfAny(json, "platform", finding.platform);
    });
  if (!finding.steps.empty())
    json.attributeArray("steps", [&] {
      for (const check::Step& step : finding.steps)
        json.object([&] { writeStep(json, step); });
    });
  if (finding.cost) json.attributeObject("cost", [&] { writeCost(json, *finding.cost); });
  if (!finding.evidence.empty())
    json.attributeArray("evidence", [&] {
      for (const check::Evidence& evidence : finding.evidence)
        json.object([&] {
          text(json, "kind", evidence.kind);
          text(json, "summary", evidence.summary);
          textIfAny(json, "record", evidence.record);
        });
    });
  if (!finding.fixes.empty())
    json.attributeArray("fixes", [&] {
      for (const check::Fix& fix : finding.fixes)
        json.object([&] { writeFix(json, fix); });
    });
  textIfAny(json, "fingerprint", finding.fingerprint);
}

std::unique_ptr<Renderer> makeJsonRenderer() { return std::make_unique<JsonRenderer>(); }

} // namespace forklint::driver
