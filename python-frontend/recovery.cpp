#include "python-frontend/recovery.h"
namespace forklint::python {
std::vector<Span> recover(Tree&, facts::UnitFacts&) { return {}; }
} // namespace forklint::python
