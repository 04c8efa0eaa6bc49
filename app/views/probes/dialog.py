"""Which probes, asked of which model, about which chains, and what becomes of the chains for what is found."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from app.models.schema_fields import FieldKind, FormField
from app.models.status_words import counted
from app.presenters.models import ModelsPresenter
from app.presenters.probes import HINTS, TITLES, ProbePlan, ProbeSetup, ProbesPresenter, Scope
from app.studio import Studio
from app.views.models.dialog import ModelsDialog
from app.views.pipeline.profile_select import CheckedChoice, ProfileSelect
from app.widgets.button import ButtonKind
from app.widgets.choice import CheckBox, Select
from app.widgets.dialog import Dialog
from app.widgets.field import CheckedField, Field
from app.widgets.label import Label
from app.widgets.panel import Line
from hopchain_core.domain.probes import PROBES, Probe, ProbePolicies, ProbePolicy
from hopchain_core.project import ProbeOptions, ProbeStanding

_PAUSE_MS = 250
_MOST_TRIES = 64
_FIRST_PICTURES = object()
_ALL = Scope("All chains that the rules let through")
_POLICY_WORDS = {ProbePolicy.FLAG: "Flag chain", ProbePolicy.DROP: "Drop chain"}


class ProbeDialog(Dialog):
    """Everything that a run of probes needs, and what it would ask.

    Args:
        studio: What everything shares.
        scopes: Chains that the person may mean besides all of them; the first of them is chosen.
        parent: The window.
    """

    def __init__(self, studio: Studio, scopes: Sequence[Scope], parent: QWidget | None = None) -> None:
        super().__init__(
            "Probe chains",
            "A model is asked what chains give away. What it finds stands with the findings of the rules. What was "
            "asked once is not asked again.",
            width_px=720,
            parent=parent,
        )
        self._studio = studio
        self._options = ProbeOptions()
        self._models: ModelsPresenter | None = None
        self._wanted_model = ""
        self._is_set_up = False
        self._plan: ProbePlan | None = None
        self.presenter = ProbesPresenter(studio, self)
        self.select = ProfileSelect("Model")
        self.model = CheckedChoice(self.select)
        self.scope = Select("Chains")
        for scope in (*scopes, _ALL):
            self.scope.addItem(scope.words, scope)
        self.scope.addItem("Those of the first pictures", _FIRST_PICTURES)
        self.pictures = CheckedField(Field("How many pictures"))
        self.pictures.field.setText("20")
        self.tries = CheckedField(Field("Tries"))
        self.rows = {probe: _ProbeRow(probe) for probe in PROBES}
        self.retry = CheckBox("Try again what failed")
        self.problem = Label("", "meta", "bad", wraps=True)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self._lay_out()
        self._cancel = self.add_button("Cancel")
        self.start = self.add_button("Start", ButtonKind.PRIMARY, icon="play")
        self.start.set_available(False, "what would be asked is being found out")
        self.accepted.connect(self._start)
        self._connect()
        self.presenter.read()

    # What is chosen

    @property
    def options(self) -> ProbeOptions | None:
        """What is chosen; None where a field holds something else."""
        tries = _whole(self.tries, 1, _MOST_TRIES)
        limit = None
        if self.scope.currentData() is _FIRST_PICTURES:
            limit = _whole(self.pictures, 1, 10**9)
            if limit is None:
                return None
        if tries is None:
            return None
        return self._options.model_copy(
            update={
                "profile": str(self.select.currentData() or ""),
                "probes": tuple(probe for probe, row in self.rows.items() if row.check.isChecked()),
                "samples": tries,
                "drop": tuple(probe for probe, row in self.rows.items() if row.drops),
                "limit": limit,
                "retry_failed": self.retry.isChecked(),
            }
        )

    @property
    def chosen_scope(self) -> Scope:
        """The chains that are meant."""
        found = self.scope.currentData()
        return found if isinstance(found, Scope) else _ALL

    # What is shown

    def _lay_out(self) -> None:
        form = QGridLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        form.setColumnStretch(1, 1)
        chains = QHBoxLayout()
        chains.setSpacing(8)
        chains.addWidget(self.scope, 1)
        self.pictures.setFixedWidth(140)
        self.pictures.hide()
        chains.addWidget(self.pictures)
        tries = QHBoxLayout()
        tries.setSpacing(12)
        self.tries.setFixedWidth(84)
        tries.addWidget(self.tries)
        tries.addWidget(
            Label("at each thing. More of them later ask for the missing ones only.", "meta", "tertiary"), 1
        )
        for row, name in enumerate(("Model", "Chains", "Tries")):
            form.addWidget(Label(name, "meta", "secondary"), row, 0)
        form.addWidget(self.model, 0, 1)
        form.addLayout(chains, 1, 1)
        form.addLayout(tries, 2, 1)
        self.box.addLayout(form)
        self.box.addWidget(Line())
        table = QGridLayout()
        table.setHorizontalSpacing(16)
        table.setVerticalSpacing(8)
        table.setColumnStretch(1, 1)
        for line, probe in enumerate(self.rows.values()):
            probe.check.setMinimumWidth(probe.check.sizeHint().width())
            probe.policy.setMinimumWidth(probe.policy.sizeHint().width())
            table.addWidget(probe.check, line, 0)
            table.addWidget(probe.hint, line, 1)
            table.addWidget(probe.standing, line, 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            table.addWidget(probe.policy, line, 3)
        self.box.addLayout(table)
        self.retry.hide()
        self.problem.hide()
        self.box.addWidget(self.retry, 0, Qt.AlignmentFlag.AlignLeft)
        self.box.addWidget(self.problem)

    def _connect(self) -> None:
        presenter = self.presenter
        presenter.set_up.connect(self._show_setup)
        presenter.planned.connect(self._show_plan)
        self.select.chosen.connect(self._ask)
        self.select.add_wanted.connect(self._add_model)
        self.scope.currentIndexChanged.connect(self._choose_scope)
        self.retry.toggled.connect(self._ask)
        for row in self.rows.values():
            row.check.toggled.connect(self._ask)
        for field in (self.tries.field, self.pictures.field):
            field.textChanged.connect(lambda _: self._pause.start())
        self._studio.runs.changed.connect(self._show_may_start)

    def _show_setup(self, setup: ProbeSetup) -> None:
        chosen = self._wanted_model or str(self.select.currentData() or "") or setup.last.profile
        if not self._is_set_up:
            self._options = setup.last
            self.tries.field.setText(str(setup.last.samples))
            for probe, row in self.rows.items():
                row.show_policy(setup.policies)
                row.check.setChecked(probe in setup.last.probes)
        names = tuple(profile.name for profile in setup.profiles)
        if not chosen and len(names) == 1:
            chosen = names[0]
        labels = tuple(f"{profile.name} · {profile.model}" for profile in setup.profiles)
        field = FormField(path=("profile",), title="Model", kind=FieldKind.PROFILE, choices=names, labels=labels)
        self.select.show_choices(field, chosen)
        self.model.show_refusal(setup.problem)
        self._is_set_up = True
        self._ask()

    def _show_plan(self, plan: ProbePlan) -> None:
        self._plan = plan
        standings = {standing.probe: standing for standing in plan.standings}
        for probe, row in self.rows.items():
            row.show_standing(standings.get(probe))
        self.retry.setVisible(plan.failed > 0 or self.retry.isChecked())
        self.problem.setText(plan.problem)
        self.problem.setVisible(bool(plan.problem))
        self._show_may_start()
        self.fit()

    def _show_may_start(self) -> None:
        plan = self._plan
        if self._studio.runs.is_running:
            self.start.set_available(False, "stages are running")
        elif plan is None or plan.problem:
            self.start.set_available(False, plan.problem if plan is not None else "")
        else:
            self.start.set_available(True)
        # With nothing to ask, what becomes of the chains can still be changed.
        asks = plan is None or bool(plan.problem) or plan.owed > 0
        self.start.set_text("Start" if asks else "Apply")
        self.start.set_icon("play" if asks else "check")

    # From the person

    def _choose_scope(self) -> None:
        self.pictures.setVisible(self.scope.currentData() is _FIRST_PICTURES)
        self._ask()

    def _ask(self) -> None:
        self._pause.stop()
        options = self.options
        if not self._is_set_up:
            return
        if options is None:
            self.start.set_available(False, "a field holds something that is not taken")
            return
        self.presenter.plan(options, self.chosen_scope)

    def _start(self) -> None:
        options = self.options
        if options is not None:
            self.presenter.start(options, self.chosen_scope)

    def _add_model(self) -> None:
        window = self.parentWidget()
        found = window.findChild(ModelsPresenter) if window is not None else None
        self._models = found or self._models or ModelsPresenter(self._studio, self)
        self._models.saved.connect(self._note_model)
        dialog = ModelsDialog(self._models, self)
        dialog.finished.connect(lambda _: self.presenter.read())
        dialog.open()
        dialog.begin_at("", "endpoint")

    def _note_model(self, name: str) -> None:
        self._wanted_model = name


class _ProbeRow:
    """One probe: whether it is made, how it stands, and what becomes of a chain for what it finds."""

    def __init__(self, probe: Probe) -> None:
        title = TITLES[probe]
        self.check = CheckBox(title)
        self.hint = Label(HINTS[probe], "meta", "secondary")
        self.check.setAccessibleDescription(HINTS[probe])
        self.standing = Label("", "meta", "tertiary")
        self.policy = Select(f"What is found by {title.lower()}")
        for policy, words in _POLICY_WORDS.items():
            self.policy.addItem(words, policy)
        self._probe = probe

    @property
    def drops(self) -> bool:
        """A chain is dropped for what is found."""
        return bool(self.policy.currentData() == ProbePolicy.DROP)

    def show_policy(self, policies: ProbePolicies) -> None:
        """Shows what is in force."""
        self.policy.setCurrentIndex(list(_POLICY_WORDS).index(policies.of(self._probe)))

    def show_standing(self, standing: ProbeStanding | None) -> None:
        """Shows what would be asked."""
        if standing is None:
            self.standing.setText("")
            return
        parts = [f"{counted(standing.owed, 'chain')} to ask"] if standing.owed else []
        parts += [f"{standing.done:,} there"] if standing.done else []
        parts += [f"{standing.failed:,} failed"] if standing.failed else []
        self.standing.setText(" · ".join(parts) or "no chain")


def _whole(field: CheckedField, least: int, most: int) -> int | None:
    text = field.field.text().strip()
    number = int(text) if text.isdecimal() else None
    is_right = number is not None and least <= number <= most
    upto = f"from {least} to {most:,}" if most < 10**9 else f"from {least} on"
    field.show_refusal("" if is_right else f"A whole number {upto}")
    return number if is_right else None
