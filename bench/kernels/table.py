#!/usr/bin/env python3
"""How do the float kernels' figures read? bench/kernels/table.py JSON [PAGE] puts tables made from the JSON of
normalization_kernels (./dev bench leaves it in build/release/bench/normalization_kernels.json) between the markers of
PAGE (default: docs/performance.md), with machine, versions and command. PAGE may be -, for the terminal."""
import json
import math
import pathlib
import re
import sys

BEGIN, END = "<!-- table.py: tables begin -->\n", "<!-- table.py: tables end -->\n"
SWEPT = re.compile(r"\d+x64x16x16$")
ACCURACY = {"ulp_mean_0_std_1": "mean 0, std 1", "ulp_mean_1e4_std_1e-2": "mean 1e4, std 1e-2",
            "ulp_mean_4096_std_1": "mean 4096, std 1"}


class Figure:
    """One benchmark of the JSON: operation/shape/state/threads:T/library:layout."""

    def __init__(self, benchmark):
        parts = re.sub(r"/iterations:1/manual_time$", "", benchmark["name"]).split("/")
        self.operation, self.shape = parts[:2]
        self.state = parts[2] if len(parts) == 5 else ""
        self.threads = int(parts[3].split(":")[1]) if len(parts) == 5 else 1
        self.who = parts[-1]
        self.counters = benchmark
        self.best_peer = benchmark.get("label", "")

    def ours(self):
        return self.who.startswith("ours:")

    def number(self, counter, form):
        value = self.counters.get(counter)
        return "–" if value is None or math.isnan(value) else form.format(value)


def table(head, rows):
    dashes = ["---"] + ["---:" if rows and re.match(r"[\d.–]", row) else "---" for row in (rows[0][1:] if rows else [])]
    return "".join("| " + " | ".join(cells) + " |\n" for cells in [head, dashes, *rows]) + "\n"


def of_operation(operation, figures):
    """Ours, one row for each layout, state and number of threads."""
    rows = []
    for f in figures:
        if f.operation != operation or not f.ours() or SWEPT.match(f.shape):
            continue
        against = f.number("x_best_peer", "{:.2f}×")
        rows.append([f"{f.shape} {f.who.split(':')[1]}", f.state, str(f.threads), f.number("GB/s", "{:.1f}"),
                     f.number("fraction", "{:.2f}"), f"{f.number('low', '{:.2f}')}–{f.number('high', '{:.2f}')}",
                     f"{against} {f.best_peer}".strip(), f.number("x_reference", "{:.0f}×"),
                     f.number("x_one_thread", "{:.2f}×")])
    if not rows:
        return ""
    return f"**{operation}**\n\n" + table(
        ["shape", "caches", "threads", "GB/s", "of the limit", "quartiles", "against the best peer", "against double",
         "against one thread"], rows)


def of_everybody(operation, figures):
    """Fractions of all contenders, warm, on one thread."""
    chosen = [f for f in figures if f.operation == operation and f.state == "warm" and f.threads == 1
              and not SWEPT.match(f.shape)]
    shapes = list(dict.fromkeys(f.shape for f in chosen))
    names = list(dict.fromkeys(f.who for f in chosen))
    fraction = {(f.who, f.shape): f.number("fraction", "{:.2f}") for f in chosen}
    if not any(not name.startswith(("ours", "reference", "copy", "triad")) for name in names):
        return ""
    return f"**{operation}: everybody's fraction of the limit, warm, one thread**\n\n" + table(
        ["", *shapes], [[name, *(fraction.get((name, shape), "–") for shape in shapes)] for name in names])


def of_sweep(operation, figures):
    chosen = [f for f in figures if f.operation == operation and SWEPT.match(f.shape) and f.ours()]
    if not chosen:
        return ""
    rows = []
    for f in chosen:
        mebibytes = math.prod(int(n) for n in f.shape.split("x")) * 4 / 2**20
        rows.append([f"{f.shape} {f.who.split(':')[1]}", f"{mebibytes:g}", f.number("GB/s", "{:.1f}"),
                     f.number("fraction", "{:.2f}"), f"{f.number('x_best_peer', '{:.2f}×')} {f.best_peer}"])
    return f"**{operation}, over size, warm, one thread**\n\n" + table(
        ["shape", "x, MiB", "GB/s", "of the limit", "against the best peer"], rows)


def of_accuracy(figures):
    rows = [[f"{f.who} ({f.shape})", *(f.number(counter, "{:.3g}") if not math.isnan(f.counters[counter]) else "NaN"
                                       for counter in ACCURACY)]
            for f in figures if f.operation == "accuracy"]
    if not rows:
        return ""
    return "**Accuracy: worst error of y in ulp of max(|y|, 1)**\n\n" + table(["", *ACCURACY.values()], rows)


def text_of(document):
    context = document["context"]
    figures = [Figure(b) for b in document["benchmarks"]]
    command = re.sub(r" --json[ =]\S+", "", context["command"])
    versions = ", ".join(f"{key.removeprefix('version of ')} {value}" for key, value in sorted(context.items())
                         if key.startswith("version of ") and "limit" not in key)
    load = ", ".join(f"{value:.1f}" for value in context["load_avg"])
    text = (f"{context['processor']}, {context['num_cpus']} processors, load {load} at the start, "
            f"{context['date'][:10]}; {context['clock']} clock, {context['rounds']} rounds. {versions}.\n\n"
            f"    {command}\n\n")
    operations = list(dict.fromkeys(f.operation for f in figures if f.operation != "accuracy"))
    for part in (of_operation, of_sweep, of_everybody):
        text += "".join(part(operation, figures) for operation in operations)
    return text + of_accuracy(figures)


def main(source, page):
    text = text_of(json.loads(pathlib.Path(source).read_text()))
    if page == "-":
        sys.stdout.write(text)
        return
    path = pathlib.Path(page)
    before, rest = path.read_text().split(BEGIN)
    path.write_text(before + BEGIN + text.rstrip("\n") + "\n" + END + rest.split(END)[1])


if len(sys.argv) not in (2, 3):
    sys.exit(__doc__)
main(sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else
     pathlib.Path(__file__).resolve().parents[2] / "docs" / "performance.md")
