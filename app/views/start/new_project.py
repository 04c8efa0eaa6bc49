"""The dialog that makes a project of a folder of pictures, or adds pictures to one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.presenters.detect import Annotated, Found
from app.presenters.intake import Source
from app.widgets.button import Button, ButtonKind
from app.widgets.dialog import Dialog
from app.widgets.field import Field, RefusalLine
from app.widgets.label import Label
from app.widgets.segmented import Segment, Segmented


class PathRow(QWidget):
    """A field for a path, with a button that lets one choose.

    Args:
        title: Above the field.
        placeholder: What belongs here.
    """

    chosen = Signal(str)
    """Another path stands in the field."""
    asked = Signal()
    """A person wants to choose."""

    def __init__(self, title: str, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = Field(placeholder)
        self.field.setAccessibleName(title)
        self.checked = RefusalLine(self.field)
        choose = Button("Choose…")
        choose.clicked.connect(self.asked)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(Label(title, "caption-strong", "secondary"))
        layout.addLayout(row)
        layout.addWidget(self.checked)
        self.field.textChanged.connect(self.chosen)

    def path(self) -> Path | None:
        """What stands in the field."""
        text = self.field.text().strip()
        return Path(text).expanduser() if text else None

    def set_path(self, path: Path) -> None:
        """Puts a path into the field."""
        self.field.setText(str(path))


class NewProjectDialog(Dialog):
    """Which pictures, what annotations, and where the project is kept.

    Args:
        adds_to: Name of the open project that pictures are added to; empty for a new project.
        parent: The window.
    """

    look_asked = Signal(object)
    """A folder, or an annotation file, to look at."""
    made = Signal(object, object)
    """(path of the project or None, `Source`)."""

    def __init__(self, adds_to: str = "", parent: QWidget | None = None) -> None:
        title = f"Add pictures to {adds_to}" if adds_to else "New project"
        super().__init__(title, width_px=560, parent=parent)
        self._adds = bool(adds_to)
        self.is_open = True
        self._shows: Path | None = None
        self.folder = PathRow("Pictures", "A folder, with all that is in it; or a COCO file")
        self.kind = Segmented(
            [
                Segment(Annotated.NOT, "None"),
                Segment(Annotated.COCO, "COCO"),
                Segment(Annotated.LABELME, "labelme"),
                Segment(Annotated.SCENES, "Scenes"),
            ],
            "Annotations",
        )
        self.found = Label("", "meta", "secondary", wraps=True)
        self.annotations = PathRow("", "")
        self.licence = Field("For example CC BY 4.0; leave empty if an import states it")
        self.licence.setAccessibleName("Licence of the pictures")
        self.file = PathRow("Project file", "Where the project is kept; best beside the pictures")
        self.box.setSpacing(8)
        self.box.addWidget(self.folder)
        self.box.addWidget(self.found)
        self.box.addSpacing(4)
        self.box.addWidget(Label("Annotations that people made", "caption-strong", "secondary"))
        self.box.addWidget(self.kind, 0, Qt.AlignmentFlag.AlignLeft)
        self.box.addWidget(self.annotations)
        self.box.addSpacing(4)
        self.box.addWidget(Label("Licence of the pictures", "caption-strong", "secondary"))
        self.box.addWidget(self.licence)
        if not self._adds:
            self.box.addSpacing(4)
            self.box.addWidget(self.file)
        self.add_button("Cancel")
        self.accept_button = self.add_button(
            "Add pictures" if self._adds else "Make project", ButtonKind.PRIMARY, closes=False
        )
        self.accept_button.clicked.connect(self._make)
        self.folder.chosen.connect(self._take_folder)
        self.folder.asked.connect(lambda: self._choose_folder(self.folder, "Choose the pictures"))
        self.annotations.asked.connect(self._choose_annotations)
        self.annotations.chosen.connect(lambda _: self.annotations.checked.show_refusal(""))
        self.file.asked.connect(self._choose_file)
        self.file.chosen.connect(lambda _: self.file.checked.show_refusal(""))
        self.kind.chosen.connect(lambda _: self._show_kind())
        self._show_kind()
        self.finished.connect(self._take_end)

    def begin_with(self, path: Path) -> None:
        """Begins with a folder, or with an annotation file of its pictures."""
        self.folder.set_path(path)

    def show_found(self, path: Path, found: Found) -> None:
        """Says what was found, and fills in what was guessed.

        Args:
            path: What was looked at; nothing is shown when something else stands in the field by now.
            found: What lies there.
        """
        if self.folder.path() != path:
            return
        if found.folder != path:
            self._shows = found.folder
            self.folder.set_path(found.folder)
            self._suggest_file(found.folder)
        self.found.setText(found.words)
        if not found.pictures:
            self.folder.checked.show_refusal("No pictures are in this folder.")
            return
        self.kind.set_value(found.kind)
        self.annotations.set_path(found.file) if found.file is not None else self.annotations.field.clear()
        self._show_kind()

    def show_not_found(self, path: Path, why: str) -> None:
        """Says why nothing can be made of what was chosen."""
        if self.folder.path() == path:
            self.found.setText("")
            self.folder.checked.show_refusal(why)

    def _take_end(self, _: int) -> None:
        # What was looked for may come after the dialog is gone.
        self.is_open = False

    def _take_folder(self, text: str) -> None:
        path = self.folder.path()
        if path is not None and path == self._shows:
            return
        self._shows = None
        self.folder.checked.show_refusal("")
        self.found.setText("")
        if path is None or not path.exists():
            return
        self.found.setText("Looking…")
        self.look_asked.emit(path)
        if path.is_dir():
            self._suggest_file(path)

    def _suggest_file(self, folder: Path) -> None:
        if not self._adds:
            self.file.set_path(folder / f"{folder.name or 'project'}.hopchain")

    def _show_kind(self) -> None:
        kind = self.kind.value()
        self.annotations.setVisible(kind in (Annotated.COCO, Annotated.LABELME))
        placeholder = "The .json file of COCO" if kind == Annotated.COCO else "The folder of labelme’s .json files"
        self.annotations.field.setPlaceholderText(placeholder)
        self.annotations.field.setAccessibleName(placeholder)
        self.annotations.checked.show_refusal("")

    def _make(self) -> None:
        folder, file = self.folder.path(), self.file.path()
        if folder is None or not folder.is_dir():
            self.folder.checked.show_refusal("Choose a folder of pictures.")
            return
        kind, annotated = self.kind.value(), self.annotations.path()
        needs = kind in (Annotated.COCO, Annotated.LABELME)
        if needs and (annotated is None or not annotated.exists()):
            self.annotations.checked.show_refusal("Choose the annotations, or choose None above.")
            return
        if not self._adds:
            if file is None:
                self.file.checked.show_refusal("Say where the project is kept.")
                return
            if file.suffix != ".hopchain":
                file = file.with_name(f"{file.name}.hopchain")
            if file.exists():
                self.file.checked.show_refusal("There is a file of this name already; choose another.")
                return
            if not file.parent.is_dir():
                self.file.checked.show_refusal("There is no such folder.")
                return
        source = Source(
            paths=(folder,),
            coco=annotated if kind == Annotated.COCO else None,
            labelme=annotated if kind == Annotated.LABELME else None,
            scenes=folder if kind == Annotated.SCENES else None,
            licence=self.licence.text().strip(),
        )
        self.made.emit(None if self._adds else file, source)
        self.accept()

    def _choose_folder(self, row: PathRow, title: str) -> None:
        dialog = self._file_dialog(title, row)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.open()

    def _choose_annotations(self) -> None:
        if self.kind.value() == Annotated.LABELME:
            self._choose_folder(self.annotations, "Choose the folder of labelme’s files")
            return
        dialog = self._file_dialog("Choose the COCO file", self.annotations)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter("COCO annotations (*.json)")
        dialog.open()

    def _choose_file(self) -> None:
        dialog = self._file_dialog("Where the project is kept", self.file)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("hopchain")
        dialog.setNameFilter("HopChain projects (*.hopchain)")
        dialog.open()

    def _file_dialog(self, title: str, row: PathRow) -> QFileDialog:
        path = row.path() or self.folder.path()
        near = path if path is not None and path.is_dir() else path.parent if path is not None else Path.home()
        dialog = QFileDialog(self, title, str(near))
        dialog.fileSelected.connect(lambda text: row.set_path(Path(text)))
        return dialog
