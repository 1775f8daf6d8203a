// full: for a person at a terminal. Headline, place, excerpt with carets, then what a reader asks next: where
// it holds, how control gets there, what it costs, what proves it, how to mend it.
#include "analyzers/support/amounts.h"
#include "driver/report/diff.h"
#include "driver/report/renderer.h"

namespace forklint::driver {
namespace {

using Color = llvm::raw_ostream::Colors;

std::string place(const check::Location& location) {
  std::string text = printable(location.path);
  if (location.line) text += ":" + std::to_string(location.line);
  if (location.line && location.column) text += ":" + std::to_string(location.column);
  return text;
}

Color colorOf(check::Level level) {
  if (level == check::Level::Error) return Color::RED;
  return level == check::Level::Warning ? Color::YELLOW : Color::CYAN;
}

class Printer {
public:
  Printer(const RenderContext& context, llvm::raw_ostream& out) : context(context), out(out) {}

  void print(const check::Finding& finding) {
    paint(check::spelling(finding.level), colorOf(finding.level), true);
    out << '[' << finding.rule << "]: ";
    paint(printable(finding.message), Color::SAVEDCOLOR, true);
    out << '\n';
    out << "  --> " << place(finding.location) << '\n';
    excerpt(finding.location, "", colorOf(finding.level));
    facts(finding);
    for (size_t number = 0; number < finding.steps.size(); ++number)
      step(finding.steps[number], number + 1);
    if (finding.cost) cost(*finding.cost);
    for (const check::Evidence& evidence : finding.evidence) {
      label(evidence.kind);
      out << printable(evidence.summary);
      if (!evidence.record.empty()) out << " [" << evidence.record << ']';
      out << '\n';
    }
    for (const check::Fix& fix : finding.fixes)
      this->fix(fix);
    out << '\n';
  }

private:
  void paint(llvm::StringRef text, Color color, bool bold = false) {
    if (context.color) out.changeColor(color, bold);
    out << text;
    if (context.color) out.resetColor();
  }

  void label(llvm::StringRef name) {
    out << "  = ";
    paint(name, Color::SAVEDCOLOR, true);
    out << ": ";
  }

  void excerpt(const check::Location& location, llvm::StringRef indent, Color color) {
    std::optional<Excerpt> source = excerptAt(context.sources, location);
    if (!source) return;
    std::string number = std::to_string(location.line);
    std::string margin(number.size(), ' ');
    out << indent << "  " << number << " | " << source->text << '\n';
    if (!source->caretLength) return;
    out << indent << "  " << margin << " | " << std::string(source->caretStart, ' ');
    paint(std::string(source->caretLength, '^'), color, true);
    out << '\n';
  }

  void facts(const check::Finding& finding) {
    if (!finding.python.empty() || !finding.platform.empty()) {
      label("applies to");
      if (!finding.python.empty()) out << "Python " << finding.python;
      if (!finding.platform.empty()) out << (finding.python.empty() ? "" : " on ") << finding.platform;
      out << '\n';
    }
    if (finding.confidence != check::Confidence::High) {
      label("confidence");
      out << check::spelling(finding.confidence) << '\n';
    }
    for (const std::string& rule : finding.also) {
      label("also");
      out << rule << '\n';
    }
  }

  void step(const check::Step& step, size_t number) {
    out << "  " << number << ". ";
    paint(step.role, Color::BLUE, true);
    out << ' ' << place(step.location);
    if (!step.function.empty()) out << " in " << printable(functionName(step.function));
    if (!step.message.empty()) out << ": " << printable(step.message);
    if (step.object) out << " (made at " << place(*step.object) << ')';
    out << '\n';
    excerpt(step.location, "   ", Color::BLUE);
  }

  void cost(const check::Cost& cost) {
    label("cost");
    out << bytesText(cost.bytes) << ", " << cost.copies << (cost.copies == 1 ? " copy" : " copies")
        << ", about " << secondsText(cost.seconds, 2) << " (" << secondsText(cost.secondsLow, 2) << " to "
        << secondsText(cost.secondsHigh, 2) << "), "
        << (cost.calibrated ? "calibrated on this machine\n" : "by the built-in constants\n");
  }

  void fix(const check::Fix& fix) {
    label(fix.safety == check::FixSafety::Display ? "help"
                                                  : std::string("fix (") + check::spelling(fix.safety) + ")");
    out << printable(fix.title) << '\n';
    for (const DiffLine& line : diffOf(fix, context.sources)) {
      out << "      ";
      Color color = line.mark == '+' ? Color::GREEN : line.mark == '-' ? Color::RED : Color::SAVEDCOLOR;
      paint((llvm::Twine(line.mark) + " " + printable(line.text)).str(), color);
      out << '\n';
    }
  }

  const RenderContext& context;
  llvm::raw_ostream& out;
};

class FullRenderer : public Renderer {
public:
  void render(const check::Report& report, const RenderContext& context, llvm::raw_ostream& out) override {
    if (context.color) out.enable_colors(true);
    Printer printer(context, out);
    for (const check::Finding& finding : report.findings)
      if (finding.level >= context.show) printer.print(finding);
  }
};

} // namespace

std::unique_ptr<Renderer> makeFullRenderer() { return std::make_unique<FullRenderer>(); }

} // namespace forklint::driver
