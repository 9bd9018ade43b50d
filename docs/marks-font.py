"""Draws static/fonts/evident-marks.woff2: the state, capability and arrow signs, all on one grid.

Run from the root of the repository with fonttools and brotli installed:
    python3 docs/marks-font.py
Signs are ordinary Unicode characters, so text without the font still reads the same.
"""
from math import cos, pi, sin

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen

UNITS, WIDTH, MID_X, MID_Y, RADIUS, STROKE = 1000, 860, 430, 364, 350, 84
K = 0.5522847498


def circle(pen, radius, clockwise=False):
    points = [(1, 0), (0, 1), (-1, 0), (0, -1)]
    if clockwise:
        points = [points[0]] + points[:0:-1]
    at = lambda p: (MID_X + radius * p[0], MID_Y + radius * p[1])
    pen.moveTo(at(points[0]))
    for a, b in zip(points, points[1:] + points[:1]):
        pen.curveTo(at((a[0] + K * b[0], a[1] + K * b[1])), at((b[0] + K * a[0], b[1] + K * a[1])), at(b))
    pen.closePath()


def polygon(pen, points):
    pen.moveTo(points[0])
    for point in points[1:]:
        pen.lineTo(point)
    pen.closePath()


def ring(pen):
    circle(pen, RADIUS)
    circle(pen, RADIUS - STROKE, clockwise=True)


def sector(pen, start, end, radius=RADIUS - STROKE + 10):
    steps = 24
    arc = [start + (end - start) * i / steps for i in range(steps + 1)]
    polygon(pen, [(MID_X, MID_Y)] + [(MID_X + radius * sin(a), MID_Y + radius * cos(a)) for a in arc])


def dashed(pen):
    for i in range(8):
        a, half = 2 * pi * i / 8, 0.24
        outer = [(MID_X + RADIUS * sin(a + d), MID_Y + RADIUS * cos(a + d)) for d in (-half, -half / 3, half / 3, half)]
        inner = [(MID_X + (RADIUS - STROKE) * sin(a + d), MID_Y + (RADIUS - STROKE) * cos(a + d)) for d in (half, half / 3, -half / 3, -half)]
        polygon(pen, outer + inner)


def arrow(pen, turn):
    points = [(90, 40), (440, 40), (300, 180), (370, 250), (620, 0), (370, -250), (300, -180), (440, -40), (90, -40)]
    placed = []
    for x, y in points:
        x -= 355
        c, s = {"right": (1, 0), "left": (-1, 0), "up": (0, 1), "down": (0, -1)}[turn]
        placed.append((MID_X + x * c - y * s, MID_Y + x * s + y * c))
    polygon(pen, placed)


def tick(pen):
    polygon(pen, [(110, 360), (185, 435), (340, 280), (680, 620), (755, 545), (340, 130)])


def cross(pen):
    polygon(pen, [(170, 560), (234, 624), (430, 428), (626, 624), (690, 560), (494, 364), (690, 168), (626, 104),
                  (430, 300), (234, 104), (170, 168), (366, 364)])


SIGNS = {
    "◆": lambda p: polygon(p, [(MID_X, MID_Y + 390), (MID_X + 390, MID_Y), (MID_X, MID_Y - 390), (MID_X - 390, MID_Y)]),
    "●": lambda p: circle(p, RADIUS),
    "▲": lambda p: polygon(p, [(MID_X, MID_Y + 360), (MID_X + 380, MID_Y - 310), (MID_X - 380, MID_Y - 310)]),
    "■": lambda p: polygon(p, [(MID_X - 310, MID_Y - 310), (MID_X - 310, MID_Y + 310), (MID_X + 310, MID_Y + 310), (MID_X + 310, MID_Y - 310)]),
    "○": ring,
    "◌": dashed,
    "◔": lambda p: (ring(p), sector(p, 0, pi / 2)),
    "◑": lambda p: (ring(p), sector(p, 0, pi)),
    "◕": lambda p: (ring(p), sector(p, 0, 3 * pi / 2)),
    "→": lambda p: arrow(p, "right"),
    "←": lambda p: arrow(p, "left"),
    "↑": lambda p: arrow(p, "up"),
    "↓": lambda p: arrow(p, "down"),
    "✓": tick,
    "✕": cross,
}


def main():
    names = {sign: f"uni{ord(sign):04X}" for sign in SIGNS}
    order = [".notdef", *names.values()]
    builder = FontBuilder(UNITS, isTTF=False)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({ord(sign): name for sign, name in names.items()})
    drawn = {".notdef": T2CharStringPen(WIDTH, None).getCharString()}
    for sign, draw in SIGNS.items():
        pen = T2CharStringPen(WIDTH, None)
        draw(pen)
        drawn[names[sign]] = pen.getCharString()
    builder.setupCFF("EvidentMarks", {"FullName": "Evident Marks"}, drawn, {})
    builder.setupHorizontalMetrics({name: (WIDTH, 0) for name in order})
    builder.setupHorizontalHeader(ascent=969, descent=-241)
    builder.setupNameTable({"familyName": "Evident Marks", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=969, sTypoDescender=-241, usWinAscent=969, usWinDescent=241)
    builder.setupPost()
    builder.font.flavor = "woff2"
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    builder.save("static/fonts/evident-marks.woff2")


if __name__ == "__main__":
    main()
