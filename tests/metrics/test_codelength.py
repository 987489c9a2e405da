from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from probewidgets.errors import ProbeError
from probewidgets.metrics.codelength import Code, Codelength, cut_points, smoothed_bits, uniform_bits
from probewidgets.values import ModelCard


def test_golden_cut_points() -> None:
    ends = (39, 79, 159, 318, 637, 1274, 2489, 4979, 9958, 19916, 39832)
    assert cut_points(39832) == ends


@pytest.mark.parametrize("n", [1, 2, 7, 15, 16, 17, 100, 999, 1000, 1001, 12543])
def test_blocks_grow_are_never_empty_and_end_with_the_last_sentence(n: int) -> None:
    ends = cut_points(n)
    assert ends[-1] == n and ends[0] >= 1
    assert len(ends) <= 11
    assert all(a < b for a, b in pairwise(ends))


def test_golden_uniform_length() -> None:
    assert uniform_bits(950028, 45) / 1024 == pytest.approx(5095.13, abs=0.01)
    assert uniform_bits(10, 2) == 10


def test_bits_are_nats_over_log_2_where_much_is_known_and_never_infinite() -> None:
    rng = np.random.default_rng(0)
    log_proba = np.log(rng.dirichlet(np.ones(4), 50))
    gold = rng.integers(4, size=50)
    nats = -log_proba[np.arange(50), gold]
    np.testing.assert_allclose(smoothed_bits(log_proba, gold, 10**12), nats / np.log(2), rtol=1e-6)
    sure_and_wrong = np.array([[0.0, -np.inf]])
    # K = 2 and 6 labels before: 2 / 16 of the mass is uniform, half of it on the label.
    assert smoothed_bits(sure_and_wrong, np.array([1]), 6) == pytest.approx(4)


def test_smoothed_predictions_are_still_a_distribution() -> None:
    log_proba = np.log(np.random.default_rng(1).dirichlet(np.ones(5), 1)).repeat(5, 0)
    assert (2 ** -smoothed_bits(log_proba, np.arange(5), 3)).sum() == pytest.approx(1)


def value(bits: list[float], **changes: object) -> Codelength:
    codes = (
        Code(0, "task", np.array(bits), 800.0, 10.0),
        Code(0, "control", 2 * np.array(bits), 800.0, 10.0),
        Code(3, "task", np.array(bits) / 2, 800.0, 10.0),
        Code(3, "control", 3 * np.array(bits), 800.0, 10.0, False),
    )
    parts: dict[str, object] = {
        "task": "tag", "unit": "word", "n_labels": 4, "model": ModelCard("made up", n_layers=4), "corpus": "made up",
        "probe": "LinearProbe()", "ends": (250, 500, 1000), "targets": (100, 100, 200), "codes": codes,
    }  # fmt: skip
    return Codelength(**{**parts, **changes})


def test_a_code_is_the_sum_of_its_blocks_and_learning_is_what_is_not_data() -> None:
    length = value([200.0, 100.0, 100.0])
    code = length.code(0)
    assert (code.bits, code.compression, code.model_cost) == (400, 2, 390)
    assert length.code(3, "control").bits == 1200
    assert length.best.layer == 3
    assert (length.layers, length.label_sets, length.n_targets) == ((0, 3), ("task", "control"), 400)
    shortest = "shortest at layer 3: 0.20 kbit, 4.00x shorter than uniform, control 0.67x"
    assert repr(length) == f"Codelength('tag' on 'made up': 2 layers, 400 words in 3 blocks, {shortest})"


def test_the_table_has_a_row_per_layer_and_the_curve_one_per_block() -> None:
    length = value([200.0, 100.0, 100.0])
    table = length.table()
    assert table.index.tolist() == [0, 3]
    assert table.loc[3, "compression"] == 4 and table.loc[3, "control_bits"] == 1200
    assert table.loc[0, "name"] == "0 (embeddings)"
    curve = length.curve()
    assert len(curve) == 2 * 2 * 3
    first = curve[(curve.layer == 3) & (curve.labels == "task")]
    assert first.bits_per_target.tolist() == [1.0, 0.5, 0.25]
    assert first.sentences.tolist() == [250, 500, 1000]


def test_notes_name_what_to_be_careful_about() -> None:
    assert value([200.0, 100.0, 100.0]).notes == ("A fit did not converge at layer 3: raise max_iter (epochs).",)
    few = value([200.0, 100.0, 100.0], ends=(100, 200, 499), codes=(Code(0, "task", np.ones(3), 8, 1),))
    assert "499 training sentences make a short code" in few.notes[0]
    common = value([1.0, 1, 1], codes=(Code(0, "task", np.ones(3), 8, 1), Code(0, "shuffled", np.ones(3), 6, 1)))
    assert "Shuffled labels, too, are sent 2.00x shorter" in common.notes[0]


def test_a_code_that_was_not_made_is_an_error_that_lists_those_that_were() -> None:
    with pytest.raises(
        ProbeError, match=r"no code of 'shuffled' at layer 0: layers \[0, 3\], label sets \['task', 'con"
    ):
        value([1.0, 1, 1]).code(0, "shuffled")
