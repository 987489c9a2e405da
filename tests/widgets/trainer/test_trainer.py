"""ProbeTrainer without a page: what it offers, refuses, costs, trains, keeps and leaves."""

from __future__ import annotations

import gc
import json
import threading
import time
import weakref
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

import probewidgets as pw
from probewidgets.errors import ProbeError, WidgetError
from probewidgets.probes.watching import Step
from probewidgets.widgets.trainer.loading import Loaded
from probewidgets.widgets.trainer.losses import Losses
from probewidgets.widgets.trainer.offered import layers_of, written
from tests.widgets.trainer.conftest import Make, Talk, finished, wait

# --- choosing ---------------------------------------------------------------------------------------------------------


def test_what_is_chosen_is_shown_with_what_was_found(talk: Talk) -> None:
    view = talk.view
    assert view["corpus"]["value"] == "given"
    assert view["corpus"]["facts"] == ["60 / 15 / 15 sentences", "530 words"]
    assert view["corpus"]["example"] == talk.trainer.corpus[0].text
    assert view["task"]["value"] == "WordTask:upos"
    assert view["task"]["facts"] == ["16 labels of words", "530 words"]
    label, share, _ = view["task"]["shares"][0]
    assert (label, share) == ("PUNCT", pytest.approx(tags(talk.trainer.corpus).count("PUNCT") / 530))
    assert view["layers"] == {"all": [0, 1, 2, 3], "value": [0, 1, 2, 3], "text": "0-3"}
    assert view["probe"]["value"] == "given"
    assert view["wanting"] == ""
    assert view["phase"] == "choosing"


def tags(corpus: pw.Corpus) -> list[Any]:
    return [tag for example in corpus for tag in example.annotations["upos"]]


def test_choices_of_the_page_are_traits(talk: Talk) -> None:
    seen: list[str] = []
    talk.trainer.observe(
        lambda change: seen.append(change.name), ["task", "probe", "layers", "pool", "site", "control"]
    )
    talk.say("choose", task="WordTask:Number")
    assert talk.answered
    assert talk.trainer.task == "WordTask:Number"
    talk.say("choose", probe="mlp")
    talk.say("choose", size="12")
    assert talk.trainer.probe == pw.MLPProbe(hidden=12)
    assert talk.view["probe"]["size"] == {"name": "hidden units", "value": "12"}
    talk.say("choose", layers="0, 2-3", pool="last", site="attention", control=3)
    talk.say("choose", layers="1-2")
    assert (talk.trainer.layers, talk.trainer.pool, talk.trainer.control) == ((1, 2), pw.pools.last, 3)
    assert talk.trainer.site == pw.sites.attention
    assert set(seen) == {"task", "probe", "layers", "pool", "site", "control"}


def test_a_probe_stays_where_it_fits_the_task(talk: Talk) -> None:
    talk.say("choose", probe="mlp")
    talk.say("choose", task="WordTask:Number")
    assert talk.trainer.probe == pw.MLPProbe()
    talk.say("choose", task="WordTask:nothing")
    assert "There is no task 'WordTask:nothing'" in talk.refused


@pytest.mark.parametrize(
    ("choice", "why"),
    [
        ({"layers": "0-9"}, "There is no layer 4 among 0-3"),
        ({"layers": "two"}, "Layers are written like 0-6"),
        ({"layers": "3-1"}, "Layers are written like 0-6"),
        ({"probe": "gradient boosting"}, "There is no probe 'gradient boosting'"),
        ({"pool": "median"}, "There is no pool"),
        ({"control": 10}, "from 0 to 9, but 10 came"),
        ({"probe": "linear", "size": "many"}, "This probe has no size"),
        ({"site": "nowhere"}, "There is no site 'nowhere'"),
    ],
)
def test_what_cannot_be_chosen_is_refused_and_changes_nothing(talk: Talk, choice: dict[str, Any], why: str) -> None:
    before = {name: getattr(talk.trainer, name) for name in ("layers", "probe", "pool", "control", "site")}
    talk.say("choose", **choice)
    assert why in talk.refused
    assert {name: getattr(talk.trainer, name) for name in before} == before


def test_a_refusal_comes_before_the_view_that_would_end_what_is_typed(talk: Talk) -> None:
    order: list[str] = []
    talk.trainer.observe(lambda _: order.append("view"), "_view")
    talk.trainer.send = lambda content, buffers=None: order.append(content["kind"])
    talk.trainer._handle_custom_msg({"kind": "choose", "seq": 9, "client": "me", "layers": "0-9"}, [])
    del talk.trainer.send
    assert order == ["ack", "refused", "view"]
    assert talk.view["answered"]["me"] == 9


def test_a_size_that_is_none_is_refused(talk: Talk) -> None:
    talk.say("choose", probe="mlp")
    for size, why in (("many", "whole number of hidden units"), ("0", "hidden")):
        talk.say("choose", size=size)
        assert why in talk.refused
    assert talk.trainer.probe == pw.MLPProbe()


def test_what_does_not_go_together_is_greyed_with_the_reason_and_starts_nothing(talk: Talk) -> None:
    view = talk.say("choose", task="WordTask:Poss")
    assert {key: reason for key, _, reason in view["task"]["options"]}["WordTask:Poss"] == "only one label, Yes"
    assert view["wanting"] == "only one label, Yes"
    assert not view["cost"]["busy"]
    talk.say("train")
    assert "only one label" in talk.refused
    view = talk.say("choose", task="WordTask:upos")
    reasons = {key: reason for key, _, reason in view["probe"]["options"]}
    assert reasons["ridge"] == "upos carries one label each"
    assert not reasons["linear"]
    view = talk.say("choose", probe="ridge")
    assert view["wanting"] == "upos carries one label each"


def test_numbers_and_sentences_have_the_probes_that_go_with_them(make: Make, tmp_path: Path) -> None:
    path = tmp_path / "films.csv"
    rows = [f'"a {"good" if i % 2 else "bad"} film, number {i}",{"pos" if i % 2 else "neg"},{i / 7}' for i in range(60)]
    path.write_text("\n".join(["review,sentiment,stars", *rows]))
    talk = Talk(make(str(path), probe=None))
    assert talk.view["corpus"]["value"] == "file"
    assert talk.view["task"]["value"] == "SentenceTask:sentiment"
    assert talk.view["control"]["reason"] == "each sentence would have a label of its own"
    view = talk.say("choose", task="SentenceTask:stars")
    assert view["probe"]["value"] == "ridge"
    assert view["task"]["facts"][0] == "a number of sentences"
    talk.say("train")
    assert talk.trainer.sweep.metric == "r2"
    assert talk.view["wrong"] is None
    assert talk.view["opens"]["errors"] == ""
    table = talk.trainer.errors.to_frame()
    assert (table["residual"] == table["given"] - table["gold"]).all()
    assert talk.view["code"].splitlines()[:2] == [
        f"corpus = pw.read_table({str(path)!r}, text='review', label=('sentiment', 'stars'))",
        "task = pw.SentenceTask('stars', regression=True)",
    ]
    assert talk.view["code"].splitlines()[-1] == "sweep = pw.sweep(acts, pw.RidgeProbe())"


def test_a_file_that_cannot_be_read_is_said_and_another_can_be_chosen(talk: Talk, tmp_path: Path) -> None:
    talk.say("choose", corpus="file")
    assert talk.view["corpus"]["value"] == "file"
    view = talk.say("choose", corpus_path=str(tmp_path / "nothing.conllu"))
    assert "There is no file" in view["corpus"]["error"]
    assert view["wanting"] == "the corpus could not be read"
    assert view["code"] == ""
    with pytest.raises(WidgetError, match="could not be read"):
        talk.trainer.start()
    view = talk.say("choose", corpus="given")
    assert view["corpus"]["error"] == view["wanting"] == ""
    view = talk.say("choose", model="place")
    view = talk.say("choose", model_path=str(tmp_path))
    assert "has no config.json" in view["model"]["error"]
    assert view["model"]["path"] == str(tmp_path)
    assert talk.say("choose", model="given")["wanting"] == ""


def test_bad_arguments_are_told(corpus: pw.Corpus) -> None:
    with pytest.raises(TypeError, match=r"takes no \['tasks'\]"):
        pw.ProbeTrainer(corpus, tasks=1)
    for bad in ({"corpus": 3}, {"task": 3}, {"model": 3}, {"layers": "all"}, {"site": "mlp"}, {"pool": "mean"}):
        with pytest.raises(WidgetError, match=next(iter(bad))):
            pw.ProbeTrainer(**bad)
    with pytest.raises(WidgetError, match="control must be a number of draws"):
        pw.ProbeTrainer(control=-1)
    with pytest.raises(ProbeError, match="probe"):
        pw.ProbeTrainer(probe="linear")


def test_a_task_that_the_corpus_does_not_have_is_said(make: Make) -> None:
    trainer = make(task="upso")
    assert trainer._view["wanting"] == "'upso' is no task of this corpus. Did you mean 'upos'?"
    trainer.task = "upos"
    assert wait(trainer)._view["wanting"] == ""


def test_layers_can_be_chosen_before_the_model_is_there(talk: Talk) -> None:
    loaded, talk.trainer._net = talk.trainer._net, Loaded()
    assert talk.say("choose", layers="1-2")["layers"]["text"] == "1-2"
    talk.trainer._net = loaded
    assert talk.say("choose", control=2)["wanting"] == ""
    assert talk.trainer.layers == (1, 2)
    talk.trainer._net = Loaded()
    talk.say("choose", layers="7-9")
    talk.trainer._net = loaded
    assert "Layer 7 is not in 'BertModel'" in talk.say("choose", control=1)["wanting"]
    talk.trainer._net = Loaded()
    talk.say("choose", layers="all")
    assert talk.trainer.layers is None


def test_layers_are_written_and_read_alike() -> None:
    there = range(31)
    for layers in ((0,), (0, 1, 2), (0, 3, 4, 5, 8), tuple(there)):
        assert layers_of(written(layers), there) == layers
    assert layers_of("0-30/10, 5", there) == (0, 5, 10, 20, 30)
    assert layers_of("all", there) == tuple(there)


# --- costs ------------------------------------------------------------------------------------------------------------


@pytest.mark.costed
def test_before_the_start_it_says_what_it_will_cost_and_then_that_states_are_kept(talk: Talk) -> None:
    tokens, seconds, room = talk.view["cost"]["facts"]
    assert tokens.endswith(" tokens")
    assert seconds.startswith("about ") and "to capture" in seconds and "to fit" in seconds
    acts = talk.trainer.start() and wait(talk.trainer).acts
    assert room == f"{acts.states.nbytes / 1e3:.0f} kB on disk, {acts.states.nbytes / 1e3:.0f} kB in memory"
    view = talk.say("choose", control=2)
    assert "states from the cache" in view["cost"]["facts"][1]


@pytest.mark.parametrize(
    ("own", "why"),
    [
        (lambda example: ["x"] * len(example.words), "only one label, x"),
        (lambda example: 1 / 0, "ZeroDivisionError: division by zero"),
        (lambda example: example.forms[:1], "label(s) for"),
    ],
)
def test_a_task_of_ones_own_that_cannot_be_trained_says_why_and_another_can_be_chosen(
    make: Make, own: Any, why: str
) -> None:
    talk = Talk(make(task=pw.WordTask(own, name="own")))
    key, _, reason = talk.view["task"]["options"][0]
    assert (talk.view["task"]["value"], key) == ("WordTask:own", "WordTask:own")
    assert why in reason
    assert why in talk.view["wanting"]
    assert talk.say("choose", task="WordTask:upos")["wanting"] == ""


def test_a_task_of_ones_own_can_be_chosen_again(make: Make) -> None:
    own = pw.WordTask(lambda example: [form.istitle() for form in example.forms], name="title")
    talk = Talk(make(task=own))
    assert talk.view["task"]["facts"] == ["2 labels of words", "530 words"]
    talk.say("choose", task="WordTask:upos")
    talk.say("choose", task="WordTask:title")
    assert talk.trainer.task is own
    talk.say("train")
    assert talk.trainer.sweep.task == "title"


def test_what_the_trial_meets_is_said_before_it_is_trained(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr("probewidgets.live.forecasting.forecast", fails)
    assert make()._view["cost"] == {"busy": False, "error": "MemoryError: no room", "facts": []}


# --- training ---------------------------------------------------------------------------------------------------------


def test_it_trains_what_its_lines_of_code_train(make: Make, corpus: pw.Corpus, lm: pw.LanguageModel) -> None:
    trainer = make(layers=[0, 2], control=2, pool=pw.pools.last)
    phases: list[str] = []
    trainer.observe(lambda change: phases.append(change.new), "phase")
    wait(trainer.start())
    assert phases == ["running", "done"]
    scope: dict[str, Any] = {"pw": pw}
    lines = trainer.code.splitlines()
    assert [line for line in lines if "..." in line] == [
        "corpus = ...  # the Corpus 'short'", "model = ...  # the LanguageModel 'BertModel'",
    ]  # fmt: skip
    own = {"corpus = ...": corpus, "model = ...": lm}
    for line in lines:
        begin = next((begin for begin in own if line.startswith(begin)), "")
        scope |= {begin[:-6]: own[begin]} if begin else {}
        if not begin:
            exec(line, scope)
    assert repr(scope["sweep"].scores) == repr(trainer.sweep.scores)
    np.testing.assert_array_equal(scope["acts"].states, trainer.acts.states)
    assert trainer.sweep.layers == (0, 2)


def test_scores_appear_layer_by_layer_while_choices_are_locked(talk: Talk) -> None:
    views: list[dict[str, Any]] = []
    talk.trainer.observe(lambda change: views.append(change.new), "_view")
    talk.say("train")
    running = [view for view in views if view["phase"] == "running"]
    assert all(view["locked"] for view in running)
    assert [view["planned"] for view in running] == [[0, 1, 2, 3]] * len(running)
    done = [list(view["scores"]) for view in running]
    assert [layers for layers, before in zip(done[1:], done, strict=False) if layers != before] == [
        ["0"], ["0", "1"], ["0", "1", "2"], ["0", "1", "2", "3"],
    ]  # fmt: skip
    assert {view["working"] for view in running} == {None, 0, 1, 2, 3}
    last = talk.view
    assert (last["phase"], last["locked"], last["working"]) == ("done", False, None)
    assert last["report"][0].startswith("Task 'upos'")
    assert last["status"].startswith("Done: 4 layers in")
    assert last["scores"]["2"].startswith("accuracy ")
    assert talk.trainer._progress == {}


def test_words_that_it_gets_wrong_are_shown_in_place(talk: Talk) -> None:
    wrong = talk.say("train")["wrong"]
    sweep, acts = talk.trainer.sweep, talk.trainer.acts
    errors = pw.ProbeErrors(sweep, acts)
    frame = errors.to_frame()
    errors.close()
    assert wrong["layer"] == sweep.best.layer
    assert (wrong["errors"], wrong["tested"]) == (int((frame["given"] != frame["gold"]).sum()), len(frame))
    pairs = set(zip(frame["word"], frame["gold"], frame["given"], strict=True))
    assert {(row["word"], row["gold"], row["given"]) for row in wrong["rows"]} <= pairs
    texts = [example.text for example in acts.corpus]
    assert all(any((row["before"] + row["word"]).strip("…") in text for text in texts) for row in wrong["rows"])


def test_the_losses_of_the_layer_at_work_can_be_watched(talk: Talk) -> None:
    sent: list[dict[str, Any]] = []
    talk.trainer.observe(lambda change: sent.append(change.new), "_losses")
    talk.say("train")
    last = {each["layer"]: each for each in sent if each}
    assert set(last) == {0, 1, 2, 3}
    for losses in last.values():
        assert [line["name"] for line in losses["lines"]] == ["task", "control"]
        assert (losses["x"], losses["y"]) == ("passes", "loss on train, with its penalty (bits)")
        task = losses["lines"][0]["points"]
        assert task[-1][1] < task[0][1]
    own = talk.trainer.sweep.score(3).dev_loss
    assert last[3]["dev"][0]["points"][-1][1] == pytest.approx(own, abs=1e-3)


def slow(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Fits of the second layer on wait until the event is set."""
    from probewidgets.sweeps.labels import LabelTrial

    go, run = threading.Event(), LabelTrial.run

    def waiting(self: Any, layer: int) -> Any:
        while layer and not go.is_set():
            time.sleep(0.01)
            from probewidgets.probes.watching import watched

            tell = watched()
            assert tell is not None
            tell(Step([0], [1.0], "objective", "pass", 1.0))
        return run(self, layer)

    monkeypatch.setattr(LabelTrial, "run", waiting)
    return go


def until(condition: Any) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_stop_leaves_what_is_done_and_start_goes_on(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    go = slow(monkeypatch)
    trainer = talk.trainer.start()
    until(lambda: trainer.sweep is not None and talk.view["working"] == 1)
    with pytest.raises(WidgetError, match="training already"):
        trainer.start()
    talk.say("stop")
    assert talk.answered
    assert (trainer.phase, trainer.sweep.layers, talk.view["again"]) == ("stopped", (0,), True)
    assert talk.view["status"].startswith("Stopped after ")
    assert talk.view["status"].endswith("1 of 4 layers done")
    assert "layers [0] done" in repr(trainer)
    first = trainer.sweep.scores[0]
    go.set()
    talk.say("train")
    assert trainer.phase == "done"
    assert trainer.sweep.scores[0] is first  # it was not fitted anew


def test_while_it_trains_nothing_else_can_be_chosen(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    go = slow(monkeypatch)
    trainer = talk.trainer.start()
    until(lambda: talk.view["working"] == 1)
    go.set()
    talk.say("choose", control=5)
    assert "stop it first" in talk.refused
    assert trainer.control == 1


def test_another_choice_after_the_end_keeps_the_result_and_says_that_it_is_not_trained(talk: Talk) -> None:
    talk.say("train")
    sweep = talk.trainer.sweep
    view = talk.say("choose", control=3)
    assert (talk.trainer.phase, view["again"], talk.trainer.sweep) == ("choosing", False, sweep)
    assert view["scores"]
    talk.say("choose", control=1)
    assert talk.trainer.phase == "done"
    talk.say("choose", control=3)
    talk.say("train")
    assert talk.trainer.sweep is not sweep


def test_a_failure_in_the_middle_is_told_with_its_traceback_and_what_is_done_stays(make: Make) -> None:
    class Odd(pw.LinearProbe):
        def choose(self, *arguments: Any) -> Any:
            fits.append(len(fits))
            if len(fits) == 3:
                raise MemoryError("no <b>room</b>")
            return super().choose(*arguments)

    fits: list[int] = []
    trainer = make(probe=Odd(l2=1e-2))
    talk = Talk(trainer)
    talk.say("train")
    assert (trainer.phase, trainer.error) == ("failed", "MemoryError: no <b>room</b>")
    assert "in choose" in trainer.traceback
    assert trainer.sweep.layers == (0, 1)
    assert talk.view["status"].startswith("Failed after ")
    talk.say("train")
    assert (trainer.phase, trainer.error, trainer.sweep.layers) == ("done", "", (0, 1, 2, 3))


def test_done_raises_what_went_wrong(make: Make) -> None:
    class Odd(pw.LinearProbe):
        def choose(self, *arguments: Any) -> Any:
            raise MemoryError("no room")

    trainer = make(probe=Odd(l2=1e-2)).start()
    with pytest.raises(WidgetError, match="no room"):
        finished(trainer)


# --- what comes of it -------------------------------------------------------------------------------------------------


def test_the_explorer_and_the_errors_are_opened_inside(talk: Talk) -> None:
    talk.say("open", what="explorer")
    assert "Nothing is trained yet" in talk.refused
    talk.say("train")
    assert talk.say("open", what="explorer")["opened"] == "explorer"
    explorer = talk.trainer.explorer
    assert talk.trainer._inner is explorer
    assert talk.trainer.get_state("_inner")["_inner"] == f"anywidget:{explorer.model_id}"
    assert isinstance(explorer, pw.ProbeExplorer)
    assert talk.say("open", what="errors")["opened"] == "errors"
    assert isinstance(talk.trainer._inner, pw.ProbeErrors)
    assert talk.say("open", what="")["opened"] == ""
    talk.say("open", what="kernel")
    assert "no 'kernel' to be opened" in talk.refused
    talk.say("choose", control=0)
    talk.say("train")
    assert talk.trainer.explorer is not explorer
    assert explorer.comm is None


def test_what_the_host_has_ended_is_made_anew(talk: Talk) -> None:
    talk.say("train")
    for name in ("explorer", "errors"):
        widget = getattr(talk.trainer, name)
        assert getattr(talk.trainer, name) is widget
        widget.comm.close()  # as marimo does when its cell runs again
        again = getattr(talk.trainer, name)
        assert again is not widget
        assert widget.comm is None, "the other is closed, with its thread"
        assert getattr(talk.trainer, name) is again


def test_of_phrases_no_explorer_can_be_opened(make: Make) -> None:
    talk = Talk(make(task=pw.SpanTask("constituents")))
    view = talk.say("train")
    assert view["opens"] == {"explorer": "a typed text has no spans that are known", "errors": ""}


def test_sweep_code_and_notebook_are_saved(talk: Talk, tmp_path: Path) -> None:
    with pytest.raises(WidgetError, match="Nothing is trained yet"):
        talk.trainer.save(tmp_path / "sweep.safetensors")
    talk.say("train")
    talk.trainer.save(tmp_path / "sweep.safetensors")
    again = pw.Sweep.load(tmp_path / "sweep.safetensors")
    assert repr(again.scores) == repr(talk.trainer.sweep.scores)
    talk.trainer.save(tmp_path / "probe.ipynb")
    notebook = nbformat.read(tmp_path / "probe.ipynb", as_version=4)
    nbformat.validate(notebook)
    sources = [cell.source for cell in notebook.cells]
    assert sources[2] == talk.trainer.code
    talk.trainer.save(tmp_path / "probe.py")
    compile((tmp_path / "probe.py").read_text(), "probe.py", "exec")
    talk.trainer.save(tmp_path / "table.csv")
    assert (tmp_path / "table.csv").read_text().count("\n") == 5


def test_the_choices_are_restored(talk: Talk, make: Make, tmp_path: Path) -> None:
    talk.say("choose", task="WordTask:Number", probe="mlp", layers="1-2", pool="last", control=2)
    talk.say("choose", size="12")
    talk.trainer.save(tmp_path / "view.json")
    other = make()
    wait(other.restore(tmp_path / "view.json"))
    assert (other.task, other.probe, other.layers) == ("WordTask:Number", pw.MLPProbe(hidden=12), (1, 2))
    assert (other.pool, other.control) == (pw.pools.last, 2)
    assert other._view["wanting"] == ""
    state = json.loads((tmp_path / "view.json").read_text())
    with pytest.raises(WidgetError, match="control"):
        other.restore({**state, "control": 99})
    assert other.control == 2


def test_without_a_kernel_the_result_can_be_read(talk: Talk) -> None:
    talk.say("train")
    bundle = talk.trainer._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert "image/png" in data
    score = talk.trainer.sweep.score(2).value
    assert f"{score.value:.3f}" in data["text/html"]
    assert "pw.capture(model, corpus, task)" in data["text/html"]
    assert "<script" not in data["text/html"]
    assert f"{score.value:.3f}" in str(talk.trainer)


def test_closing_ends_the_threads_and_frees_the_widget(make: Make) -> None:
    before = threading.active_count()
    trainer = make()
    wait(trainer.start())
    trainer.explorer  # noqa: B018 - it is made
    trainer.close()
    trainer.close()
    until(lambda: threading.active_count() <= before)
    assert trainer.comm is None


def test_a_closed_trainer_that_nobody_holds_is_freed(lm: pw.LanguageModel, corpus: pw.Corpus) -> None:
    trainer = pw.ProbeTrainer(corpus, model=lm, probe=pw.LinearProbe(l2=1e-2))
    wait(trainer.start())
    gone = weakref.ref(trainer)
    trainer.close()
    del trainer
    until(lambda: gc.collect() >= 0 and gone() is None)


# --- losses -----------------------------------------------------------------------------------------------------------


def test_long_lines_are_thinned_and_keep_their_last_point() -> None:
    losses = Losses(3)
    for n in range(1000):
        losses.add(Step([0, 1, 2], [n * np.log(2), 1.0, 3.0], "objective", "pass", 0.1))
    task, control = losses.encoded()["lines"]
    assert len(task["points"]) <= 161
    assert task["points"][-1] == [1000, 999.0]
    assert control["points"][0] == [1, pytest.approx(2 / np.log(2), abs=1e-4)]


def test_of_networks_each_epoch_has_the_best_penalty() -> None:
    losses = Losses(0)
    for penalty, nats in ((0.1, 2.0), (0.01, 1.0)):
        for epoch in range(3):
            losses.add(Step([0], [(nats - 0.1 * epoch) * np.log(2)], "dev", "epoch", penalty))
    encoded = losses.encoded()
    assert (encoded["x"], encoded["y"]) == ("epochs", "cross-entropy on dev (bits)")
    assert encoded["lines"][0]["points"] == [[1, 1.0], [2, 0.9], [3, 0.8]]


def test_a_probe_without_steps_says_so() -> None:
    assert Losses(2).encoded()["note"] == "This probe is solved without steps that could be watched."
    assert Losses().encoded() == {}
