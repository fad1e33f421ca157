"""Draws the papers of the demonstration: certificates and minutes of nobody, so that approving can be seen.

Each is small and says on its face that it is made up.
"""

import io
from collections.abc import Sequence
from datetime import date
from functools import cache

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from lms.kernel.scans import Scan, scan_of

_WIDTH, _HEIGHT = 720, 1018
_INK, _RED, _PAPER, _DESK = "#1c2326", "#a32a1c", "#fdfbf4", "#8a7864"


@cache
def _font(size: int, style: str) -> ImageFont.FreeTypeFont:
    path = settings.FONT_DIR / f"Tinos_{style}.ttf"
    return ImageFont.truetype(str(path), size)


def certificate_paper(*, name: str, course: str, day: date, reference: str, issuer: str) -> Scan:
    """A photograph of a certificate of a class."""
    lines = [
        *(issuer.upper(), "—", ""),
        *("#GIẤY CHỨNG NHẬN", "", "Chứng nhận ông (bà)", f"*{name}", "đã hoàn thành lớp"),
        *(f"“{course}”", f"kết thúc ngày {day:%d/%m/%Y}", "", f"Theo {reference}", ""),
        f"Hải Phòng, ngày {day.day:02} tháng {day.month:02} năm {day.year}",
    ]
    return scan_of("giay-chung-nhan.jpg", _photographed(_sheet(lines)))


def minutes_paper(*, unit: str, title: str, day: date, participants: int) -> Scan:
    """Minutes of an activity, as a PDF."""
    lines = [
        *(f"UBND {unit}".upper(), "—", "", "#BIÊN BẢN", "Về việc tổ chức hoạt động phòng ngừa", ""),
        *(f"“{title}”", f"ngày {day:%d/%m/%Y}", f"Số người tham dự: {participants}", ""),
        *("Hoạt động diễn ra đúng kế hoạch.", "", "Đại diện nhà trường          Đại diện UBND"),
    ]
    kept = io.BytesIO()
    _sheet(lines).save(kept, "PDF", resolution=87)
    return scan_of("bien-ban.pdf", kept.getvalue())


def hall_picture(*, title: str, participants: int) -> Scan:
    """A photograph of a hall: rows of seats, a stage, the title above it."""
    picture = Image.new("RGB", (880, 587), "#c9b79c")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 880, 250), fill="#e9e1cf")
    draw.rectangle((140, 60, 740, 215), fill="#8f2f24")
    _centred(draw, title, (440, 90), 520, 32, "#fbeecb")
    for row in range(6):
        for seat in range(16):
            if row * 16 + seat < participants // 4:
                across, down, radius = 60 + seat * 51 + row % 2 * 20, 300 + row * 52, 13 + row * 2
                draw.ellipse((across - radius, down - radius, across + radius, down + radius), fill="#3a3330")
                draw.rectangle((across - radius, down + radius, across + radius, down + 40), fill="#e8ecef")
    _stamp(draw, 700, 225, "Ảnh")
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=80)
    return scan_of("anh-hoat-dong.jpg", kept.getvalue())


def _sheet(lines: Sequence[str]) -> Image.Image:
    """A page; a line that begins with # is the heading, one with * is written large."""
    page = Image.new("RGB", (_WIDTH, _HEIGHT), _PAPER)
    draw = ImageDraw.Draw(page)
    draw.rectangle((26, 26, _WIDTH - 26, _HEIGHT - 26), outline=_RED, width=3)
    down = 90
    for line in lines:
        size = 46 if line.startswith("#") else 38 if line.startswith("*") else 26
        ink = _RED if line.startswith("#") else _INK
        down = _centred(draw, line.lstrip("#*"), (_WIDTH // 2, down), _WIDTH - 130, size, ink) + 14
    draw.ellipse((430, 760, 600, 930), outline=_RED, width=6)
    _centred(draw, "TRÌNH DIỄN", (515, 830), 165, 24, _RED)
    _stamp(draw, _WIDTH // 2, _HEIGHT - 60)
    return page


def _centred(
    draw: ImageDraw.ImageDraw, line: str, at: tuple[int, int], width: int, size: int, ink: str
) -> int:
    """Written in rows about a middle; where the next line begins."""
    font = _font(size, "700Bold" if size > 30 or ink == _RED else "400Regular")
    (x, y), row = at, ""
    for word in [*line.split(), ""]:
        longer = f"{row} {word}".strip()
        if word and draw.textlength(longer, font) <= width:
            row = longer
            continue
        draw.text((x, y), row, ink, font, anchor="ma")
        y, row = y + round(size * 1.35), word
    return y


def _stamp(draw: ImageDraw.ImageDraw, x: int, y: int, what: str = "Giấy") -> None:
    words = f"{what} trình diễn, không có thật"
    draw.text((x, y), words, "#4d4a44", _font(18, "400Regular_Italic"), anchor="ma")


def _photographed(page: Image.Image) -> bytes:
    """As it lies on a table, a little askew."""
    table = Image.new("RGB", (_WIDTH + 110, _HEIGHT + 110), _DESK)
    turned = page.rotate(1.6, expand=True, fillcolor=_DESK, resample=Image.Resampling.BILINEAR)
    table.paste(turned, (40, 30))
    kept = io.BytesIO()
    table.save(kept, "JPEG", quality=80)
    return kept.getvalue()
