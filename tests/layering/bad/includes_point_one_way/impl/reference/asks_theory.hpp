// Bad: impl includes theory, in brackets.
#pragma once

#include <theory/training_batch.hpp>
