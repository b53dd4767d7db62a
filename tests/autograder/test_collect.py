"""Collecting: whatever lies in the inbox becomes a submission or a line that says why not."""

import os
import zipfile
from pathlib import Path

import pytest

from autograder.course.collect import collect
from autograder.course.folder import Course
from autograder.handin import MAX_BYTES
from tests.autograder.handed_in import LAB, REFUSED, WORK, empty_course, link, unix, zipped


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return empty_course(tmp_path / "course")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def take(course: Course, inbox: Path) -> dict[str, str]:
    return {c.student: f"{c.result}: {c.line}" for c in collect(course, LAB, inbox)}


def submitted(course: Course, student: str) -> str:
    return course.notebook("submitted", LAB, student).read_text("utf-8")


# --- honest ones ------------------------------------------------------------------------------


def test_a_folder_a_zip_and_a_file_are_taken(course: Course, inbox: Path):
    (inbox / "ada" / "deep" / "down").mkdir(parents=True)
    (inbox / "ada" / "deep" / "down" / f"{LAB}.ipynb").write_text(WORK)
    zipped(inbox / "ben.ZIP", {f"{LAB}/{LAB}.ipynb": WORK, f"{LAB}/data/part-0.parquet": b"x"})
    (inbox / f"cy_{LAB}.ipynb").write_text(WORK)
    told = take(course, inbox)
    assert told == {
        "ada": f"new: deep/down/{LAB}.ipynb",
        "ben": f"new: {LAB}/{LAB}.ipynb",
        "cy": f"new: cy_{LAB}.ipynb",
    }
    assert {submitted(course, student) for student in told} == {WORK}


def test_copies_that_a_mac_and_jupyter_keep_are_passed_over(course: Course, inbox: Path):
    kept = {
        "__MACOSX/._my work.ipynb": b"\0\5\x16\7",
        ".ipynb_checkpoints/my work-checkpoint.ipynb": WORK,
        "._my work.ipynb": b"\0\5\x16\7",
    }
    zipped(inbox / "ada.zip", {"my work.ipynb": WORK, **kept})
    for name, content in {"my work.ipynb": WORK, **kept}.items():
        path = inbox / "ben" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    assert take(course, inbox) == dict.fromkeys(("ada", "ben"), "new: my work.ipynb")
    beside = course.notebook("submitted", LAB, "ada").with_name("my work.ipynb")
    assert beside.read_text("utf-8") == WORK


def test_of_several_the_one_that_says_it_is_this_lab_is_taken(course: Course, inbox: Path):
    zipped(inbox / "ada.zip", {"a.ipynb": "{}", "b.ipynb": WORK, "c.ipynb": "[" * 100_000})
    zipped(inbox / "ben.zip", {"a.ipynb": "{}", "b.ipynb": "{}"})
    told = take(course, inbox)
    assert told["ada"] == "new: b.ipynb"
    assert (
        told["ben"] == f"refused: 2 notebooks, and not one alone is {LAB}.ipynb: a.ipynb, b.ipynb"
    )


# --- archives that are not --------------------------------------------------------------------


@pytest.mark.parametrize("name", REFUSED)
def test_a_zip_that_is_not_honest_is_refused_and_the_rest_goes_on(
    course: Course, inbox: Path, name: str
):
    make, why = REFUSED[name]
    make(inbox / "mallory.zip")
    (inbox / "zoe.ipynb").write_text(WORK)
    told = take(course, inbox)
    assert told["mallory"].startswith(f"refused: {why}")
    assert told["zoe"] == "new: zoe.ipynb"
    assert not course.notebook("submitted", LAB, "mallory").exists()


@pytest.mark.parametrize(
    "name",
    ["../../evil.ipynb", "/evil.ipynb", "a/../../evil.ipynb", "..\\evil.ipynb", "C:\\evil.ipynb"],
)
def test_a_member_outside_the_zip_is_no_member(
    course: Course, inbox: Path, tmp_path: Path, name: str
):
    zipped(inbox / "ada.zip", {name: "{}", "my work.ipynb": WORK})
    assert take(course, inbox) == {"ada": "new: my work.ipynb"}
    assert not list(tmp_path.rglob("*evil*"))


def test_neither_links_nor_zips_in_a_zip_are_opened(course: Course, inbox: Path, tmp_path: Path):
    (tmp_path / "secret.ipynb").write_text('{"secret": 1}')
    zipped(tmp_path / "inner.zip", {f"{LAB}.ipynb": WORK})
    with zipfile.ZipFile(inbox / "ada.zip", "w") as archive:
        archive.writestr(*link(f"{LAB}.ipynb", str(tmp_path / "secret.ipynb")))
        archive.write(tmp_path / "inner.zip", "inner.zip")
    assert take(course, inbox) == {"ada": f"new: {LAB}.ipynb"}
    assert submitted(course, "ada") == ""


@pytest.mark.parametrize(
    "name", ["x.tar.gz", "x.tgz", "x.7z", "x.rar", "x.pdf", "x.ipynb.txt", "x"]
)
def test_what_is_no_notebook_is_refused_by_its_name(course: Course, inbox: Path, name: str):
    (inbox / name).write_bytes(b"content")
    (line,) = take(course, inbox).values()
    assert line == "refused: it is no notebook (.ipynb), no zip and no folder; hand in one of these"


# --- folders ----------------------------------------------------------------------------------


@unix
def test_in_a_folder_only_ordinary_files_count(course: Course, inbox: Path, tmp_path: Path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "other.ipynb").write_text('{"secret": 1}')
    for student in ("ada", "ben"):
        folder = inbox / student
        folder.mkdir()
        os.mkfifo(folder / f"{LAB}.ipynb")
        (folder / "link.ipynb").symlink_to(tmp_path / "secret" / "other.ipynb")
        (folder / "there").symlink_to(tmp_path / "secret")
        (folder / "zero.ipynb").symlink_to("/dev/zero")
        (folder / "folder.ipynb").mkdir()
        with (folder / "large.ipynb").open("wb") as file:
            file.truncate(2 * 2**30)
    (inbox / "ada" / "work.ipynb").write_text(WORK)
    told = take(course, inbox)
    assert told["ada"] == "new: work.ipynb"
    assert told["ben"] == f"refused: {LAB}.ipynb cannot be read: it is no ordinary file"
    assert "secret" not in submitted(course, "ada")


@unix
def test_a_link_in_the_inbox_is_refused(course: Course, inbox: Path, tmp_path: Path):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / f"{LAB}.ipynb").write_text(WORK)
    (inbox / "ada").symlink_to(tmp_path / "theirs")
    (inbox / "ben.ipynb").symlink_to(tmp_path / "theirs" / f"{LAB}.ipynb")
    (inbox / "cy.zip").symlink_to("/dev/zero")
    (inbox / "di.ipynb").symlink_to("nowhere")
    told = take(course, inbox)
    assert set(told.values()) == {"refused: it is a link; hand in the file itself"}
    assert set(told) == {"ada", "ben", "cy", "di"}
    assert not (course.root / "submitted").exists()


def test_too_large_a_file_or_too_full_a_folder_is_refused(course: Course, inbox: Path):
    (inbox / "ada.ipynb").write_bytes(b" " * (MAX_BYTES + 1))
    (inbox / "ben").mkdir()
    for number in range(51):
        (inbox / "ben" / f"{number}.ipynb").write_text("{}")
    deep = inbox / "cy"
    for _ in range(25):
        deep /= "d"
    deep.mkdir(parents=True)
    told = take(course, inbox)
    assert told["ada"] == "refused: the file is 20.0 MiB large; 20 MiB is the limit"
    assert told["ben"] == "refused: the folder holds more than 50 notebooks: hand in one"
    assert told["cy"].startswith("refused: the folder holds more than 10,000 files, or too deep")


@unix
@pytest.mark.parametrize("part", [0, 1, 2])
def test_nothing_is_written_through_a_link(course: Course, inbox: Path, tmp_path: Path, part: int):
    (tmp_path / "elsewhere").mkdir()
    (inbox / "ada.ipynb").write_text(WORK)
    target = course.notebook("submitted", LAB, "ada")
    planted = (target, *target.parents)[part]
    planted.parent.mkdir(parents=True)
    planted.symlink_to(tmp_path / "elsewhere" / "file" if part == 0 else tmp_path / "elsewhere")
    told = take(course, inbox)
    assert "is a link or no file; remove it, and collect again" in told["ada"]
    assert not list((tmp_path / "elsewhere").iterdir())


# --- names ------------------------------------------------------------------------------------


@unix
@pytest.mark.parametrize(
    "name",
    [
        "\x1b]52;c;ZXZpbA==\x07ada", "\x1b[31mada", "ada\u202eynpi", "аda", "ａda", "a\nb", "a\tb",
        "<img src=x onerror=alert(1)>", "=cmd|' '!A1", "[red]ada[bold]", "a b", "ada;rm -rf", "a,b",
        "x" * 101, b"\xff\xfe".decode("utf-8", "surrogateescape"),
    ],
)  # fmt: skip
def test_a_name_that_could_do_something_is_refused_with_a_clean_line(
    course: Course, inbox: Path, name: str
):
    (inbox / f"{name}.ipynb").write_text(WORK)
    (one,) = collect(course, LAB, inbox)
    assert one.result == "refused"
    assert one.line == "no student can be called that; use letters, digits and . _ - @"
    assert one.student.isprintable()
    one.student.encode()
    assert not (course.root / "submitted").exists()


def test_a_file_in_a_zip_is_named_in_a_clean_line(course: Course, inbox: Path):
    zipped(inbox / "ada.zip", {"\x1b]0;x\x07[red]\u202e.ipynb": WORK})
    zipped(inbox / "ben.zip", {"x" * 300 + ".ipynb": WORK})
    told = take(course, inbox)
    assert told["ada"] == "new: [red]⟨U+202E⟩.ipynb"
    assert told["ben"].startswith("new: xxx")
    for student in told:
        names = {path.name for path in course.notebook("submitted", LAB, student).parent.iterdir()}
        assert names == {f"{LAB}.ipynb", "timestamp.txt"}
