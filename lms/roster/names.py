"""Names for made-up people: family, middle and given names by their rough frequency in Việt Nam."""

from dataclasses import dataclass
from random import Random

_FAMILY = {
    "Nguyễn": 315, "Trần": 110, "Lê": 95, "Phạm": 70, "Hoàng": 30, "Vũ": 40, "Phan": 28, "Bùi": 24,
    "Đặng": 21, "Đỗ": 24, "Ngô": 16, "Dương": 13, "Đào": 12, "Đoàn": 11, "Lương": 9, "Đinh": 10, "Trịnh": 9,
    "Mai": 7, "Cao": 7, "Hà": 7, "Tạ": 5, "Lưu": 6, "Phùng": 5, "Tô": 5, "Vương": 4, "Đồng": 4, "Khúc": 2,
    "Quách": 2, "Nghiêm": 2, "Hồ": 9, "Võ": 6, "Huỳnh": 5, "Lý": 4, "Thái": 3, "Chu": 4, "Bạch": 1, "Mạc": 2,
}  # fmt: skip
_MIDDLE = {
    "f": {
        "Thị": 230, "Thị Thu": 30, "Thị Thanh": 28, "Thị Hồng": 24, "Thị Minh": 18, "Thị Ngọc": 20,
        "Thị Bích": 14, "Thị Kim": 14, "Thị Phương": 14, "Thị Mai": 10, "Ngọc": 18, "Thanh": 12, "Thu": 12,
        "Phương": 10, "Khánh": 8, "Hồng": 8, "Diệu": 4, "Quỳnh": 6,
    },
    "m": {
        "Văn": 190, "Đức": 40, "Hữu": 22, "Minh": 24, "Quang": 26, "Xuân": 18, "Đình": 20, "Ngọc": 18,
        "Thanh": 16, "Công": 12, "Duy": 14, "Anh": 10, "Quốc": 16, "Việt": 10, "Trọng": 8, "Tiến": 10,
        "Mạnh": 12, "Hoàng": 10, "Bá": 6, "Viết": 6,
    },
}  # fmt: skip
_GIVEN = {
    "f": {
        "Hương": 30, "Hoa": 20, "Lan": 22, "Hà": 26, "Thủy": 24, "Hằng": 24, "Hạnh": 20, "Nga": 18, "Mai": 20,
        "Phương": 24, "Linh": 24, "Trang": 24, "Huyền": 20, "Thảo": 20, "Yến": 16, "Ngọc": 18, "Loan": 12,
        "Oanh": 10, "Hiền": 18, "Dung": 16, "Thu": 14, "Liên": 10, "Vân": 16, "Nhung": 14, "Tuyết": 10,
        "Anh": 26, "Bình": 8, "Chi": 10, "Giang": 10, "Hòa": 8, "Huệ": 10, "Lý": 6, "Nguyệt": 6, "Quyên": 6,
        "Tâm": 10, "Xuân": 8, "Duyên": 8, "Hường": 8, "Thoa": 6, "Thơm": 5,
    },
    "m": {
        "Hùng": 26, "Dũng": 24, "Tuấn": 28, "Anh": 22, "Minh": 20, "Nam": 20, "Long": 16, "Sơn": 20,
        "Hải": 22, "Thắng": 20, "Cường": 20, "Hiếu": 16, "Trung": 18, "Quân": 12, "Đức": 18, "Tùng": 16,
        "Bình": 14, "Hòa": 12, "Khánh": 12, "Kiên": 12, "Lâm": 10, "Mạnh": 12, "Phong": 12, "Phúc": 12,
        "Quang": 14, "Thành": 20, "Tiến": 12, "Toàn": 10, "Việt": 10, "Vinh": 12, "An": 8, "Chiến": 8,
        "Đạt": 10, "Hoàng": 14, "Huy": 14, "Khoa": 6, "Lợi": 6, "Thái": 8, "Thịnh": 8, "Tú": 10,
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    full_name: str
    woman: bool


class Names:
    """Draws names; the same seed gives the same names."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._family = _pool(_FAMILY)
        self._middle = {sex: _pool(pool) for sex, pool in _MIDDLE.items()}
        self._given = {sex: _pool(pool) for sex, pool in _GIVEN.items()}

    def draw(self, *, women: float = 0.5) -> Name:
        """`women`: their share among those drawn."""
        choice = self._random.choice
        sex = "f" if self._random.random() < women else "m"
        given = choice(self._given[sex])
        middle = choice(self._middle[sex])
        while given in middle.split():
            middle = choice(self._middle[sex])
        return Name(f"{choice(self._family)} {middle} {given}", sex == "f")


def _pool(weights: dict[str, int]) -> list[str]:
    """Each name as often as it weighs: drawing from it is a single choice."""
    return [name for name, weight in weights.items() for _ in range(weight)]
