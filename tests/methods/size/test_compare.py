from __future__ import annotations

import numpy as np
import pytest

import probewidgets as pw
from probewidgets.errors import ProbeError
from probewidgets.methods.size.compare import compare
from tests.synthetic import activations


def test_a_larger_probe_remembers_more_and_is_less_selective() -> None:
    acts = activations(250, n_types=300, n_labels=8, width=48, layers=(1,))
    probes = {
        "rank 1": pw.LowRankProbe(rank=1, epochs=20),
        "linear": pw.LinearProbe(),
        "MLP 200": pw.MLPProbe(hidden=200, epochs=20),
    }
    found = compare(acts, probes, control=1, progress=False)
    assert list(found.sweeps) == ["rank 1", "linear", "MLP 200"]
    table = found.table().loc[1]
    assert table.loc["rank 1", "control"] < table.loc["linear", "control"] < table.loc["MLP 200", "control"]
    assert table.loc["MLP 200", "selectivity"] < table.loc["linear", "selectivity"]
    assert found.frontier(1)[0] == "rank 1"
    assert 0 < found.hypervolume(1) < 1
    assert repr(found).startswith("Comparison('tag' on 'made up': 3 probes of ")


def test_more_of_shuffled_labels_is_learned_by_a_larger_probe_and_less_under_a_penalty() -> None:
    acts = activations(60, n_types=300, n_labels=8, width=48, layers=(0, 1))
    probes = {
        "rank 1": pw.LowRankProbe(rank=1, epochs=300),
        "held": pw.LinearProbe(l2=10.0),
        "free": pw.LinearProbe(l2=1e-6),
        "MLP 300": pw.MLPProbe(hidden=300, epochs=200),
    }
    found = compare(acts, probes, control=0, memory=True, progress=False)
    majority = np.bincount(acts.targets.y[acts.rows("train")]).max() / len(acts.rows("train"))
    for at, layer in enumerate(found.layers):
        by_heart = {name: values[at] for name, values in found.memory.items()}
        assert by_heart["held"] == pytest.approx(majority, abs=0.05)
        assert by_heart["held"] < by_heart["rank 1"] < by_heart["free"] < by_heart["MLP 300"]
        assert by_heart["MLP 300"] > 0.9
        column = found.table().loc[layer, "memory"]
        assert column.to_dict() == by_heart
        # As many parameters, but another size: the one that is held stands before the smaller one that is not.
        assert found.frontier(layer, memory=True)[0] == "held"
        assert found.frontier(layer)[0] == "rank 1"
    again = compare(acts, {"free": probes["free"]}, control=0, memory=True, progress=False)
    assert again.memory["free"] == found.memory["free"]


def test_all_of_as_few_rows_as_features_is_learned_by_heart_whatever_the_labels() -> None:
    acts = activations(12, width=200, layers=(1,))
    found = compare(acts, {"linear": pw.LinearProbe(l2=1e-8)}, control=0, memory=True, progress=False)
    assert len(acts.rows("train")) < 200
    assert found.memory["linear"] == (1.0,)


def test_the_penalty_is_the_one_of_the_task_and_memory_is_only_known_where_asked_for() -> None:
    acts = activations(60, layers=(1,))
    found = compare(acts, {"chosen": pw.LinearProbe()}, control=0, memory=True, progress=False)
    l2 = found.sweeps["chosen"].score(1).l2
    fixed = compare(acts, {"fixed": pw.LinearProbe(l2=l2)}, control=0, memory=True, progress=False)
    assert found.memory["chosen"] == fixed.memory["fixed"]
    without = compare(acts, [pw.LinearProbe(l2=l2)], control=0, progress=False)
    assert "memory" not in without.table()
    with pytest.raises(ProbeError, match=r"use compare\(\.\.\., memory=True\)"):
        without.frontier(1, memory=True)


def test_the_control_tasks_are_the_same_for_every_probe() -> None:
    acts = activations(60)
    found = compare(acts, [pw.LinearProbe(l2=1e-3), pw.LinearProbe(l2=2e-3)], control=2, progress=False)
    first, second = found.sweeps.values()
    assert first.baseline("control chance") == second.baseline("control chance")


def test_a_uniform_control_task_is_that_of_every_probe() -> None:
    control = pw.ControlTask(1, uniform=True)
    found = compare(
        activations(60), [pw.LinearProbe(l2=1e-3), pw.LinearProbe(l2=2e-3)], control=control, progress=False
    )
    assert [one.settings["control sampling"] for one in found.sweeps.values()] == ["uniform", "uniform"]
    assert (found.table()["control_sampling"] == "uniform").all()


def test_states_that_carry_the_label_cover_more_room() -> None:
    found = compare(activations(120), [pw.LowRankProbe(rank=1), pw.LinearProbe()], control=0, progress=False)
    assert found.hypervolume(1) > found.hypervolume(0) + 0.1
    assert "control" not in found.table()


def test_probes_that_have_a_seed_are_trained_from_several() -> None:
    probes = {"linear": pw.LinearProbe(l2=1e-3), "MLP": pw.MLPProbe(hidden=3, epochs=2)}
    found = compare(activations(60), probes, control=0, seeds=2, progress=False)
    assert [len(one.score(1).seed_accuracies) for one in found.sweeps.values()].count(2) == 1
    assert found.table().loc[(1, "MLP"), "seeds_sd"] > 0
    assert np.isnan(found.table().loc[(1, "linear"), "seeds_sd"])


def test_parameters_are_those_that_are_trained() -> None:
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 7)), np.arange(60) % 3
    sizes = {probe: probe.n_parameters(probe.fit(X, y)) for probe in (pw.LinearProbe(), pw.LowRankProbe(rank=2))}
    assert list(sizes.values()) == [3 * 7 + 3, 2 * 7 + 2 + 3 * 2 + 3]
    deep = pw.MLPProbe(hidden=(5, 4), epochs=1)
    assert deep.n_parameters(deep.fit(X, y)) == 5 * 7 + 5 + 4 * 5 + 4 + 3 * 4 + 3


@pytest.mark.parametrize("probes", [[], [pw.LinearProbe(), pw.LinearProbe()], ["linear"]])
def test_what_is_no_set_of_probes_is_refused(probes: list[object]) -> None:
    with pytest.raises(ProbeError, match="compare takes"):
        compare(activations(30), probes, progress=False)  # type: ignore[arg-type]
