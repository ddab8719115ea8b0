#!/usr/bin/env python3
"""Does a refutation certificate of normproof hold? Redoes its arithmetic with Python's fractions, and nothing else."""
import json
import math
import sys
from fractions import Fraction


def root(x):
    numerator, denominator = math.isqrt(x.numerator), math.isqrt(x.denominator)
    if x < 0 or Fraction(numerator, denominator) ** 2 != x:
        raise ValueError(f"{x} is no square")
    return Fraction(numerator, denominator)


OPERATIONS = {"add": lambda a, b: a + b, "subtract": lambda a, b: a - b, "multiply": lambda a, b: a * b,
              "divide": lambda a, b: a / b, "negate": lambda a: -a, "sqrt": root,
              "select_positive": lambda a, b, c: b if a > 0 else c}

if len(sys.argv) < 2:
    sys.exit("usage: recheck.py CERTIFICATE...")
rejected = 0
for path in sys.argv[1:]:
    certificate = json.load(open(path, encoding="utf-8"))
    if certificate["kind"] != "refutation":
        print(f"{path}: not looked at: of kind {certificate['kind']}, which `normproof recheck` decides")
        continue
    inputs = {name: Fraction(value) for name, value in certificate["inputs"].items()}
    results = []
    for operation, *operands in certificate["program"]:
        if operation == "input":
            results.append(inputs[operands[0]])
        elif operation == "integer":
            results.append(Fraction(operands[0]))
        else:
            results.append(OPERATIONS[operation](*(results[k] for k in operands)))
    left, right = (results[certificate[side]["instruction"]] for side in ("left", "right"))
    recorded = all(Fraction(certificate[side]["value"]) == value for side, value in (("left", left), ("right", right)))
    fails = left != right if certificate["relation"] == "=" else left > right
    rejected += not (recorded and fails)
    print(f"{path}: {'refutes' if recorded and fails else 'DOES NOT REFUTE'} {certificate['claim']} / "
          f"{certificate['reading']}: left {left}, right {right}, where left {certificate['relation']} right should hold")
sys.exit(1 if rejected else 0)
