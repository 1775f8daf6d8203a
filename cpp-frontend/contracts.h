// What the author of a function promises of it: that it is async-signal-safe. An attribute says so, or a
// comment directly before one of its declarations.
#pragma once

#include "cpp-frontend/unitcontext.h"

#include "clang/AST/Decl.h"

namespace forklint::cpp {

/// Does the comment say this of the function that it stands before, whose name is `function`? Not where a
/// sentence of it negates or doubts that, sets a condition, or speaks of what the function calls or is given.
bool promisesSignalSafety(llvm::StringRef comment, llvm::StringRef function);

/// The comment that ends directly before `offset`, where a declaration begins, and nothing else in its lines;
/// empty if there is none.
llvm::StringRef commentBefore(llvm::StringRef text, size_t offset);

/// Tells the entity of the function what its author promises.
void addPromise(UnitContext& unit, const clang::FunctionDecl* function, facts::Entity& entity);

} // namespace forklint::cpp
