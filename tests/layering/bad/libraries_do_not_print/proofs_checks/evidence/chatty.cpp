// Bad: prints through fmt.
#include <fmt/core.h>
void chat() { fmt::print("{}", 1); }
