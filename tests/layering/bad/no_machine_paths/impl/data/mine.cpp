// Bad: a path of one machine.
const char* const one = "/home/me/data";
const char* const two = "/tmp/data";
