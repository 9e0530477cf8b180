"""Reading a chart back from its SVG: its words, its marks and where they lie, the shape of a mark, a colour's light."""

import re
from xml.etree import ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"


def parsed(text):
    return ET.fromstring(text)


def words_in(root):
    return {word.text for word in root.iter(f"{SVG}text")}


def marks(root):
    """The marks of values from left to right, each with its place and fill; those of the legend left out."""
    first = next((float(one.get("y1")) for one in root.iter(f"{SVG}line") if "wl-floor" in one.get("class")), 1e9)
    found = {}
    for path in root.iter(f"{SVG}path"):
        if "wl-mark" in path.get("class", "").split():
            shapes = (ET.Element("path", {"d": one, "fill": path.get("fill")}) for one in shapes_in(path))
            found |= {shape: place_of(shape) for shape in shapes}
    ordered = sorted(found.items(), key=lambda one: one[1][0])
    return {part: place for part, place in ordered if place[1] < first}


def shapes_in(path):
    """The closed shapes of a path, each from the place where it begins."""
    left = top = 0.0
    for move, x, y, way in re.findall(r"([Mm])(-?[\d.]+) ?(-?[\d.]+)([^Mm]*)", path.get("d")):
        left, top = (float(x), float(y)) if move == "M" else (left + float(x), top + float(y))
        yield f"M{left:.1f} {top:.1f}{way}"


def subpaths(path):
    return path.get("d").split("M")[1:]


def place_of(mark):
    (left, top), *steps = corners_of(mark)
    if shape_of(mark) in {"circle", "diamond"}:
        return left, top + reach_of(mark)
    if shape_of(mark) == "square":
        return left + reach_of(mark), top + reach_of(mark)
    # A triangle's tip and base lie 1.25 and 1 of its size from the place it marks.
    return left, top + steps[0][1] * 1.25 / 2.25


def reach_of(mark):
    """How far a shape goes from its middle."""
    first = re.search(r"[ahl](-?[\d.]+)", mark.get("d"))
    return float(first[1]) / (2 if shape_of(mark) == "square" else 1)


def shape_of(mark):
    drawn = re.sub(r"[^a-zA-Z]", "", mark.get("d"))
    if drawn == "Mlhz":
        return "up" if corners_of(mark)[1][1] > 0 else "down"
    return {"Maz": "circle", "Mhvhz": "square", "Mlllz": "diamond"}[drawn]


def corners_of(mark):
    """Where a shape begins, and its straight steps from there."""
    return [(float(x), float(y)) for x, y in re.findall(r"[Ml](-?[\d.]+) ?(-?[\d.]+)", mark.get("d"))]


def ink(colour):
    """WCAG 2.2: the relative luminance of a colour such as #212B32."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
