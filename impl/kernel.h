/* What does a library export so that normproof can call the kernels in it? The C interface, version 1.
 *
 * A library exports one symbol, normproof_kernels(), which returns a table of kernels. Each kernel is one operation on
 * one data type or several: a name, what it supports, and a function run() that takes one normproof_call. C99; nothing
 * but <stdint.h> is needed. docs/kernels.md is the guide to it.
 *
 * Operations, with m = batch · spatial values in a channel (sources: LL19 Algorithms 1 and 3; LI23 Algorithm 1)
 *   BN_TRAIN           mean = (1/m) Σ x, variance = (1/m) Σ (x − mean)², inv_std = 1/√(variance + eps),
 *                      y = gamma (x − mean) inv_std + beta; running statistics are updated, saved_* written
 *   BN_INFER           y = gamma (x − running_mean)/√(running_var + eps) + beta
 *   BN_TRAIN_BACKWARD  x_hat = (x − saved mean) saved_inv_std, dbeta = Σ dy, dgamma = Σ dy x_hat,
 *                      dx = gamma inv_std (dy − dbeta/m − x_hat dgamma/m)
 *   BN_INFER_BACKWARD  x_hat = (x − running_mean)/√(running_var + eps), dbeta = Σ dy, dgamma = Σ dy x_hat,
 *                      dx = gamma dy/√(running_var + eps)
 *   FN_TRAIN           fn_mean ← (1 − momentum) fn_mean + momentum (1/m) Σ x, fn_square likewise with x²; then y as in
 *                      FN_INFER, from the state as it was stored
 *   FN_INFER           y = gamma (x − mu)/√max(nu − mu², eps) + beta with mu = fn_mean + fn_mean_low, nu = fn_square
 *   FN_BACKWARD        s = √max(nu − mu², eps), x_hat = (x − mu)/s, c = 1 where nu − mu² > eps, else 0;
 *                      dbeta = Σ dy, dgamma = Σ dy x_hat, dx = (gamma/s)(dy − dbeta/m − c x_hat dgamma/m)
 *
 * Threads. run may be called from several threads at once, on disjoint outputs. Memory is host memory; a kernel for a
 * device copies in and out (docs/kernels.md shows how). */
#ifndef NORMPROOF_KERNEL_H
#define NORMPROOF_KERNEL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NORMPROOF_ABI_VERSION 1u

/* How one element is stored. BF16 and F16 are reserved: no operand has them yet. */
typedef enum { NORMPROOF_F32 = 1, NORMPROOF_F64 = 2, NORMPROOF_BF16 = 3, NORMPROOF_F16 = 4 } normproof_dtype;

typedef enum {
  NORMPROOF_BN_TRAIN = 1,
  NORMPROOF_BN_INFER = 2,
  NORMPROOF_BN_TRAIN_BACKWARD = 3,
  NORMPROOF_BN_INFER_BACKWARD = 4,
  NORMPROOF_FN_TRAIN = 5,
  NORMPROOF_FN_INFER = 6,
  NORMPROOF_FN_BACKWARD = 7
} normproof_op;

/* OK             every output that was asked for is written.
 * UNSUPPORTED    the call makes sense, this kernel does not do it; nothing written. Refusals are counted and shown.
 *                They depend on shapes, strides, types, scalars and on which operands there are, not on the data.
 * BAD_ARGUMENT   the call makes no sense: eps negative or NaN, state that the operation needs absent, a `size` smaller
 *                than this header's; nothing written.
 * FAILED         something else went wrong, out of memory for one. */
typedef enum {
  NORMPROOF_OK = 0,
  NORMPROOF_UNSUPPORTED = 1,
  NORMPROOF_BAD_ARGUMENT = 2,
  NORMPROOF_FAILED = 3
} normproof_status;

/* What running_var holds: (1/m) Σ (x − mean)² or 1/(m − 1) in the place of 1/m. */
typedef enum { NORMPROOF_VAR_BIASED = 0, NORMPROOF_VAR_UNBIASED = 1 } normproof_variance_kind;

/* normproof_kernel.flags, or-ed.
 * ANY_STRIDES    takes tensors of any non-negative strides, 0 for inputs included; outputs never overlap themselves.
 *                Without it a kernel takes dense operands: N×C×spatial, N×spatial×C, and N×C; others it refuses.
 * IN_PLACE       y may be x (forward) and dx may be dy (backward): same data, same strides. dx may never be x. Operands
 *                that are only read may overlap each other; nothing else may overlap.
 * DETERMINISTIC  the same bits on a repeated call and for any number of threads. */
enum { NORMPROOF_ANY_STRIDES = 1, NORMPROOF_IN_PLACE = 2, NORMPROOF_DETERMINISTIC = 4 };

/* batch × channels × spatial elements; element (b, c, s) is at data + b·batch_stride + c·channel_stride +
 * s·spatial_stride. Counts and strides are in elements of dtype. Rank 2 has spatial = 1; the rows and columns of an
 * image are one spatial extent. A stride over an extent of 0 or 1 carries no meaning. data is aligned to its element,
 * to no more. The caller owns the memory. */
typedef struct {
  void *data; /* NULL: absent, not used by the operation or (dx) not wanted; the other fields then mean nothing */
  int32_t dtype;
  int64_t batch, channels, spatial;
  int64_t batch_stride, channel_stride, spatial_stride;
} normproof_tensor;

/* `length` elements side by side, one for each channel. Each vector has a dtype of its own. */
typedef struct {
  void *data; /* NULL: absent; the other fields then mean nothing */
  int32_t dtype;
  int64_t length;
} normproof_vector;

/*                 BN_TRAIN  BN_INFER  BN_TRAIN_BACKWARD  BN_INFER_BACKWARD  FN_TRAIN  FN_INFER  FN_BACKWARD
 * x               in        in        in                 in                 in        in        in
 * y               out       out       -                  -                  out       out       -
 * dy              -         -         in                 in                 -         -         in
 * dx              -         -         out?               out?               -         -         out?
 * gamma           in?       in?       in?                in?                in?       in?       in?
 * beta            in?       in?       -                  -                  in?       in?       -
 * running_mean    inout?    in        -                  in                 -         -         -
 * running_var     inout?    in        -                  in                 -         -         -
 * saved_mean      out?      -         in                 -                  -         -         -
 * saved_mean_low  out?      -         in?                -                  -         -         -
 * saved_inv_std   out?      -         in                 -                  -         -         -
 * fn_mean         -         -         -                  -                  inout     in        in
 * fn_mean_low     -         -         -                  -                  inout?    in?       in?
 * fn_square       -         -         -                  -                  inout     in        in
 * dgamma, dbeta   -         -         out?               out?               -         -         out?
 *
 * ? may be absent, each by itself; - is absent (data NULL). */
typedef struct {
  uint32_t size; /* sizeof(normproof_call) of the caller, so that fields can be added at the end */
  int32_t op;    /* normproof_op; the kernel's own */
  double eps;    /* ≥ 0, added to the variance inside the root */
  /* Weighs the new value: running = (1 − momentum) running + momentum batch; the alpha of full normalization.
   * With one value in a channel and the unbiased kind neither running statistic changes; with the biased kind both do;
   * with no value nothing changes. */
  double momentum;
  int32_t running_variance; /* normproof_variance_kind of running_var: the caller sets it; biased variance normalises */
  int32_t threads;          /* at most this many; 1 = none but the caller's */
  normproof_tensor x, y, dy, dx;
  normproof_vector gamma, beta; /* absent: 1 and 0 */
  normproof_vector running_mean, running_var;
  /* saved_mean + saved_mean_low is the mean within the kernel's own arithmetic; without a low part it writes 0 there.
   * With no value in the channels they are unspecified. */
  normproof_vector saved_mean, saved_mean_low, saved_inv_std;
  /* f64 unless the caller says otherwise. Where they are f32, no accuracy above the class one_pass exists. */
  normproof_vector fn_mean, fn_mean_low, fn_square;
  normproof_vector dgamma, dbeta; /* overwritten, never added to; 0 where there is no value */
} normproof_call;

typedef struct {
  uint32_t size;       /* sizeof(normproof_kernel) of the library */
  const char *name;    /* <operation>_<algorithm>, snake_case, unique in the library */
  const char *summary; /* one line */
  int32_t op;          /* normproof_op */
  uint32_t dtypes;     /* bit 1u << normproof_dtype for each dtype that x may have */
  uint32_t flags;
  normproof_status (*run)(const normproof_call *call);
} normproof_kernel;

typedef struct {
  uint32_t abi_version; /* NORMPROOF_ABI_VERSION of the library */
  uint32_t count;
  const normproof_kernel *kernels; /* lives as long as the library is loaded */
} normproof_library;

/* The one exported symbol. NULL for a version that the library does not know. */
const normproof_library *normproof_kernels(uint32_t abi_version);

#ifdef __cplusplus
}
#endif
#endif
