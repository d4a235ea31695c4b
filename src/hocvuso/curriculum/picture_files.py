"""From what somebody brings to a picture that may stand in a lesson: drawings by an allow-list, photos written anew. No database.

A prepared picture prepared again is the same bytes, so that files taken out and brought back make the same releases.
Source: docs/reference/content-format.md, images.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

from hocvuso.kernel.errors import HocVuSoError

SVG, WEBP = "image/svg+xml", "image/webp"
ENDINGS = {SVG: "svg", WEBP: "webp"}
MOST_BYTES = 100_000  # one picture, as it lies on a phone
MOST_BROUGHT = 12 * 1024 * 1024
MOST_PIXELS = 50_000_000
MOST_SHAPES, DEEPEST = 4_000, 40
# The box a picture is shown in at most, in CSS pixels; photos have half as many pixels again, for sharp screens.
WIDEST, TALLEST = 688, 600
PHOTO_WIDEST, PHOTO_TALLEST = 1032, 900


class BadPicture(HocVuSoError):
    code = "curriculum.bad_picture"
    status = 422
    message = _("This is no picture that we can take. Bring a drawing (SVG) or a photo (PNG, JPEG, WebP).")


class PictureTooLarge(HocVuSoError):
    code = "curriculum.picture_too_large"
    status = 413
    message = _(
        "This file is larger than 12 MB, or has too many points to open safely. Make it smaller first, then bring it again."
    )


class PictureTooHeavy(HocVuSoError):
    code = "curriculum.picture_too_heavy"
    status = 422
    message = _(
        "This picture stays above 100 KB, too much for a phone. Draw with fewer shapes, or cut the photo to what matters."
    )


class ActiveDrawing(HocVuSoError):
    code = "curriculum.active_drawing"
    status = 422
    message = _(
        "This drawing holds a script, or a part that acts or comes from elsewhere. Draw with plain shapes and words only."
    )


class StyledDrawing(HocVuSoError):
    code = "curriculum.styled_drawing"
    status = 422
    message = _(
        "This drawing keeps its colours in a style sheet. Save it with the colours on the shapes (“presentation attributes”)."
    )


class UnmeasuredDrawing(HocVuSoError):
    code = "curriculum.unmeasured_drawing"
    status = 422
    message = _("This drawing does not say how wide and tall it is (viewBox).")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture ready to be kept. width, height: the size it is shown at where there is room, in CSS pixels."""

    content_type: str
    body: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


def prepare(content: bytes) -> Prepared:
    """Make a picture of what was brought. Raises BadPicture, PictureTooLarge, PictureTooHeavy, ActiveDrawing, StyledDrawing, UnmeasuredDrawing."""
    if len(content) > MOST_BROUGHT:
        raise PictureTooLarge
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return _drawing(content)
    return _photo(content)


def _shown(width: float, height: float, *, grow: bool) -> tuple[int, int]:
    """The size in the box of a lesson; photos do not grow beyond their own points."""
    scale = min(WIDEST / width, TALLEST / height)
    if not grow:
        scale = min(scale, 1.0)
    return max(1, round(width * scale)), max(1, round(height * scale))


# --- drawings ----------------------------------------------------------------------------------------------------------

_NS = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_XML = "{http://www.w3.org/XML/1998/namespace}space"
_WORDS = {"text", "tspan", "textPath", "title", "desc"}
_TAGS = {
    "svg", "g", "defs", "symbol", "use", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "linearGradient",
    "radialGradient", "stop", "clipPath", "mask", "pattern", "marker", *_WORDS,
}  # fmt: skip
_REFERRING = {"use", "linearGradient", "radialGradient", "pattern", "textPath"}
_LOOKS = {
    "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit",
    "stroke-dasharray", "stroke-dashoffset", "stroke-opacity", "opacity", "color", "stop-color", "stop-opacity", "clip-path",
    "clip-rule", "mask", "marker-start", "marker-mid", "marker-end", "font-family", "font-size", "font-weight", "font-style",
    "text-anchor", "dominant-baseline", "alignment-baseline", "baseline-shift", "letter-spacing", "word-spacing",
    "text-decoration", "visibility", "display", "overflow", "paint-order", "vector-effect", "shape-rendering", "text-rendering",
    "writing-mode", "direction",
}  # fmt: skip
_SHAPES = {
    "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "fr", "d", "points", "dx", "dy", "rotate", "width",
    "height", "transform", "viewBox", "preserveAspectRatio", "offset", "pathLength", "textLength", "lengthAdjust",
    "startOffset", "gradientUnits", "gradientTransform", "spreadMethod", "patternUnits", "patternContentUnits",
    "patternTransform", "clipPathUnits", "maskUnits", "maskContentUnits", "markerWidth", "markerHeight", "markerUnits", "refX",
    "refY", "orient",
}  # fmt: skip
_ID = re.compile(r"[A-Za-z_][\w.-]*")
_OWN = re.compile(r"url\(\s*(['\"]?)#[\w.-]+\1\s*\)")
_OUTSIDE = re.compile(r"[:\\@<>{}]|//|url\(|expression", re.I)


def _drawing(content: bytes) -> Prepared:
    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise ActiveDrawing from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise BadPicture from error
    if root.tag != f"{_NS}svg":
        raise BadPicture
    if sum(1 for _one in root.iter()) > MOST_SHAPES:
        raise PictureTooHeavy
    _refuse_copies_of_copies(root)
    clean = _kept(root, 0)
    box = _measured(root)
    shown = _shown(box[2], box[3], grow=True)
    looks = {name: value for name, value in clean.attrib.items() if name not in {"x", "y"}}
    looks |= {"viewBox": " ".join(f"{side:g}" for side in box), "width": str(shown[0]), "height": str(shown[1])}
    clean.attrib.clear()
    clean.attrib.update({"xmlns": _NS[1:-1], "xmlns:xlink": _XLINK[1:-5], **dict(sorted(looks.items()))})
    body = tostring(clean, encoding="unicode").encode()
    if len(body) > MOST_BYTES:
        raise PictureTooHeavy
    return Prepared(SVG, body, *shown)


def _measured(root: Element) -> tuple[float, float, float, float]:
    """The box of the drawing in its own units: left, top, width, height. Raises UnmeasuredDrawing."""
    numbers = re.findall(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", root.get("viewBox") or "", re.I)
    if len(numbers) == 4:
        left, top, width, height = (float(number) for number in numbers)
    else:
        sides = [re.fullmatch(r"\s*(\d+\.?\d*|\.\d+)(px)?\s*", root.get(name) or "") for name in ("width", "height")]
        if sides[0] is None or sides[1] is None:
            raise UnmeasuredDrawing
        left, top, width, height = 0.0, 0.0, float(sides[0][1]), float(sides[1][1])
    if not (0 < width < 1e5 and 0 < height < 1e5 and 0.1 <= width / height <= 10):
        raise UnmeasuredDrawing
    return left, top, width, height


def _kept(element: Element, depth: int) -> Element:
    """The element with what is allowed; programs' own additions are dropped, what acts or comes from elsewhere is refused."""
    if depth > DEEPEST:
        raise PictureTooHeavy
    name = element.tag.removeprefix(_NS)
    found = Element(name, dict(sorted(_attributes(name, element))))
    wordy = name in _WORDS
    found.text = element.text if wordy else None
    last: Element | None = None
    for child in element:
        kept = _kept(child, depth + 1) if _is_ours(child) else None
        if kept is not None:
            kept.tail = child.tail if wordy else None
            found.append(kept)
            last = kept
        elif wordy and child.tail:
            # Words behind something that was dropped stay.
            if last is None:
                found.text = (found.text or "") + child.tail
            else:
                last.tail = (last.tail or "") + child.tail
    return found


def _is_ours(child: Element) -> bool:
    """Whether to keep a part: False for additions of drawing programs. Raises ActiveDrawing, StyledDrawing."""
    if not isinstance(child.tag, str):
        return False
    name = child.tag.removeprefix(_NS)
    if child.tag.startswith(_NS) and name in _TAGS:
        return True
    if name == "style":
        if (child.text or "").strip():
            raise StyledDrawing
        return False
    if child.tag.startswith(_NS) and name != "metadata":
        raise ActiveDrawing
    if any(
        isinstance(one.tag, str) and _local(one.tag) in {"script", "foreignobject", "iframe"} for one in child.iter()
    ):
        raise ActiveDrawing
    return False


def _local(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def _attributes(name: str, element: Element) -> Iterator[tuple[str, str]]:
    """Allowed attributes with harmless values; `style` is taken apart into attributes."""
    given = {key: value for key, value in element.attrib.items() if key != "style"}
    for declaration in (element.get("style") or "").split(";"):
        look, _colon, value = declaration.partition(":")
        if look.strip() in _LOOKS:
            given[look.strip()] = value.replace("!important", "").strip()
        elif _OUTSIDE.search(_OWN.sub("", value)):
            raise ActiveDrawing
    for key, value in given.items():
        if _local(key).startswith("on"):
            raise ActiveDrawing
        if key in {"href", _XLINK}:
            if not re.fullmatch(r"#[\w.-]+", value.strip()):
                raise ActiveDrawing
            if name in _REFERRING:
                yield "xlink:href", value.strip()
        elif key == "id":
            if _ID.fullmatch(value):
                yield key, value
        elif key == _XML:
            if value == "preserve" and name in _WORDS:
                yield "xml:space", value
        elif key in _SHAPES or key in _LOOKS:
            if _OUTSIDE.search(_OWN.sub("", value)):
                raise ActiveDrawing
            yield key, " ".join(value.split())


def _refuse_copies_of_copies(root: Element) -> None:
    """A copy (`use`) of something that holds copies can grow without end: a few lines become millions of shapes."""
    by_id = {one.get("id"): one for one in root.iter() if one.get("id")}
    for one in root.iter(f"{_NS}use"):
        target = by_id.get((one.get("href") or one.get(_XLINK) or "").strip().removeprefix("#"))
        if target is not None and next(target.iter(f"{_NS}use"), None) is not None:
            raise ActiveDrawing


# --- photos ------------------------------------------------------------------------------------------------------------


def _photo(content: bytes) -> Prepared:
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise PictureTooLarge
            if image.width < 1 or not 0.1 <= image.width / image.height <= 10:
                raise BadPicture
            image.load()
            if _is_as_we_write_it(content, image):
                return Prepared(WEBP, content, *_shown(image.width * 2 / 3, image.height * 2 / 3, grow=False))
            return _written_anew(image)
    except Image.DecompressionBombError as error:
        raise PictureTooLarge from error
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        raise BadPicture from error


def _is_as_we_write_it(content: bytes, image: Image.Image) -> bool:
    """A WebP that is small, still, and holds nothing but the picture: no place, time, camera or colour profile."""
    if image.format != "WEBP" or len(content) > MOST_BYTES or getattr(image, "n_frames", 1) > 1:
        return False
    if image.width > PHOTO_WIDEST or image.height > PHOTO_TALLEST:
        return False
    place, end = 12, int.from_bytes(content[4:8], "little") + 8
    while place + 8 <= len(content):
        if content[place : place + 4] not in {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}:
            return False
        size = int.from_bytes(content[place + 4 : place + 8], "little")
        place += 8 + size + size % 2
    return place == len(content) == end


def _written_anew(image: Image.Image) -> Prepared:
    """Upright, in the colours of the web, small; nothing is taken over but what is seen."""
    upright = _in_web_colours(ImageOps.exif_transpose(image))
    for share in (1.0, 0.75, 0.55):
        small = upright.copy()
        small.thumbnail((round(PHOTO_WIDEST * share), round(PHOTO_TALLEST * share)), Image.Resampling.LANCZOS)
        for quality in (78, 64, 50):
            out = io.BytesIO()
            small.save(out, "WEBP", quality=quality, method=6, exif=b"", icc_profile=b"", xmp=b"")
            if out.tell() <= MOST_BYTES:
                return Prepared(WEBP, out.getvalue(), *_shown(small.width * 2 / 3, small.height * 2 / 3, grow=False))
    raise PictureTooHeavy


def _in_web_colours(image: Image.Image) -> Image.Image:
    seen = image.has_transparency_data
    profile = image.info.get("icc_profile")
    if profile and image.mode in {"RGB", "RGBA", "CMYK"}:
        # A broken profile leaves the colours as they are.
        with contextlib.suppress(ImageCms.PyCMSError, OSError):
            ours = ImageCms.createProfile("sRGB")
            theirs = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            mode = "RGBA" if image.mode == "RGBA" else "RGB"
            image = ImageCms.profileToProfile(image, theirs, ours, outputMode=mode) or image
    return image.convert("RGBA" if seen else "RGB")
