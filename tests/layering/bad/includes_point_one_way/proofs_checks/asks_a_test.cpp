// Bad: proofs_checks includes tests and bench.
#include "tests/layering/tree_rules.hpp"
#include "bench/common.hpp"
