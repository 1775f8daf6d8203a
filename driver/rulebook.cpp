#include "driver/rulebook.h"

#include "analyzers/check/rule.h"
#include "analyzers/support/suggest.h"
#include "driver/options.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <toml++/toml.h>

namespace forklint::driver {
namespace {

struct Page {
  std::string name, summary, level, text;
  std::vector<std::string> languages;
  bool mayStayUnseen = false;
};

/// The front matter between `+++` lines is TOML; its exceptions end here.
Page parsePage(llvm::StringRef name, llvm::StringRef text) {
  Page page{name.str(), "", "", text.str(), {}, false};
  if (!text.consume_front("+++\n")) return page;
  auto [matter, body] = text.split("\n+++\n");
  page.text = body.ltrim('\n').str();
  try {
    toml::table table = toml::parse(std::string_view(matter));
    page.summary = table["summary"].value_or("");
    page.level = table["level"].value_or("");
    page.mayStayUnseen = table["may-stay-unseen"].value_or(false);
    if (const toml::array* languages = table["languages"].as_array())
      for (const toml::node& language : *languages)
        page.languages.push_back(language.value_or(""));
  } catch (const toml::parse_error&) {
    page.summary = ""; // the page's tests hold the front matter; the text is still worth showing
  }
  return page;
}

std::vector<Page> allPages() {
  std::map<std::string, Page> pages;
  for (auto [name, text] : rulePages())
    pages.emplace(name.str(), parsePage(name, text));
  for (const check::Rule& rule : check::allRules())
    pages.try_emplace(rule.name, Page{rule.name, "", "", "", {}, false});
  std::vector<Page> sorted;
  sorted.reserve(pages.size());
  for (auto& [name, page] : pages)
    sorted.push_back(std::move(page));
  return sorted;
}

void printJson(const std::vector<Page>& pages) {
  llvm::json::OStream json(llvm::outs(), /*IndentSize=*/2);
  json.array([&] {
    for (const Page& page : pages)
      json.object([&] {
        json.attribute("name", page.name);
        json.attribute("summary", page.summary);
        json.attribute("level", page.level);
        json.attributeArray("languages", [&] {
          for (const std::string& language : page.languages)
            json.value(language);
        });
        json.attribute("page", page.text);
      });
  });
  json.flush();
  llvm::outs() << '\n';
}

void printList(const std::vector<Page>& pages) {
  for (const Page& page : pages) {
    llvm::outs() << page.name;
    llvm::outs().indent(page.name.size() < 28 ? static_cast<unsigned>(28 - page.name.size()) : 1);
    llvm::outs() << page.summary << '\n';
  }
}

} // namespace

const llvm::StringSet<>& ruleNames() {
  static const llvm::StringSet<> names = [] {
    llvm::StringSet<> all;
    for (auto [name, text] : rulePages())
      all.insert(name);
    for (const check::Rule& rule : check::allRules())
      all.insert(rule.name);
    return all;
  }();
  return names;
}

std::string useInstead(llvm::StringRef rule) {
  for (auto [name, text] : rulePages()) {
    if (name != rule) continue;
    llvm::StringRef said = text.split("\n## Use instead\n").second.ltrim('\n');
    said = said.substr(0, std::min(said.find("\n\n"), said.find("```"))).rtrim();
    std::string line = said.str();
    std::replace(line.begin(), line.end(), '\n', ' ');
    return line;
  }
  return "";
}

bool mayStayUnseen(llvm::StringRef rule) {
  return llvm::any_of(rulePages(), [&](const auto& page) {
    return page.first == rule && parsePage(rule, page.second).mayStayUnseen;
  });
}

int showRules(const RuleOptions& options) {
  std::vector<Page> pages = allPages(), chosen;
  for (const std::string& name : options.names) {
    auto page = llvm::find_if(pages, [&](const Page& each) { return each.name == name; });
    if (page == pages.end()) {
      llvm::errs() << "forklint: there is no rule `" << name << '`' << suggestion(name, ruleNames().keys())
                   << '\n';
      return 2;
    }
    chosen.push_back(*page);
  }
  bool whole = options.all || !options.names.empty();
  if (options.names.empty()) chosen = std::move(pages);
  if (options.json) return printJson(chosen), 0;
  if (!whole) return printList(chosen), 0;
  for (const Page& page : chosen)
    llvm::outs() << page.text << (&page == &chosen.back() ? "" : "\n");
  return 0;
}

} // namespace forklint::driver
