#!/usr/bin/env python3
"""Does a refutation certificate of normproof hold? Redoes its arithmetic with Python's fractions, and nothing else."""
import json
import math
import operator
import sys
from fractions import Fraction


def root(x):
    result = Fraction(math.isqrt(x.numerator), math.isqrt(x.denominator))
    if result ** 2 != x:
        raise ValueError(f"{x} is no square")
    return result


OPERATIONS = {"integer": Fraction, "add": operator.add, "subtract": operator.sub, "multiply": operator.mul,
              "divide": operator.truediv, "negate": operator.neg, "sqrt": root,
              "select_positive": lambda a, b, c: b if a > 0 else c}
rejected = 0
for path in sys.argv[1:] or sys.exit("usage: recheck.py CERTIFICATE..."):
    file = json.load(open(path, encoding="utf-8"))
    if file["kind"] != "refutation":
        print(f"{path}: not looked at: of kind {file['kind']}, which `normproof recheck` decides")
        continue
    results = []
    for name, *operands in file["program"]:
        arguments = operands if name in ("input", "integer") else [results[k] for k in operands]
        results.append(Fraction(file["inputs"][operands[0]]) if name == "input" else OPERATIONS[name](*arguments))
    left, right = (results[file[side]["instruction"]] for side in ("left", "right"))
    allowed = all(results[k] > 0 for k in file["positive"]) and all(results[k] >= 0 for k in file["nonnegative"])
    refutes = (allowed and (left, right) == (Fraction(file["left"]["value"]), Fraction(file["right"]["value"]))
               and (left != right if file["relation"] == "=" else left > right))
    rejected += not refutes
    print(f"{path}: {'refutes' if refutes else 'DOES NOT REFUTE'} {file['claim']} / {file['reading']}: left {left}, "
          f"right {right}, where left {file['relation']} right should hold")
sys.exit(1 if rejected else 0)
