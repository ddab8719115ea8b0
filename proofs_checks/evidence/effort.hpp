// How much work is a decision worth?
#pragma once

namespace normproof::evidence {

enum class Effort { quick, standard, deep };

const char* word(Effort effort);

}  // namespace normproof::evidence
