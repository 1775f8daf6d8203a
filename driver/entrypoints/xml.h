// The elements of an XML document that hold text, or nothing, by the element around them.
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>

namespace forklint::driver {

struct XmlElement {
  llvm::StringRef parent, name;
  llvm::StringRef text; // without the blanks around it
  uint32_t line = 0;
};

/// In order. What is broken gives what stands before the break.
void readXml(llvm::StringRef text, llvm::function_ref<void(const XmlElement& element)> visit);

} // namespace forklint::driver
