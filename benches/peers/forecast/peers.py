"""Forecasts of other packages for one split of a series; prints one line of JSON per model.

usage: peers.py FILE.csv TRAIN_INTERVALS SLOTS_A_DAY

FILE.csv has interval_start and calls; the first TRAIN_INTERVALS rows are known, the rest is forecast in one go at the
starts that it really has.
"""

import json
import logging
import sys
import time
import warnings

import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)


def told(name, started, forecast, actual):
    wape = 100 * np.abs(forecast - actual).sum() / actual.sum()
    print(json.dumps({"model": name, "wape": wape, "seconds": time.perf_counter() - started}), flush=True)


def prophet(train, test, hours):
    """Tuned by hand: multiplicative, a season of the day for each weekday, a season of the month."""
    from prophet import Prophet

    started = time.perf_counter()
    model = Prophet(
        seasonality_mode="multiplicative",
        daily_seasonality=False,
        weekly_seasonality=False,
        yearly_seasonality=False,
        changepoint_prior_scale=0.05,
        uncertainty_samples=0,
    )
    frames = []
    for frame in (train, test):
        frame = frame.rename(columns={"interval_start": "ds", "calls": "y"}).copy()
        for day in range(7):
            frame[f"day{day}"] = frame["ds"].dt.dayofweek == day
        frames.append(frame)
    for day in sorted(train["interval_start"].dt.dayofweek.unique()):
        model.add_seasonality(f"daily{day}", period=1, fourier_order=10, condition_name=f"day{day}")
    model.add_seasonality("weekly", period=7, fourier_order=3)
    model.add_seasonality("monthly", period=30.5, fourier_order=5)
    model.fit(frames[0])
    said = model.predict(frames[1])["yhat"].to_numpy().clip(0)
    told("prophet, multiplicative, tuned", started, said, test["calls"].to_numpy())


def prophet_default(train, test):
    from prophet import Prophet

    started = time.perf_counter()
    model = Prophet(uncertainty_samples=0)
    model.fit(train.rename(columns={"interval_start": "ds", "calls": "y"}))
    said = model.predict(test.rename(columns={"interval_start": "ds"}))["yhat"].to_numpy().clip(0)
    told("prophet, as it comes", started, said, test["calls"].to_numpy())


def stats(train, test, slots):
    from statsforecast.models import MSTL, AutoETS, SeasonalNaive

    calls, actual = train["calls"].to_numpy(dtype=float), test["calls"].to_numpy(dtype=float)
    week = 5 * slots
    for name, model in (
        ("statsforecast MSTL", MSTL(season_length=[slots, week], trend_forecaster=AutoETS(model="ZZN"))),
        ("statsforecast seasonal naive (a week ago)", SeasonalNaive(season_length=week)),
    ):
        started = time.perf_counter()
        said = model.forecast(y=calls, h=len(actual))["mean"]
        told(name, started, np.asarray(said).clip(0), actual)


def main():
    frame = pd.read_csv(sys.argv[1], parse_dates=["interval_start"])
    known, slots = int(sys.argv[2]), int(sys.argv[3])
    train, test = frame.iloc[:known], frame.iloc[known:]
    stats(train, test, slots)
    prophet_default(train, test)
    prophet(train, test, slots)


main()
