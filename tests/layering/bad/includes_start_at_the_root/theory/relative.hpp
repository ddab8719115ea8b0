// Bad: an include that depends on where the file stands.
#pragma once

#include "../theory/training_batch.hpp"
#include "training_batch.hpp"
