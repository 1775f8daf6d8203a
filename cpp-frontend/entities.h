// Entities: what is said of functions, classes and globals apart from their bodies.
#pragma once

#include "cpp-frontend/unitcontext.h"

namespace forklint::cpp {

facts::Entity functionEntity(UnitContext& unit, const clang::FunctionDecl* function);
facts::Entity globalEntity(UnitContext& unit, const clang::VarDecl* variable);
/// The class, its fields, and its methods when they are virtual.
std::vector<facts::Entity> classEntities(UnitContext& unit, const clang::CXXRecordDecl* record,
                                         bool membersToo);

} // namespace forklint::cpp
