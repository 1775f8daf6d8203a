// See the header.
#include "harness/reproduce/page.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>

namespace forklint::harness {
namespace {

constexpr llvm::StringLiteral style = R"(
:root { color-scheme: light dark; --ink: #1c1e21; --faint: #6b7078; --paper: #fff; --box: #f4f5f7; --line: #d8dbe0;
  --bad: #c0392b; --good: #2e7d4f; --plain: #3f6fb5; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e6ea; --faint: #9aa0a8; --paper: #17191c; --box: #212429;
  --line: #383d44; --bad: #e0695c; --good: #5fb583; --plain: #7ba4e0; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; margin-top: 2.5rem; border-top: 1px solid var(--line);
  padding-top: 1rem; } h3 { font-size: 1rem; margin-bottom: .3rem; }
code, pre, td.n { font-family: ui-monospace, monospace; font-size: .9em; }
pre, .box { background: var(--box); border: 1px solid var(--line); border-radius: 6px; padding: .7rem 1rem;
  overflow-x: auto; }
.faint { color: var(--faint); } .bad { color: var(--bad); } .good { color: var(--good); }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .8rem .3rem 0; }
th { color: var(--faint); font-weight: normal; white-space: nowrap; vertical-align: top; }
table.box td, table.box th { padding-left: .8rem; } td.n { text-align: right; white-space: nowrap; }
td.w { width: 40%; } .bar { display: block; height: .8rem; border-radius: 3px; min-width: 2px; }
.bar.bad { background: var(--bad); } .bar.good { background: var(--good); } .bar.plain { background: var(--plain); }
svg { width: 100%; height: auto; } svg text { fill: var(--ink); font-size: 14px; }
)";

} // namespace

std::string escaped(llvm::StringRef text) {
  std::string result;
  llvm::raw_string_ostream out(result);
  llvm::printHTMLEscaped(text, out);
  return result;
}

void beginPage(llvm::raw_ostream& out, llvm::StringRef title) {
  out << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      << "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" << escaped(title)
      << "</title>\n<style>" << style << "</style>\n</head>\n<body>\n<h1>" << escaped(title) << "</h1>\n";
}

void endPage(llvm::raw_ostream& out) {
  out << "<p class=\"faint\">Made by forklint " FORKLINT_VERSION ".</p>\n</body>\n</html>\n";
}

std::string bar(double share, llvm::StringRef colour) {
  return llvm::formatv("<span class=\"bar {0}\" style=\"width: {1:f1}%\"></span>", colour,
                       100 * std::clamp(share, 0.0, 1.0));
}

} // namespace forklint::harness
