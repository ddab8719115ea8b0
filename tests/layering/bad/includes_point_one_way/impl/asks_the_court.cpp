// Bad: impl includes proofs_checks.
#include "proofs_checks/claim.hpp"
