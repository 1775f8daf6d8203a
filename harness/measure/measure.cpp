// `forklint measure`: runs measure/<what>.py on an interpreter that has the libraries, and prints its rows
// beside the figures of the article. Guarantees: what it says comes from this run alone; a refusal is one
// clear line and exit 2.
#include "harness/folder.h"
#include "harness/harness.h"
#include "harness/reproduce/command.h"
#include "harness/reproduce/page.h"
#include "harness/reproduce/places.h"
#include "harness/reproduce/scenario.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

#include <gnu/libc-version.h>

#include <optional>

namespace forklint::harness {
namespace {

/// Exit code of a script that said on stderr why it will not measure.
constexpr int refused = 3;

struct Row {
  std::string way;
  std::string comparison;
  std::string object;
  uint64_t bytes = 0;
  double seconds = 0;
  std::optional<double> articleSeconds;
  uint64_t articleBytes = 0;
};

int fail(llvm::raw_ostream& err, llvm::Error error) {
  const std::string message = llvm::toString(std::move(error));
  if (!message.empty()) // else the script has said it
    err << "forklint: " << message << "\n";
  return 2;
}

llvm::Expected<std::string> findPython(const MeasureOptions& options) {
  std::string place = options.venv;
  if (place.empty())
    if (const char* value = getenv("FORKLINT_MEASURE_PYTHON")) place = value;
  if (place.empty())
    return usageError(
        "measuring needs a Python with numpy, pandas and fastparquet: give --venv FOLDER or set "
        "FORKLINT_MEASURE_PYTHON");
  if (llvm::sys::fs::is_directory(place)) place += "/bin/python3";
  if (!llvm::sys::fs::can_execute(place)) return usageError("there is no Python at " + place);
  return place;
}

llvm::Expected<std::vector<Row>> parseRows(llvm::StringRef text) {
  std::vector<Row> rows;
  llvm::SmallVector<llvm::StringRef, 16> lines;
  text.split(lines, '\n', -1, false);
  for (const llvm::StringRef line : lines) {
    auto value = llvm::json::parse(line);
    if (!value) return value.takeError();
    const llvm::json::Object* object = value->getAsObject();
    if (!object) return usageError("the measurement printed something else than rows");
    Row row;
    row.way = object->getString("row").value_or("").str();
    row.comparison = object->getString("comparison").value_or("").str();
    row.object = object->getString("object").value_or("").str();
    row.bytes = static_cast<uint64_t>(object->getInteger("bytes").value_or(0));
    row.seconds = object->getNumber("seconds").value_or(0);
    row.articleSeconds = object->getNumber("article_seconds");
    row.articleBytes = static_cast<uint64_t>(object->getInteger("article_bytes").value_or(0));
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string sizeOf(uint64_t bytes) {
  if (bytes >= uint64_t(1) << 30)
    return llvm::formatv("{0:f1} GiB", static_cast<double>(bytes) / (1 << 30)).str();
  return llvm::formatv("{0:f1} MiB", static_cast<double>(bytes) / (1 << 20)).str();
}

/// Within a comparison the first way is the measure of the others, here and in the article.
void printText(llvm::raw_ostream& out, llvm::ArrayRef<Row> rows) {
  const Row* first = nullptr;
  for (const Row& row : rows) {
    if (!first || first->comparison != row.comparison) {
      first = &row;
      out << llvm::formatv("{0} ({1}, {2} here", row.comparison, row.object, sizeOf(row.bytes));
      if (row.articleBytes != 0) out << llvm::formatv("; {0} in the article", sizeOf(row.articleBytes));
      out << ")\n";
    }
    out << llvm::formatv("  {0,-18} {1,8:f3} s  {2,6:f1}x", row.way, row.seconds,
                         row.seconds / first->seconds);
    if (row.articleSeconds)
      out << llvm::formatv("    article {0,8:f3} s  {1,6:f1}x", *row.articleSeconds,
                           *row.articleSeconds / first->articleSeconds.value_or(*row.articleSeconds));
    out << "\n";
  }
}

struct Environment {
  std::string python;
  unsigned repeats = 0;
};

/// A row is about the rule where something is handed over; the same work done in threads is not.
bool isTransfer(const Row& row) { return row.object != "float64-array"; }

/// Without a place: what is measured holds for every site of the rule.
void printRecords(llvm::raw_ostream& out, llvm::ArrayRef<Row> rows, const Environment& environment) {
  for (const Row& row : rows) {
    llvm::json::Object record{
        {"schema", "forklint-record/1"},
        {"kind", "measure"},
        {"scenario", "article"},
        {"environment", llvm::json::Object{{"python", environment.python},
                                           {"libc", std::string("glibc ") + gnu_get_libc_version()}}},
        {"runs", environment.repeats},
        {"seconds", row.seconds},
        {"object", row.object},
        {"bytes", static_cast<int64_t>(row.bytes)},
        {"way", row.way},
        {"comparison", row.comparison}};
    if (isTransfer(row)) record["rule"] = "large-pool-argument";
    if (row.articleSeconds) {
      record["article_seconds"] = *row.articleSeconds;
      record["article_bytes"] = static_cast<int64_t>(row.articleBytes);
    }
    out << llvm::json::Value(std::move(record)) << "\n";
  }
}

/// Bars are drawn to the slowest of their comparison.
void printPage(llvm::raw_ostream& out, llvm::ArrayRef<Row> rows, const Environment& environment) {
  beginPage(out, "forklint measure article");
  out << llvm::formatv("<p>CPython {0}, glibc {1}; median of {2}.</p>\n", escaped(environment.python),
                       gnu_get_libc_version(), environment.repeats);
  while (!rows.empty()) {
    const Row& first = rows.front();
    const auto group = rows.take_while([&](const Row& row) { return row.comparison == first.comparison; });
    rows = rows.drop_front(group.size());
    const double slowest =
        llvm::max_element(group, [](const Row& a, const Row& b) { return a.seconds < b.seconds; })->seconds;
    out << llvm::formatv(
        "<h2>{0}</h2>\n<p>{1}, {2} here{3}.</p>\n<table>\n<tr><th>way</th><th>here</th><th></th>"
        "<th></th><th>the article</th></tr>\n",
        escaped(first.comparison), escaped(first.object), sizeOf(first.bytes),
        first.articleBytes != 0 ? ", " + sizeOf(first.articleBytes) + " in the article" : "");
    for (const Row& row : group)
      out << llvm::formatv("<tr><td>{0}</td><td class=\"n\">{1:f3} s</td><td class=\"n\">{2:f1}x</td>"
                           "<td class=\"w\">{3}</td><td class=\"n\">{4}</td></tr>\n",
                           escaped(row.way), row.seconds, row.seconds / first.seconds,
                           bar(row.seconds / slowest, "plain"),
                           row.articleSeconds ? llvm::formatv("{0:f3} s", *row.articleSeconds).str() : "");
    out << "</table>\n";
  }
  endPage(out);
}

llvm::Expected<std::string> runAndRead(const std::string& python, llvm::ArrayRef<std::string> arguments,
                                       llvm::StringRef folder) {
  const std::string output = (folder + "/rows").str();
  std::vector<llvm::StringRef> views{python};
  for (const std::string& argument : arguments)
    views.push_back(argument);
  // stderr stays ours: the progress bar and the script's own refusal go there.
  const std::optional<llvm::StringRef> redirects[] = {llvm::StringRef(""), llvm::StringRef(output),
                                                      std::nullopt};
  std::string problem;
  const int code = llvm::sys::ExecuteAndWait(python, views, std::nullopt, redirects, 0, 0, &problem);
  if (code == refused) return usageError("");
  if (code != 0) return usageError(problem.empty() ? "the measurement was not made" : llvm::Twine(problem));
  return readText(output);
}

} // namespace

int measure(const MeasureOptions& options, llvm::raw_ostream& out, llvm::raw_ostream& err) {
  auto outputs = openOutputs(options.outputs);
  if (!outputs) return fail(err, outputs.takeError());
  if (options.what != "article")
    return fail(err, usageError("unknown measurement '" + options.what + "'; there is: article"));
  auto places = locate(options.places);
  if (!places) return fail(err, places.takeError());
  auto python = findPython(options);
  if (!python) return fail(err, python.takeError());
  const TemporaryFolder folder("forklint-measure");
  if (folder.error())
    return fail(err, usageError("cannot make a temporary folder: " + folder.error().message()));

  const std::string script = places->data + "/measure/article.py";
  const auto version = outputOf({*python, "-c", "import platform; print(platform.python_version())"});
  if (!version) return fail(err, usageError(*python + " is not a Python that runs"));
  auto text = runAndRead(
      *python, {script, "--bytes", llvm::utostr(options.bytes), "--repeats", llvm::utostr(options.repeats)},
      folder.path());
  if (!text) return fail(err, text.takeError());
  auto rows = parseRows(*text);
  if (!rows) return fail(err, rows.takeError());
  const Environment environment{llvm::StringRef(*version).trim().str(), options.repeats};
  for (Output& output : *outputs) {
    llvm::raw_ostream& stream = output.file ? *output.file : out;
    if (output.format == "json-lines")
      printRecords(stream, *rows, environment);
    else if (output.format == "html")
      printPage(stream, *rows, environment);
    else
      printText(stream, *rows);
    stream.flush();
  }
  return 0;
}

} // namespace forklint::harness
