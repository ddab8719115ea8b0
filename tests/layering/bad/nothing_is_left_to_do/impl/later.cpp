// Bad: work that is left.
// TODO: everything
int answer = 1;  // FIXME
int question = 2;  // XXX
int trick = 3;  // HACK
