// A format of the report. One file per format; `makeRenderer` is the table by name.
//
// Rules that hold for all: findings come in the order of the report; paths are relative to the working
// directory, absolute outside it (the pipeline has made them so); keys and lines that do not apply are
// absent.
#pragma once

#include "analyzers/check/finding.h"
#include "driver/report/source.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

#include <memory>

namespace forklint::driver {

/// What a renderer may know beside the report.
struct RenderContext {
  SourceCache& sources;
  check::Level show = check::Level::Warning; // lowest level that formats for people print
  bool color = false;
};

class Renderer {
public:
  virtual ~Renderer() = default;
  virtual void render(const check::Report& report, const RenderContext& context, llvm::raw_ostream& out) = 0;
};

/// Null where there is no such format.
std::unique_ptr<Renderer> makeRenderer(llvm::StringRef format);
llvm::ArrayRef<llvm::StringRef> formatNames();

std::unique_ptr<Renderer> makeFullRenderer();
std::unique_ptr<Renderer> makeConciseRenderer();
std::unique_ptr<Renderer> makeJsonRenderer();
std::unique_ptr<Renderer> makeJsonLinesRenderer();

/// A function by the name that its author knows: "app.<3>", the third statement of a module, is "app";
/// "app.f.<locals>.g" is "app.f.g".
std::string functionName(llvm::StringRef symbol);

/// "checked 12 Python units and 3 C and C++ units; 1 was not analysed".
std::string coverageLine(const check::Summary& summary);

} // namespace forklint::driver
