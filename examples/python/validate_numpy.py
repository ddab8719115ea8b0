#!/usr/bin/env python3
# How is a normalization that exists only in Python validated? Through libnormproof.so and ctypes.
#
#     python3 validate_numpy.py [LIBNORMPROOF.so] [OPTIONS]
#
# The kernel is batch norm with given statistics, written with numpy: f32 and f64, any strides, y may be x. The
# structures are those of impl/kernel.h, field by field. Exit status: that of normproof_validate; 77 without numpy.
import ctypes
import json
import sys

try:
    import numpy as np
except ImportError:
    print("numpy is not installed: nothing was validated")
    sys.exit(77)

F32, F64 = 1, 2
BN_INFER = 2
OK, UNSUPPORTED, BAD_ARGUMENT, FAILED = 0, 1, 2, 3
ANY_STRIDES, IN_PLACE, DETERMINISTIC = 1, 2, 4


class Tensor(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("dtype", ctypes.c_int32),
                ("batch", ctypes.c_int64), ("channels", ctypes.c_int64), ("spatial", ctypes.c_int64),
                ("batch_stride", ctypes.c_int64), ("channel_stride", ctypes.c_int64),
                ("spatial_stride", ctypes.c_int64)]


class Vector(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("dtype", ctypes.c_int32), ("length", ctypes.c_int64)]


class Call(ctypes.Structure):
    _fields_ = ([("size", ctypes.c_uint32), ("op", ctypes.c_int32), ("eps", ctypes.c_double),
                 ("momentum", ctypes.c_double), ("running_variance", ctypes.c_int32), ("threads", ctypes.c_int32)]
                + [(name, Tensor) for name in ("x", "y", "dy", "dx")]
                + [(name, Vector) for name in ("gamma", "beta", "running_mean", "running_var", "saved_mean",
                                               "saved_mean_low", "saved_inv_std", "fn_mean", "fn_mean_low", "fn_square",
                                               "dgamma", "dbeta")])


Run = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(Call))


class Kernel(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint32), ("name", ctypes.c_char_p), ("summary", ctypes.c_char_p),
                ("op", ctypes.c_int32), ("dtypes", ctypes.c_uint32), ("flags", ctypes.c_uint32), ("run", Run)]


def memory(address, dtype, shape, strides):
    """The caller's memory as an array: no copy is made. Strides are in elements."""
    kind, of_c = (np.float32, ctypes.c_float) if dtype == F32 else (np.float64, ctypes.c_double)
    reach = 1 + sum((n - 1) * s for n, s in zip(shape, strides))
    flat = np.frombuffer((of_c * reach).from_address(address), dtype=kind)
    return np.lib.stride_tricks.as_strided(flat, shape, [s * flat.itemsize for s in strides])


def array(tensor):
    extents = (tensor.batch, tensor.channels, tensor.spatial)
    strides = (tensor.batch_stride, tensor.channel_stride, tensor.spatial_stride)
    return memory(tensor.data, tensor.dtype, extents, [s if n > 1 else 0 for n, s in zip(extents, strides)])


def column(vector, otherwise):
    """One value for each channel, in double, shaped to go with (batch, channels, spatial)."""
    if not vector.data:
        return otherwise
    return memory(vector.data, vector.dtype, (vector.length,), (1,)).astype(np.float64)[None, :, None]


def batch_norm_infer(call):
    if call.size < ctypes.sizeof(Call) or call.op != BN_INFER or not call.eps >= 0:
        return BAD_ARGUMENT
    if not call.running_mean.data or not call.running_var.data:
        return BAD_ARGUMENT
    used = [call.x, call.y] + [v for v in (call.gamma, call.beta, call.running_mean, call.running_var) if v.data]
    if any(operand.dtype not in (F32, F64) for operand in used):
        return UNSUPPORTED
    if call.x.batch * call.x.channels * call.x.spatial == 0:
        return OK
    inv_std = 1 / np.sqrt(column(call.running_var, 0) + call.eps)
    x_hat = (array(call.x) - column(call.running_mean, 0)) * inv_std
    array(call.y)[...] = column(call.gamma, 1) * x_hat + column(call.beta, 0)
    return OK


def run(call):
    # An exception must not leave a callback: ctypes would print it and return anything.
    try:
        with np.errstate(all="ignore"):
            return batch_norm_infer(call.contents)
    except Exception:
        return FAILED


def main():
    library = ctypes.CDLL(sys.argv[1] if len(sys.argv) > 1 else "libnormproof.so")
    options = sys.argv[2] if len(sys.argv) > 2 else "--effort quick"
    library.normproof_validate.argtypes = [ctypes.POINTER(Kernel), ctypes.c_char_p, ctypes.POINTER(ctypes.c_void_p)]
    library.normproof_free.argtypes = [ctypes.c_void_p]

    kernel = Kernel(ctypes.sizeof(Kernel), b"batch_norm_infer_numpy", b"batch norm with given statistics, with numpy",
                    BN_INFER, 1 << F32 | 1 << F64, ANY_STRIDES | IN_PLACE | DETERMINISTIC, Run(run))
    text = ctypes.c_void_p()
    status = library.normproof_validate(kernel, options.encode(), text)
    report = json.loads(ctypes.string_at(text)) if text else {}
    library.normproof_free(text)
    for judged in report.get("kernels", []):
        print(f"{judged['name']}: {judged['verdict']}")
    if not report.get("kernels"):
        print(json.dumps(report, indent=1))
    return status


if __name__ == "__main__":
    sys.exit(main())
