// What is wrong with an effect that is otherwise well-formed TOML: a path that leads nowhere, a key that is
// missing.
#pragma once

#include "analyzers/link/models.h"

#include <optional>
#include <string>

namespace forklint::link {

/// Why the text of a key is none that the effect can follow.
std::optional<std::string> mistakeInPath(EffectKind kind, llvm::StringRef key, llvm::StringRef text);

/// Why what a row says that its call returns is no path or name.
std::optional<std::string> mistakeInPath(llvm::StringRef text);

/// Why a text is no name of a callable or class, which may end in `*`.
std::optional<std::string> mistakeInName(llvm::StringRef name);

/// The first key that an effect of this kind cannot do without and does not have, or nothing.
llvm::StringRef missingKey(const Effect& effect);

} // namespace forklint::link
