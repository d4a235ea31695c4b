"""Documents: official documents (Decree 30/2020/NĐ-CP) as DOCX and PDF, any Typst template as PDF, QR codes.

`OfficialDocument` describes a document without saying how it is drawn; `to_docx` and `to_pdf` draw it. With `header=False`
they give the body alone, as a section to paste into another report (R-31). The same description gives the same bytes.
"""

from hocvuso.kernel.documents.description import (
    Cell,
    Column,
    Header,
    HeaderForm,
    Heading,
    Items,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Row,
    Section,
    Signature,
    Span,
    Table,
    Title,
)
from hocvuso.kernel.documents.docx import to_docx
from hocvuso.kernel.documents.pdf import compile_pdf, to_pdf
from hocvuso.kernel.documents.qr import qr_svg

__all__ = [
    "Cell",
    "Column",
    "Header",
    "HeaderForm",
    "Heading",
    "Items",
    "OfficialDocument",
    "PageBreak",
    "Paragraph",
    "Row",
    "Section",
    "Signature",
    "Span",
    "Table",
    "Title",
    "compile_pdf",
    "qr_svg",
    "to_docx",
    "to_pdf",
]
