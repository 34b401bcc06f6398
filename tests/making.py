"""Little files of every format, made for the tests."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import noto_cjk_sans_otc
from matplotlib import rc_context
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_FONT = Path(noto_cjk_sans_otc.__file__).parent / "NotoSansCJK-Regular.ttc"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*inner: str) -> str:
    return f"<w:p>{''.join(inner)}</w:p>"


def docx(body: str, parts: Mapping[str, str | bytes] | None = None, *, document: bytes | None = None) -> bytes:
    """Return a Word file with this body and these other parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml", document or f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
        )
        for name, content in (parts or {}).items():
            archive.writestr(name, content)
    return buffer.getvalue()


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return buffer.getvalue()


def printed(pages: Sequence[Sequence[str]], head: str = "", numbers: bool = True) -> bytes:
    """Return a PDF of these lines; a line that begins with two wide spaces is indented by two characters."""
    font, size, buffer = FontProperties(fname=str(_FONT)), 11, io.BytesIO()
    with rc_context({"pdf.fonttype": 42}), PdfPages(buffer, metadata={"CreationDate": None}) as pdf:
        for number, lines in enumerate(pages, 1):
            figure = Figure(figsize=(8.27, 11.69))
            if head:
                figure.text(0.12, 0.95, head, fontproperties=font, size=9)
            if numbers:
                figure.text(0.5, 0.04, f"— {number} —", fontproperties=font, size=9)
            for place, line in enumerate(lines):
                indent = 2 * size / 72 / 8.27 if line.startswith("　　") else 0.0
                text = line.removeprefix("　　")
                figure.text(0.12 + indent, 0.9 - 0.022 * place, text, fontproperties=font, size=size)
            pdf.savefig(figure)
    return buffer.getvalue()


def pictured() -> bytes:
    """Return a PDF whose only page holds a picture, as a scan does."""
    buffer = io.BytesIO()
    figure = Figure(figsize=(3, 3))
    figure.figimage([[0.0, 1.0], [1.0, 0.0]])
    figure.savefig(buffer, format="pdf")
    return buffer.getvalue()


def raw_pdf(objects: Sequence[str]) -> bytes:
    """Return a PDF of hand-written objects, numbered from 1; the first is the catalogue."""
    content, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(content))
        content += f"{number} 0 obj\n{one}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(content)
    tail = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\n"
    return content + f"{tail}startxref\n{start}\n%%EOF\n".encode()


def page_pdf(text: str, catalog: str = "", page: str = "") -> bytes:
    """Return a PDF of one page with one line of ASCII text."""
    stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET"
    return raw_pdf(
        [
            f"<</Type/Catalog/Pages 2 0 R{catalog}>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>{page}>>",
            f"<</Length {len(stream)}>>stream\n{stream}\nendstream",
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ]
    )


def squeezed_pdf(stream: bytes) -> bytes:
    """Return a PDF whose page content is this, compressed."""
    packed = zlib.compress(stream, 9).decode("latin-1")
    return raw_pdf(
        [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
            f"<</Filter/FlateDecode/Length {len(packed)}>>stream\n{packed}\nendstream",
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ]
    )


#: A PDF that needs a password: RC4, made-up keys, so that no password fits.
LOCKED = raw_pdf(
    [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[]/Count 0>>",
        f"<</Filter/Standard/V 1/R 2/P -4/O<{'41' * 32}>/U<{'42' * 32}>>>",
    ]
).replace(b"/Root 1 0 R", b"/Root 1 0 R/Encrypt 3 0 R/ID[<00><00>]")


_OPEN_NAMES = ("office", "text", "table", "style", "draw", "svg", "dc", "meta")
_OPEN = " ".join(f'xmlns:{name}="urn:{name}"' for name in _OPEN_NAMES)


def odt(body: str, styles: str = "", parts: Mapping[str, str] | None = None) -> bytes:
    """Return an OpenDocument text with this body, these automatic styles and these other parts' inner XML."""
    inner = f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:text>{body}</office:text>"
    made = {"content.xml": f"<office:document-content {_OPEN}>{inner}</office:body></office:document-content>"}
    made |= {name: f"<office:document {_OPEN}>{inside}</office:document>" for name, inside in (parts or {}).items()}
    return archive({"mimetype": "application/vnd.oasis.opendocument.text", **made})
