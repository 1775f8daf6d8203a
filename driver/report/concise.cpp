// concise: one line a finding, as compilers print it, so that editors can jump.
#include "driver/report/renderer.h"

namespace forklint::driver {
namespace {

class ConciseRenderer : public Renderer {
public:
  void render(const check::Report& report, const RenderContext& context, llvm::raw_ostream& out) override {
    for (const check::Finding& finding : report.findings) {
      if (finding.level < context.show) continue;
      out << printable(finding.location.path) << ':';
      if (finding.location.line) out << finding.location.line << ':';
      if (finding.location.column) out << finding.location.column << ':';
      out << ' ' << check::spelling(finding.level) << '[' << finding.rule << "] "
          << printable(finding.message) << '\n';
    }
  }
};

} // namespace

std::unique_ptr<Renderer> makeConciseRenderer() { return std::make_unique<ConciseRenderer>(); }

} // namespace forklint::driver
