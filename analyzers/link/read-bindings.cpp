// Reads the rows about names that are bound to functions of another language.
#include "analyzers/link/read-tables.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::link {

/// "FIELD=NUMBER".
static llvm::Error readWhere(const std::string& text, const toml::table& table, llvm::StringRef file,
                             Binding& binding) {
  if (text.empty()) return llvm::Error::success();
  auto [field, number] = llvm::StringRef(text).split('=');
  int64_t value = 0;
  if (field.empty() || number.getAsInteger(10, value))
    return wrong(file, table.get("where")->source(), "'where' must be as \"field=2\"");
  binding.where.emplace(field.str(), value);
  return llvm::Error::success();
}

llvm::Expected<Binding> readBinding(const toml::table& table, llvm::StringRef file, Register& names) {
  Binding binding;
  std::string where, source;
  if (llvm::Error error = readTable(table, "binding", file,
                                    {{"import", &binding.import},
                                     {"struct", &binding.structure},
                                     {"calls", &binding.calls},
                                     {"library", &binding.library},
                                     {"parameters", &binding.parameters},
                                     {"where", &where},
                                     {"in", &binding.in},
                                     {"key", &binding.key},
                                     {"function", &binding.function},
                                     {"class", &binding.klass},
                                     {"module", &binding.module},
                                     {"members", &binding.members},
                                     {"constructor", &binding.constructor},
                                     {"runs", &binding.runs},
                                     {"makes-constructor", &binding.makesConstructor},
                                     {"static", &binding.isStatic},
                                     {"packed", &binding.isPacked},
                                     {"back", &binding.back},
                                     {"source", &source}}))
    return std::move(error);
  if (llvm::Error error = needs(table, {"source"}, "a binding", file)) return std::move(error);
  if (llvm::Error error = readWhere(where, table, file, binding)) return std::move(error);
  bool isAbout[] = {!binding.import.empty(), !binding.structure.empty(), !binding.calls.empty(),
                    !binding.library.empty()};
  if (llvm::count(isAbout, true) != 1)
    return wrong(file, table.source(), "a binding needs one of 'import', 'struct', 'calls' and 'library'");
  if (!binding.import.empty() && llvm::StringRef(binding.import).count('*') != 1)
    return wrong(file, table.get("import")->source(), "'import' must have one '*', the module's name");
  auto isParameter = [&](const std::string& name) {
    return name.empty() || name == "self" || llvm::is_contained(binding.parameters, name);
  };
  if (!binding.calls.empty())
    for (const auto& [key, name] :
         {std::pair("in", binding.in), std::pair("key", binding.key), std::pair("function", binding.function),
          std::pair("class", binding.klass), std::pair("module", binding.module)})
      if (!isParameter(name))
        return wrong(file, table.get(key)->source(),
                     "'" + llvm::Twine(key) + "': the call has no parameter '" + name + "'");
  if (!binding.back.empty())
    names.mention(NameKind::Row, binding.back, placeOf(file, table.get("back")->source()), "'back'");
  return binding;
}

} // namespace forklint::link
