/* How does a program in any language hold a kernel of its own to the references, without building a library of it?
 *
 * libnormproof.so exports the two functions below; a kernel is described by impl/kernel.h. The kernel runs in the
 * caller's process: one that crashes, hangs or ends the process takes the caller along. `normproof validate` runs a
 * library's kernels in processes of their own. */
#ifndef NORMPROOF_NORMPROOF_H
#define NORMPROOF_NORMPROOF_H

#include "impl/kernel.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Runs the checks on one kernel. `options` is a line as for `normproof validate`, of these options:
 *   --effort quick|standard|deep   --seed N   --check GLOB   --case REPRO   --accept one_pass
 * NULL and "" mean none. Blanks separate words, quotes hold them together: "--effort quick --check 'tail*'".
 *
 * Returns what the program's exit status would be: 0 the kernel conforms (or the one call of --case passes), 1 it fails
 * or is inconclusive, 2 the options or the kernel's description are wrong. *json is the report (schema
 * normproof.conformance.v1), with 2 an object {"error": "one line"}; the caller gives it to normproof_free(). It is
 * NULL where there was no memory for it. json itself may be NULL: no report is wanted.
 *
 * Takes from seconds (quick) to minutes. May be called from several threads at once. */
int normproof_validate(const normproof_kernel* kernel, const char* options, char** json);

/* NULL is allowed. */
void normproof_free(char* json);

#ifdef __cplusplus
}
#endif
#endif
