// Bad: prints.
#include <iostream>
void chat() { std::cout << 1; }
