#include "driver/option-words.h"

#include <CLI/CLI.hpp>

namespace forklint::driver {
namespace {

CLI::Option* list(CLI::App& app, const std::string& name, std::vector<std::string>& into,
                  const std::string& help) {
  return app.add_option(name, into, help)->allow_extra_args(false)->delimiter(',');
}

void defineCacheFolder(CLI::App& app, Words& words) {
  app.add_option(
         "--cache-dir", words.cacheFolder,
         "folder where facts of C and C++ are kept (default: FORKLINT_CACHE_DIR, else `forklint` in the "
         "user's folder for caches)")
      ->type_name("DIR");
}

/// What says how a program is understood, whatever is asked about it.
void defineRun(CLI::App& app, Words& words) {
  app.add_option("-p", words.buildDirectory, "folder of compile_commands.json")->type_name("BUILD_DIR");
  app.add_option("--target-version", words.targets, "Python versions to hold for: 3.11, 3.8-3.13, 3.9-");
  app.add_option("--platform", words.platform, "platform to hold for (linux, macos)");
  app.add_option("--libc", words.libc,
                 "C library to hold for (glibc, glibc-2.36, musl, libSystem; the platform's own)");
  app.add_option("-j", words.jobs, "how many units at a time");
  app.add_option("--models", words.models, "file of rows that say what libraries do; repeatable")
      ->allow_extra_args(false)
      ->type_name("FILE");
  defineCacheFolder(app, words);
  app.add_flag("--no-cache", words.uncached, "neither look for facts in the cache nor keep them there");
  app.add_option("--unit-time", words.unitSeconds, "CPU that one C or C++ unit may take (default: 300)")
      ->type_name("SECONDS");
  app.add_option("--unit-memory", words.unitMegabytes, "memory that one may take (default: 4096)")
      ->type_name("MB");
  list(app, "--without-models", words.withoutModels, "leave out the rows of these names")->group("");
  app.add_flag("--exhaustive", words.exhaustive,
               "extract every unit of the program and all of it, wanted or not; finds the same");
}

void defineExplain(CLI::App& app, Words& words) {
  app.add_option("FILE:LINE", words.paths, "the line that is asked about");
  defineRun(app, words);
  app.add_option("--output", words.outputs, "full (default) or json")->allow_extra_args(false);
}

void defineCheck(CLI::App& app, Words& words) {
  app.add_option("PATH", words.paths, "files and folders to report on (default: .)");
  defineRun(app, words);
  app.add_option("--compare", words.compare,
                 "what changes from one Python version to another, such as 3.13 3.14")
      ->allow_extra_args(false)
      ->type_size(2)
      ->expected(1)
      ->type_name("OLD NEW");
  list(app, "--select", words.select, "run these rules only");
  list(app, "--ignore", words.ignore, "do not run these rules");
  list(app, "--extend-select", words.extendSelect, "run these rules too");
  app.add_option("--output", words.outputs, "FORMAT[=FILE], repeatable: full, concise, json, json-lines")
      ->allow_extra_args(false);
  app.add_option("--show", words.show, "lowest level printed: error, warning (default), note");
  app.add_option("--fail-on", words.failOn,
                 "lowest level that gives exit status 1: error, warning (default), note");
  app.add_option("--observed", words.observed, "records of the harness, attached to findings")
      ->type_name("FILE");
  list(app, "--print", words.print,
       "print what a stage made: workset, facts, program, callgraph, summaries, states, findings, report");
  app.add_option("--stop-after", words.stopAfter,
                 "stop after a stage: discover, extract, link, solve, check, filter");
  app.add_option("--color", words.color, "auto, always, never");
  app.add_flag("--stats", words.stats,
               "tell how much was read, and how many calls that may lead to a fork are known");
}

void defineReproduce(CLI::App& app, Words& words) {
  list(app, "--python", words.pythons, "VERSION, PATH or all; repeatable (default: python3 of PATH)");
  list(app, "--mode", words.modes, "naive, forced or fixed; repeatable (default: all three)");
  app.add_option("--runs", words.runs, "how many runs of each mode (default: 10)");
}

void defineMeasure(CLI::App& app, Words& words) {
  app.add_option("--venv", words.venv, "virtual environment with the measured libraries");
  app.add_option("--bytes", words.bytes, "size of the data, such as 256M or 1G");
  app.add_option("--repeats", words.repeats, "how often each is measured, the median counts (default: 3)");
}

} // namespace

void define(CLI::App& app, llvm::StringRef verb, Words& words) {
  if (verb == "check") return defineCheck(app, words);
  if (verb == "explain") return defineExplain(app, words);
  if (verb == "version") return;
  if (verb == "clean") return defineCacheFolder(app, words);
  app.add_option(verb == "config" ? "PATH" : verb == "measure" ? "WHAT" : "NAME", words.paths);
  if (verb == "rule") {
    app.add_flag("--all", words.all, "all rules");
    app.add_option("--output", words.outputs, "full (default) or json")->allow_extra_args(false);
  }
  if (verb == "reproduce") defineReproduce(app, words);
  if (verb == "measure") defineMeasure(app, words);
  if (verb == "reproduce" || verb == "measure")
    app.add_option("--output", words.outputs, "text (default), json-lines, html, each [=FILE]; repeatable")
        ->allow_extra_args(false);
}

std::string overview() {
  return "forklint finds unsafe uses of fork, and costly transfers to worker processes, in C++ and "
         "Python.\n\n"
         "  forklint check [PATH...]       lint (the default verb; PATH defaults to .)\n"
         "  forklint explain FILE:LINE     what is known there, and why a finding is given or not\n"
         "  forklint rule [NAME] | --all   the page of a rule\n"
         "  forklint reproduce [NAME...]   run scenarios: naive, forced, fixed\n"
         "  forklint measure [WHAT]        transfer costs on this machine\n"
         "  forklint config [PATH]         the configuration that holds for a path\n"
         "  forklint clean                 remove the facts that were kept\n"
         "  forklint version\n\n"
         "`forklint VERB --help` lists the options of a verb.\n"
         "Exit status: 0 nothing found, 1 findings, 2 usage, configuration or internal error.\n";
}

} // namespace forklint::driver
