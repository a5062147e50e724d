# %% [markdown]
# # A tour of Ebbmark
#
# A notebook in plain Python: run it as a whole (`python tour.py`), or cell by cell in an editor that knows `# %%`. It needs
# matplotlib for its last cell, which draws a memory fading into `fading.png`.

# %%
from __future__ import annotations

from datetime import UTC, datetime, timedelta

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from ebbmark import ManualClock, Store, field

# %% [markdown]
# A clock that stands still lets us live through a year in a moment. A store in memory leaves no file behind.

# %%
clock = ManualClock(datetime(2026, 1, 5, 9, tzinfo=UTC))
store = Store(":memory:", clock=clock)
mara = store.tenant("acme", user="Mara")

# %% [markdown]
# ## What was said, and what is believed
#
# Claims are drawn from what is said, by rules. A later one takes the place of an earlier one, and the store can say why.

# %%
mara.add("I live in Berlin and I work at Initech.", session="january")
clock.set(clock.now() + timedelta(days=30))
moved = mara.add("I moved to Porto!", session="february").facts[0].verdict
print(moved.outcome, "-", moved.reason)
print([fact.text for fact in mara.facts("Mara")])
print("in January:", mara.facts("Mara", "lives_in", valid_at=datetime(2026, 1, 10, tzinfo=UTC))[0].object)

# %% [markdown]
# ## Finding
#
# By words, vectors, and what stands around them; narrowed by conditions; with the reasons of each hit.

# %%
mara.add("The invoice of the boat yard is still open.", metadata={"amount": 1200, "tags": ["boat"]})
mara.add("The invoice of the baker is paid.", metadata={"amount": 12})
for hit in mara.search("invoice", where=field("amount") > 100):
    print(f"{hit.score:.2f} {hit.text}  <- {hit.why}")
print(mara.context("What is to be paid?", budget_tokens=200).text)

# %% [markdown]
# ## Fading
#
# What is not used fades, by kind: where somebody works stays longer than what somebody would like. What is used lasts longer
# each time.

# %%
liked = mara.assert_fact("Mara", "likes", "oolong tea").id
hopes = mara.assert_fact("Mara", "hopes_for", "a dog", kind="hypothesis").id
begin, days = clock.now(), range(181)
left: dict[str, list[float]] = {"a preference": [], "the same, used every 30 days": [], "a hypothesis": []}
used = store.tenant("used").assert_fact("Mara", "likes", "oolong tea").id
for day in days:
    clock.set(begin + timedelta(days=day))
    if day and day % 30 == 0:
        store.tenant("used").reinforce(used)
        store.tenant("used").flush_uses()
    left["a preference"].append(mara.memory(liked).retention)
    left["the same, used every 30 days"].append(store.tenant("used").memory(used).retention)
    left["a hypothesis"].append(mara.memory(hopes).retention)

# %%
figure, axes = plt.subplots(figsize=(7, 4))
for name, shares in left.items():
    axes.plot(days, shares, label=name)
axes.axhline(0.1, color="grey", linestyle=":", label="what is not believed dissolves")
axes.set(title="What is left of a memory", xlabel="days", ylabel="retention", ylim=(0, 1.02))
axes.legend()
figure.tight_layout()
figure.savefig("fading.png", dpi=120)
print("fading.png")

# %%
store.close()
