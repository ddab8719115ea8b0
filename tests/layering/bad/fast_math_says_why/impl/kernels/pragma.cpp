// Bad: the same by a pragma.
#pragma GCC optimize("fast-math")
