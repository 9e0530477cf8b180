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
    groups = [part for part in root.iter(f"{SVG}g") if "wl-mark" in part.get("class").split()]
    for group in groups:
        for part in group:
            part.set("fill", group.get("fill"))
    found = {part: place_of(part) for group in groups for part in group}
    ordered = sorted(found.items(), key=lambda one: one[1][0])
    return {part: place for part, place in ordered if place[1] < first}


def place_of(mark):
    if mark.tag.endswith("circle"):
        return float(mark.get("cx")), float(mark.get("cy"))
    if mark.tag.endswith("rect"):
        return tuple(
            float(mark.get(edge)) + float(mark.get(size)) / 2 for edge, size in (("x", "width"), ("y", "height"))
        )
    corners = corners_of(mark)
    if len(corners) == 3:
        # A triangle's tip and base lie 1.25 and 1 of its size from the place it marks.
        tip, base = corners[0][1], corners[1][1]
        return corners[0][0], tip + (base - tip) * 1.25 / 2.25
    return corners[0][0], corners[1][1]


def shape_of(mark):
    tag = mark.tag.removeprefix(SVG)
    if tag != "path":
        return {"circle": "circle", "rect": "square"}[tag]
    corners = corners_of(mark)
    if len(corners) == 4:
        return "diamond"
    return "up" if corners[0][1] < corners[1][1] else "down"


def corners_of(mark):
    return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", mark.get("d"))]


def ink(colour):
    """WCAG 2.2: the relative luminance of a colour such as #212B32."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
