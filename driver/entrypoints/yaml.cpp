#include "driver/entrypoints/yaml.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"

#include <algorithm>

namespace forklint::driver {
namespace {

namespace yaml = llvm::yaml;

class Reader {
public:
  Reader(llvm::SourceMgr& sources, llvm::function_ref<void(const YamlValue& value)> visit)
      : sources(sources), visit(visit) {}

  void node(yaml::Node* node) {
    if (auto* mapping = llvm::dyn_cast_or_null<yaml::MappingNode>(node)) {
      for (yaml::KeyValueNode& entry : *mapping) {
        std::optional<std::string> key = textOf(entry.getKey());
        path.push_back(key.value_or(""));
        this->node(entry.getValue());
        path.pop_back();
      }
    } else if (auto* list = llvm::dyn_cast_or_null<yaml::SequenceNode>(node)) {
      YamlValue value{path, "", std::vector<std::string>(), lineOf(*list)};
      for (yaml::Node& each : *list)
        if (std::optional<std::string> text = textOf(&each))
          value.words->push_back(*text);
        else
          inList(&each);
      visit(value);
    } else if (std::optional<std::string> text = textOf(node)) {
      visit({path, *text, std::nullopt, lineOf(*node)});
    }
  }

private:
  /// What is no scalar in a list stands under an empty key.
  void inList(yaml::Node* element) {
    path.emplace_back();
    node(element);
    path.pop_back();
  }

  /// A text of several lines is one line, but for a block that keeps them (`|`).
  static std::optional<std::string> textOf(yaml::Node* node) {
    std::string text;
    llvm::SmallString<64> storage;
    if (auto* block = llvm::dyn_cast_or_null<yaml::BlockScalarNode>(node))
      text = block->getValue().str();
    else if (auto* scalar = llvm::dyn_cast_or_null<yaml::ScalarNode>(node))
      text = scalar->getValue(storage).str();
    else
      return std::nullopt;
    if (*node->getSourceRange().Start.getPointer() != '|') std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
  }
  uint32_t lineOf(const yaml::Node& node) const {
    return sources.getLineAndColumn(node.getSourceRange().Start).first;
  }

  llvm::SourceMgr& sources;
  llvm::function_ref<void(const YamlValue& value)> visit;
  std::vector<std::string> path;
};

} // namespace

void readYaml(llvm::StringRef text, llvm::function_ref<void(const YamlValue& value)> visit) {
  llvm::SourceMgr sources;
  sources.setDiagHandler([](const llvm::SMDiagnostic&, void*) {});
  yaml::Stream stream(text, sources, /*ShowColors=*/false);
  Reader reader(sources, visit);
  for (yaml::Document& document : stream) {
    if (stream.failed()) return;
    reader.node(document.getRoot());
  }
}

} // namespace forklint::driver
