// What IPython understands beside Python, in the text of one cell.
#pragma once

#include "llvm/ADT/ArrayRef.h"

#include <string>

namespace forklint::python {

/// Blanks magics, `!command` and `?` so that Python is left and every line and column stays. A cell whose
/// first line gives it to another language is blanked as a whole: its magic is the result, else nothing.
std::string blankMagics(llvm::MutableArrayRef<char> cell);

} // namespace forklint::python
