"""Where labels of a drawing stand so that they cover little: a place a node, the best of eight around it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

Place = tuple[float, float]
#: Left, bottom, right and top.
Box = tuple[float, float, float, float]


def boxes_around(place: Place, radius: float, size: tuple[float, float]) -> list[Box]:
    """Return boxes for a label around a node: right, left, above, below and the corners."""
    (x, y), (wide, high) = place, size
    gap = radius + 3
    boxes = []
    for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)):
        near = 0.75 if dx and dy else 1.0
        cx, cy = x + dx * (near * gap + wide / 2), y + dy * (near * gap + high / 2)
        boxes.append((cx - wide / 2, cy - high / 2, cx + wide / 2, cy + high / 2))
    return boxes


def points_along(start: Place, end: Place) -> list[Place]:
    """Return points on a line, one about every 8 points of length."""
    steps = max(2, int(math.dist(start, end) / 8))
    return [
        (start[0] + (end[0] - start[0]) * n / steps, start[1] + (end[1] - start[1]) * n / steps) for n in range(steps)
    ]


def cost(taken: list[Box], lines: np.ndarray[Any, np.dtype[np.float64]], area: Place, box: Box) -> float:
    """Return how much a label would cover of labels, nodes and lines, or stand outside: about square points."""
    covered = 0.0
    for other in taken:
        wide, high = min(box[2], other[2]) - max(box[0], other[0]), min(box[3], other[3]) - max(box[1], other[1])
        covered += max(wide, 0.0) * max(high, 0.0)
    if len(lines):
        x, y = lines[:, 0], lines[:, 1]
        covered += 4 * int(((x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3])).sum())
    outside = max(-box[0], 0.0) + max(box[2] - area[0], 0.0) + max(-box[1], 0.0) + max(box[3] - area[1], 0.0)
    return covered + 400 * outside
