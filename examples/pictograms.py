"""The shop's eight product pictures: flat-colour pictograms, 800 x 800, drawn and never photographed.

Places are given on a board of 100 x 100, whatever the size of the picture.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image, ImageDraw

SIZE = 800
# Drawn larger and shrunk, which is how Pillow gets smooth edges.
OVERSIZE = 4
COLOURS = 48

WHITE, SAND, STONE = "#ffffff", "#f4ead7", "#d9cbb2"
RED, AMBER, HONEY = "#d1495b", "#edae49", "#f6d186"
NAVY, BLUE, ICE, PETROL = "#1d3557", "#457b9d", "#dcecf2", "#2a7f86"
WOOD, BARK = "#b5835a", "#7f5539"

Point = tuple[float, float]
Box = tuple[float, float, float, float]


class Board:
    """A square of one colour to put shapes on."""

    def __init__(self, colour: str) -> None:
        self._image = Image.new("RGB", (SIZE * OVERSIZE, SIZE * OVERSIZE), colour)
        self._draw = ImageDraw.Draw(self._image)

    def box(self, at: Box, colour: str, *, rounded: float = 0) -> None:
        """A rectangle: left, top, right, bottom."""
        self._draw.rounded_rectangle(self._scaled(at), self._length(rounded), fill=colour)

    def oval(self, at: Box, colour: str) -> None:
        """An ellipse within a rectangle."""
        self._draw.ellipse(self._scaled(at), fill=colour)

    def ring(self, at: Box, colour: str, *, width: float) -> None:
        """The outline of an ellipse."""
        self._draw.ellipse(self._scaled(at), outline=colour, width=self._length(width))

    def shape(self, points: Sequence[Point], colour: str) -> None:
        """A polygon."""
        self._draw.polygon([(self._length(x), self._length(y)) for x, y in points], fill=colour)

    def line(self, points: Sequence[Point], colour: str, *, width: float) -> None:
        """Straight strokes from point to point."""
        scaled = [(self._length(x), self._length(y)) for x, y in points]
        self._draw.line(scaled, fill=colour, width=self._length(width), joint="curve")

    def picture(self) -> Image.Image:
        """The finished picture, in few colours so that the file stays small."""
        shrunk = self._image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
        return shrunk.quantize(COLOURS, dither=Image.Dither.NONE)

    def _length(self, units: float) -> int:
        return round(units * SIZE * OVERSIZE / 100)

    def _scaled(self, at: Box) -> tuple[int, int, int, int]:
        left, top, right, bottom = (self._length(units) for units in at)
        return left, top, right, bottom


def mug() -> Board:
    """A white mug with a lighthouse."""
    board = Board(ICE)
    board.oval((22, 80, 78, 86), "#c2d9e2")
    board.ring((58, 38, 84, 68), WHITE, width=5)
    board.box((24, 26, 68, 83), WHITE, rounded=6)
    board.shape([(42, 44), (50, 44), (53, 72), (39, 72)], RED)
    board.shape([(41.2, 51), (50.8, 51), (51.6, 58), (40.4, 58)], SAND)
    board.box((42, 38, 50, 44), AMBER)
    board.shape([(41, 38), (51, 38), (46, 33)], NAVY)
    return board


def tote_bag() -> Board:
    """A linen bag with two handles."""
    board = Board("#dfe7d8")
    board.ring((36, 14, 64, 58), BARK, width=3)
    board.shape([(24, 38), (76, 38), (80, 86), (20, 86)], SAND)
    board.shape([(24, 38), (76, 38), (76.5, 43), (23.5, 43)], STONE)
    board.line([(38, 62), (44, 58), (50, 62), (56, 58), (62, 62)], BLUE, width=2.4)
    board.line([(38, 70), (44, 66), (50, 70), (56, 66), (62, 70)], BLUE, width=2.4)
    return board


def shirt() -> Board:
    """A striped shirt with long sleeves."""
    board = Board("#f7dcd0")
    board.shape([(34, 22), (18, 34), (10, 70), (21, 73), (30, 46)], WHITE)
    board.shape([(66, 22), (82, 34), (90, 70), (79, 73), (70, 46)], WHITE)
    board.shape([(34, 22), (66, 22), (71, 34), (71, 84), (29, 84), (29, 34)], WHITE)
    for top in range(38, 82, 9):
        board.box((29, top, 71, top + 3.6), NAVY)
    board.oval((40, 15, 60, 29), "#f7dcd0")
    return board


def cap() -> Board:
    """A knitted cap."""
    board = Board("#e6e1ee")
    board.oval((26, 24, 74, 92), NAVY)
    board.box((20, 60, 80, 95), "#e6e1ee")
    board.box((21, 58, 79, 76), BLUE, rounded=4)
    for left in range(27, 77, 8):
        board.box((left, 60, left + 2, 74), NAVY, rounded=1)
    board.oval((43, 13, 57, 27), AMBER)
    return board


def candle() -> Board:
    """A burning beeswax candle."""
    board = Board("#3d405b")
    board.oval((26, 8, 74, 56), "#4d5070")
    board.box((40, 44, 60, 84), HONEY, rounded=2)
    board.box((40, 44, 46, 84), AMBER, rounded=2)
    board.box((49, 36, 51, 45), BARK)
    board.oval((44.5, 23, 55.5, 40), AMBER)
    board.shape([(45.2, 29), (50, 14), (54.8, 29)], AMBER)
    board.oval((47.5, 29, 52.5, 38), WHITE)
    board.box((30, 83, 70, 88), STONE, rounded=2)
    return board


def lantern() -> Board:
    """A storm lantern."""
    board = Board("#fbe9c6")
    board.ring((33, 8, 67, 42), BARK, width=2)
    board.box((40, 20, 60, 30), PETROL, rounded=2)
    board.shape([(36, 30), (64, 30), (68, 36), (32, 36)], PETROL)
    board.oval((33, 34, 67, 76), WHITE)
    board.oval((44, 48, 56, 70), AMBER)
    board.shape([(44.6, 56), (50, 42), (55.4, 56)], AMBER)
    board.box((30, 32, 34, 82), PETROL, rounded=2)
    board.box((66, 32, 70, 82), PETROL, rounded=2)
    board.box((28, 74, 72, 88), PETROL, rounded=4)
    return board


def boat() -> Board:
    """A wooden toy boat under sail."""
    board = Board("#cfe6ee")
    board.box((0, 78, 100, 100), BLUE)
    board.box((48.8, 12, 51.2, 70), BARK)
    board.shape([(53, 16), (53, 62), (82, 62)], WHITE)
    board.shape([(47, 24), (47, 62), (24, 62)], SAND)
    board.shape([(51, 12), (51, 19), (63, 15.5)], RED)
    board.shape([(16, 68), (88, 68), (76, 85), (28, 85)], WOOD)
    board.shape([(16, 68), (88, 68), (85.2, 72), (18.8, 72)], BARK)
    return board


def logbook() -> Board:
    """A thread-stitched notebook with a compass rose."""
    board = Board("#f3d9b1")
    board.box((25, 18, 77, 86), "#d8b98a", rounded=3)
    board.box((27, 16, 75, 84), WHITE, rounded=3)
    board.box((25, 14, 73, 82), NAVY, rounded=3)
    board.box((25, 14, 33, 82), BLUE, rounded=3)
    board.shape([(53, 27), (55.5, 37.5), (66, 40), (55.5, 42.5), (53, 53), (50.5, 42.5), (40, 40), (50.5, 37.5)], HONEY)
    board.oval((51.4, 38.4, 54.6, 41.6), NAVY)
    board.box((41, 60, 65, 62.4), HONEY)
    board.box((45, 66, 61, 68.4), HONEY)
    return board


DRAWINGS: tuple[tuple[str, Callable[[], Board]], ...] = (
    ("mug.png", mug),
    ("tote-bag.png", tote_bag),
    ("shirt.png", shirt),
    ("cap.png", cap),
    ("candle.jpg", candle),
    ("lantern.png", lantern),
    ("boat.jpg", boat),
    ("logbook.png", logbook),
)


def save_all(folder: Path) -> None:
    """Write the eight pictures to *folder*, six as PNG and two as JPEG."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in DRAWINGS:
        picture = draw().picture()
        if name.endswith(".jpg"):
            picture.convert("RGB").save(folder / name, quality=80, optimize=True)
        else:
            picture.save(folder / name, optimize=True)
