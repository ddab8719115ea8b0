// Bad: theory includes impl.
#pragma once

#include "impl/reference/batch_norm.hpp"
