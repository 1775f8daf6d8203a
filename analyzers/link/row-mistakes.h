// What is wrong with texts of a row that are otherwise well-formed TOML: names, paths, formulas.
#pragma once

#include "analyzers/link/models.h"

#include <optional>
#include <string>
#include <vector>

namespace forklint::link {

/// Why the text of a key is none that the effect can follow.
std::optional<std::string> mistakeInPath(EffectKind kind, llvm::StringRef key, llvm::StringRef text);

/// Why a text is no path. `words` are what may stand in its place.
std::optional<std::string> mistakeInPath(llvm::StringRef text, llvm::ArrayRef<llvm::StringRef> words = {});

/// Why a text is no name of a callable or class, which may end in `*`.
std::optional<std::string> mistakeInName(llvm::StringRef name);

/// Why a text is no product over parameters.
std::optional<std::string> mistakeInFormula(llvm::StringRef formula);

/// The names of a library that a path, or the text of a key of an effect, means.
std::vector<llvm::StringRef> namesIn(llvm::StringRef path);
std::vector<llvm::StringRef> namesIn(EffectKind kind, llvm::StringRef key, llvm::StringRef text);

/// The parameters that a path or a formula names, and those that the text of a key of an effect names.
std::vector<llvm::StringRef> parametersIn(llvm::StringRef text);
std::vector<llvm::StringRef> parametersIn(llvm::StringRef key, llvm::StringRef text);

} // namespace forklint::link
