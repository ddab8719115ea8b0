// Bad: theory includes proofs_checks.
#pragma once

#  include "proofs_checks/claim.hpp"
