// Bad: prints in C's way.
#pragma once
#include <cstdio>
inline void chat() { std::printf("1"); }
