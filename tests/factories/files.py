"""Word files and slides as trainers send them: the least that Word and PowerPoint would write."""

import io
import zipfile
import zlib
from html import escape

from PIL import Image
from pptx import Presentation
from pptx.util import Inches

W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="png" ContentType="image/png"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{0}</Relationships>'
)
STYLES = (
    f'<w:styles {W}>'
    + "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in (
            ("Heading1", "heading 1"), ("Heading2", "heading 2"), ("Heading3", "heading 3"),
            ("Title", "Title"),
        )
    )
    + "</w:styles>"
)  # fmt: skip


def paragraph(text: str, style: str = "", *, bold: bool = False) -> str:
    styled = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    weight = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:p>{styled}<w:r>{weight}<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def table(*rows: tuple[str, ...]) -> str:
    lines = "".join(
        "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>" for row in rows
    )
    return f"<w:tbl>{lines}</w:tbl>"


def picture(alternative: str = "") -> str:
    return (
        f'<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="Ảnh" descr="{escape(alternative)}"/>'
        "<a:graphic>"
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        '<pic:blipFill><a:blip r:embed="rIdP"/></pic:blipFill></pic:pic></a:graphicData>'
        "</a:graphic></wp:inline>"
        "</w:drawing></w:r></w:p>"
    )


def word(*parts: str, image: bytes = b"", more: dict[str, bytes] | None = None) -> io.BytesIO:
    """A .docx of these parts (paragraph, table, picture); `more` are further entries of the archive."""
    stored = io.BytesIO()
    image_rel = f'<Relationship Id="rIdP" Type="{OFFICE}/image" Target="media/image1.png"/>' if image else ""
    style_rel = f'<Relationship Id="rIdS" Type="{OFFICE}/styles" Target="styles.xml"/>'
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        main = f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
        archive.writestr("_rels/.rels", RELS.format(main))
        archive.writestr("word/_rels/document.xml.rels", RELS.format(image_rel + style_rel))
        archive.writestr("word/styles.xml", STYLES)
        archive.writestr(
            "word/document.xml", f"<w:document {W}><w:body>{''.join(parts)}</w:body></w:document>"
        )
        if image:
            archive.writestr("word/media/image1.png", image)
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    stored.seek(0)
    return stored


def png(width: int = 40, height: int = 30) -> bytes:
    stored = io.BytesIO()
    Image.new("RGB", (width, height), "#0a6164").save(stored, "PNG")
    return stored.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A few bytes that say they are a picture of so many points."""
    header = b"IHDR" + width.to_bytes(4) + height.to_bytes(4) + b"\x08\x02\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4) + header + zlib.crc32(header).to_bytes(4) + png()[33:]


def slides() -> io.BytesIO:
    """A cover, a slide with points and notes, one with a table and a picture."""
    show = Presentation()
    cover = show.slides.add_slide(show.slide_layouts[0])
    cover.shapes.title.text = "Kỹ năng tư vấn"
    first = show.slides.add_slide(show.slide_layouts[1])
    first.shapes.title.text = "Ba việc"
    frame = first.placeholders[1].text_frame
    frame.text = "Nghe"
    deeper = frame.add_paragraph()
    deeper.text, deeper.level = "không ngắt lời", 1
    frame.add_paragraph().text = "Hỏi mở"
    first.notes_slide.notes_text_frame.text = "Nói chậm.\nNhìn người học."
    second = show.slides.add_slide(show.slide_layouts[5])
    second.shapes.title.text = "So sánh"
    cells = second.shapes.add_table(2, 2, 0, 0, Inches(4), Inches(1)).table
    for place, text in (((0, 0), "Thay vì"), ((0, 1), "Hãy"), ((1, 0), "<script>"), ((1, 1), "Nghe")):
        cells.cell(*place).text = text
    second.shapes.add_picture(io.BytesIO(png()), 0, Inches(2))
    stored = io.BytesIO()
    show.save(stored)
    stored.seek(0)
    return stored
