"""Scoring one ad given by its fields."""

import pandas as pd


def score_one(scorer, **fields):
    return scorer.score(pd.DataFrame([fields])).iloc[0].to_dict()
