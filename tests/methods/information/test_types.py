from __future__ import annotations

import numpy as np

from probewidgets.methods.information.types import one_hot_types, random_type_vectors, type_means

SURFACE = ("a", "b", "a", "c", "c", "b")
TRAIN = np.array([0, 1, 2])


def test_a_type_has_its_mean_of_train_and_one_that_is_not_there_its_own() -> None:
    states = np.array([[1.0], [2], [3], [4], [6], [100]])
    assert type_means(states, SURFACE, TRAIN)[:, 0].tolist() == [2, 2, 2, 5, 5, 2]


def test_common_types_have_a_column_each_and_others_none() -> None:
    assert one_hot_types(SURFACE, TRAIN).tolist() == [[1, 0], [0, 1], [1, 0], [0, 0], [0, 0], [0, 1]]
    assert one_hot_types(SURFACE, TRAIN, most=1)[:, 0].tolist() == [1, 0, 1, 0, 0, 0]


def test_random_vectors_are_equal_for_equal_words_whatever_their_order() -> None:
    X = random_type_vectors(SURFACE, 8, seed=2)
    np.testing.assert_array_equal(X[0], X[2])
    assert len(np.unique(X, axis=0)) == 3
    np.testing.assert_array_equal(random_type_vectors(SURFACE[::-1], 8, seed=2), X[::-1])
    assert not np.array_equal(random_type_vectors(SURFACE, 8, seed=3), X)
