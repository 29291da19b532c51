"""Points that the tests of agglomerative clustering and HDBSCAN share: python3 reference_points.py, with scikit-learn.

reference_points.json: scikit-learn's iris, wine, and the first 120 digits. `formula_points` is formula_points() of formula_points.hpp and
formula_points of hdbscan_reference.R."""

import json
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent


def formula_points(rows, width, groups):
    """Bell-shaped groups, and evenly spread points in between; every number is exact in float32."""
    state = 1

    def draw():
        nonlocal state
        state = state * 16807 % 2147483647
        return (state // 32768) / 65536

    out = np.empty((rows, width))
    for i in range(rows):
        group = i % (groups + 1)
        for j in range(width):
            if group == groups:
                out[i, j] = draw() * 64
            else:
                out[i, j] = (group * 29 + j * 13 + group * group * 7) % 48 + 8 + (draw() + draw() + draw() + draw() - 2) * 3
    assert (out == out.astype(np.float32)).all()
    return out


def degenerate_points():
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [5.0, 5.0]])
    return {
        "equal": np.ones((30, 3)),
        "three_places": corners[np.arange(40) * 7 % 3],
        "line": np.column_stack([np.arange(40) ** 2, np.zeros(40)]).astype(float),
        "wide": formula_points(12, 40, 3),
    }


def all_points():
    points = {name: np.array(rows, dtype=float) for name, rows in json.loads((HERE / "reference_points.json").read_text()).items()}
    points["formula"] = formula_points(600, 4, 5)
    points["plane"] = formula_points(600, 2, 6)
    return points | degenerate_points()


def letters(labels):
    """One character a point, in the order of each cluster's first point: A, B, ...; a point for noise."""
    seen = {}
    return "".join("." if label < 0 else chr(65 + seen.setdefault(label, len(seen))) for label in labels)


if __name__ == "__main__":
    from sklearn.datasets import load_digits, load_iris, load_wine

    found = {"iris": load_iris().data, "wine": load_wine().data, "digits": load_digits().data[:120]}
    shown = {name: [[int(x) if x == int(x) else float(x) for x in row] for row in rows.astype(np.float32).astype(float).round(6)]
             for name, rows in found.items()}
    text = json.dumps(shown, separators=(",", ":")).replace("]],", "]],\n").replace("],[", "],\n[")
    (HERE / "reference_points.json").write_text(text + "\n")
