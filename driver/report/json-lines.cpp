// json-lines: one finding of `forklint-report/1` a line, for streams. Always carries notes.
#include "driver/report/json.h"
#include "driver/report/renderer.h"

namespace forklint::driver {
namespace {

class JsonLinesRenderer : public Renderer {
public:
  void render(const check::Report& report, const RenderContext&, llvm::raw_ostream& out) override {
    for (const check::Finding& finding : report.findings) {
      llvm::json::OStream json(out);
      json.object([&] { writeFinding(json, finding); });
      json.flush();
      out << '\n';
    }
  }
};

} // namespace

std::unique_ptr<Renderer> makeJsonLinesRenderer() { return std::make_unique<JsonLinesRenderer>(); }

} // namespace forklint::driver
