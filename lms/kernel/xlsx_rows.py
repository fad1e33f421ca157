"""Run as a program in a process of its own: the first sheet of an XLSX file as JSON lines.

An XLSX file can make any parser allocate without end, so parsing happens where a limit on address space can
end it without ending the server. Arguments: the file, the memory in MB. Every line of output is one row, a
list of texts, beginning with row 1 of the sheet.
"""

import datetime
import json
import sys


def text(cell: object) -> str:
    """A cell as it would be typed: dates ISO, whole numbers without a fraction."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime):
        if cell.time() == datetime.time():
            return cell.date().isoformat()
        return cell.isoformat(sep=" ")
    return str(cell)


def main(path: str, megabytes: int) -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except ImportError:  # Windows, where nobody but a developer runs it
        pass
    from python_calamine import CalamineError, CalamineWorkbook

    out = sys.stdout
    try:
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        for row in sheet.iter_rows():
            out.write(json.dumps([text(cell) for cell in row]) + "\n")
    except CalamineError:
        sys.exit(3)
    except MemoryError:
        sys.exit(4)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
