import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.errors import Problem, TooLarge, Unsupported
from shanzhi.files.check import EXTENSIONS, MB, check, safe_name
from shanzhi.files.tests.samples import HTML, SVG, archive, media, pdf, photo, picture, png_bomb, sound


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (photo(), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("WEBP"), "image/webp"),
        (picture("GIF"), "image/gif"),
        (pdf(), "application/pdf"),
        (media(b"isom"), "video/mp4"),
        (media(b"mp42"), "video/mp4"),
        (media(b"M4A "), "audio/mp4"),
        (sound(), "audio/wav"),
        (b"ID3\x04\x00" + b"\0" * 50, "audio/mpeg"),
        (b"\xff\xfb\x90\x64" + b"\0" * 50, "audio/mpeg"),
    ],
)
def test_what_may_come_in_is_known_by_its_content_whatever_its_name(data: bytes, media_type: str) -> None:
    checked = check(data, "whatever.exe")
    assert checked.media_type == media_type
    assert checked.name == f"whatever.{EXTENSIONS[media_type]}"
    assert checked.is_picture is media_type.startswith("image/")


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "empty.jpg", "empty_file"),
        (SVG, "drawing.svg", "markup"),
        (SVG, "photo.jpg", "markup"),
        (b"\xef\xbb\xbf" + SVG, "photo.png", "markup"),
        ("\ufeff" + SVG.decode(), "photo.png", "markup"),
        (HTML, "photo.jpg", "markup"),
        (b" \n\t" + HTML.upper(), "photo.jpg", "markup"),
        (b"<?php system('id');", "photo.jpg", "markup"),
        (archive(), "photos.zip", "archive"),
        (archive(b"\0" * 10_000_000), "bomb.zip", "archive"),
        (archive(), "report.docx", "archive"),
        (b"\x1f\x8b\x08" + b"\0" * 20, "photos.tar.gz", "archive"),
        (b"Rar!\x1a\x07", "a.rar", "archive"),
        (b"MZ\x90\x00" + b"\0" * 60, "setup.jpg", "unknown_type"),
        (b"\x7fELF", "a.jpg", "unknown_type"),
        (b"plain text", "a.txt", "unknown_type"),
        (b"RIFF\0\0\0\0AVI ", "a.wav", "unknown_type"),
        (media(b"evil"), "a.mp4", "unknown_type"),
        (b"\xff\xd8\xff\xe0" + b"not a picture" * 10, "a.jpg", "broken_picture"),
        (photo()[:-300], "half.jpg", "broken_picture"),
        (picture("PNG")[:50], "half.png", "broken_picture"),
        (pdf(b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "a.pdf", "active_content"),
        (pdf(b"/Names<</EmbeddedFile 2 0 R>>"), "a.pdf", "active_content"),
        (pdf(b"/S/Launch/F(cmd.exe)"), "a.pdf", "active_content"),
        (photo() + archive(), "two.jpg", "two_faced"),
        (picture("GIF") + archive(), "two.gif", "two_faced"),
        (pdf() + archive(), "two.pdf", "two_faced"),
        (picture("JPEG", comment=HTML), "two.jpg", "two_faced"),
        (picture("JPEG", comment=b"%PDF-1.7"), "two.jpg", "two_faced"),
        (b"ID3" + HTML, "two.mp3", "two_faced"),
    ],
)
def test_what_may_not_come_in_is_refused_with_its_reason(data: bytes | str, name: str, code: str) -> None:
    content = data.encode("utf-16-le") if isinstance(data, str) else data
    with pytest.raises(Unsupported) as refused:
        check(content, name)
    assert refused.value.code == code
    assert str(refused.value)


@pytest.mark.parametrize("bomb", [png_bomb(), png_bomb(8000, 8000), png_bomb(2**31 - 1, 1)])
def test_a_picture_that_unfolds_to_billions_of_pixels_is_not_unfolded(bomb: bytes) -> None:
    with pytest.raises(TooLarge) as refused:
        check(bomb, "bomb.png")
    assert refused.value.code == "too_many_pixels"


@pytest.mark.parametrize(
    "data", [photo() + b"\0" * 20 * MB, pdf() + b"\n" * 30 * MB, media(b"isom") + b"\0" * 100 * MB]
)
def test_too_large_says_how_large_it_may_be(data: bytes) -> None:
    with pytest.raises(TooLarge) as refused:
        check(data)
    assert "MB" in str(refused.value)


@given(st.binary(max_size=300), st.text(max_size=30))
def test_whatever_is_sent_is_accepted_or_refused_in_words(data: bytes, name: str) -> None:
    for start in (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"%PDF-"):
        try:
            check(start + data, name)
        except Problem as problem:
            assert str(problem)


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("路面坑洼.JPG", "路面坑洼.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\photos\\坑.png", "坑.jpg"),
        ("a.php.jpg", "a.php.jpg"),
        ('x"; filename="evil.html', "x filename=evil.jpg"),
        ("\u202egpj.exe", "gpj.jpg"),
        ("line\r\nbreak.jpg", "linebreak.jpg"),
        ("...", "file.jpg"),
        ("", "file.jpg"),
        ("长" * 300, "长" * 80 + ".jpg"),
    ],
)
def test_names_are_safe(given: str, safe: str) -> None:
    assert safe_name(given, "image/jpeg") == safe


@given(st.text(max_size=200))
def test_any_name_becomes_one_line_without_a_path(name: str) -> None:
    safe = safe_name(name, "image/jpeg")
    assert len(safe) <= 84
    assert not set(safe) & set('/\\\r\n"<>\0')
    assert safe.endswith(".jpg")
