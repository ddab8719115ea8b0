/* Is a library without normproof_kernels said to be one? */
int something_else(void) { return 0; }
