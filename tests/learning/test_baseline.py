"""The baseline: TF-IDF and a linear SVM, out of fold, as anyone would build it."""

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import roc_auc_score
from sklearn.svm import LinearSVC

from adscreen.learning.baseline import baseline_out_of_fold


def test_the_baseline_is_scikit_learns_fitted_without_the_fold(labelled_ads):
    texts, labels = labelled_ads["description"].tolist(), labelled_ads["label"].to_numpy()
    fold = np.arange(150) % 3
    scores = baseline_out_of_fold(texts, labels, fold)
    seen, held_out = (
        [t for t, f in zip(texts, fold, strict=True) if f],
        [t for t, f in zip(texts, fold, strict=True) if not f],
    )
    words = TfidfVectorizer(ngram_range=(1, 3)).fit(seen)
    svm = LinearSVC(random_state=0).fit(words.transform(seen), labels[fold != 0])
    np.testing.assert_allclose(scores[fold == 0], svm.decision_function(words.transform(held_out)))
    assert roc_auc_score(labels, scores) > 0.9


def test_the_labels_of_a_fold_do_not_change_its_scores(labelled_ads):
    texts, labels = labelled_ads["description"].tolist(), labelled_ads["label"].to_numpy()
    fold = np.arange(150) % 3
    flipped = np.where(fold == 1, 1 - labels, labels)
    there, back = baseline_out_of_fold(texts, labels, fold), baseline_out_of_fold(texts, flipped, fold)
    np.testing.assert_array_equal(there[fold == 1], back[fold == 1])
    assert (there[fold == 0] != back[fold == 0]).any()
