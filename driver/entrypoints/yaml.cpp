#include "driver/entrypoints/yaml.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"

#include <algorithm>
#include <memory>

namespace forklint::driver {
namespace {

namespace yaml = llvm::yaml;

/// A node, which an anchor may put in several places.
struct Tree {
  std::optional<std::string> text;
  std::vector<std::pair<std::string, std::shared_ptr<const Tree>>>
      entries; // of a mapping; of a list without keys
  bool isList = false;
  uint32_t line = 0;
};
using Node = std::shared_ptr<const Tree>;

/// Reads the nodes, each once, as they stand; aliases are what their anchors name, and what a mapping merges
/// (`<<`) stands behind its own entries, and only where it has none of that name.
class Reader {
public:
  explicit Reader(llvm::SourceMgr& sources) : sources(sources) {}

  Node read(yaml::Node* node) {
    if (!node) return nullptr;
    if (auto* alias = llvm::dyn_cast<yaml::AliasNode>(node)) return anchors.lookup(alias->getName());
    auto tree = std::make_shared<Tree>();
    std::string anchor = node->getAnchor().str();
    tree->line = sources.getLineAndColumn(node->getSourceRange().Start).first;
    if (auto* mapping = llvm::dyn_cast<yaml::MappingNode>(node)) {
      readMapping(*mapping, *tree);
    } else if (auto* list = llvm::dyn_cast<yaml::SequenceNode>(node)) {
      tree->isList = true;
      for (yaml::Node& each : *list)
        if (Node element = read(&each)) tree->entries.emplace_back("", element);
    } else {
      tree->text = textOf(node);
    }
    if (!anchor.empty()) anchors[anchor] = tree;
    return tree;
  }

private:
  void readMapping(yaml::MappingNode& mapping, Tree& tree) {
    std::vector<Node> merged;
    for (yaml::KeyValueNode& entry : mapping) {
      std::string key = textOf(entry.getKey()).value_or("");
      Node value = read(entry.getValue());
      if (!value) continue;
      if (key != "<<")
        tree.entries.emplace_back(key, value);
      else if (!value->isList)
        merged.push_back(value);
      else
        for (const auto& [none, each] : value->entries)
          merged.push_back(each);
    }
    for (const Node& other : merged)
      for (const auto& [key, value] : other->entries)
        if (!llvm::is_contained(llvm::make_first_range(tree.entries), key))
          tree.entries.emplace_back(key, value);
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

  llvm::SourceMgr& sources;
  llvm::StringMap<Node> anchors;
};

/// Tells the scalars of a tree. A few anchors can make a text of any length: nobody writes so many values.
class Teller {
public:
  explicit Teller(llvm::function_ref<void(const YamlValue& value)> visit) : visit(visit) {}

  void tell(const Node& node) {
    if (!node || left == 0) return;
    --left;
    if (node->text) return visit({path, *node->text, std::nullopt, node->line});
    YamlValue list{path, "", std::vector<std::string>(), node->line};
    for (const auto& [key, value] : node->entries) {
      if (node->isList && value->text) {
        list.words->push_back(*value->text);
        continue;
      }
      path.push_back(key); // what is no scalar in a list stands under an empty key
      tell(value);
      path.pop_back();
    }
    if (node->isList) visit(list);
  }

private:
  size_t left = 100'000;
  llvm::function_ref<void(const YamlValue& value)> visit;
  std::vector<std::string> path;
};

} // namespace

void readYaml(llvm::StringRef text, llvm::function_ref<void(const YamlValue& value)> visit) {
  llvm::SourceMgr sources;
  sources.setDiagHandler([](const llvm::SMDiagnostic&, void*) {});
  yaml::Stream stream(text, sources, /*ShowColors=*/false);
  for (yaml::Document& document : stream) {
    if (stream.failed()) return;
    Teller(visit).tell(Reader(sources).read(document.getRoot()));
  }
}

} // namespace forklint::driver
