"""The runner of the corpus in `conformance/`: scenarios that every binding runs with equal results.

`run` runs one scenario through the public Python API, and raises `Wrong` if it shows something else than it
expects:

    from conformance import run

    said = {"do": "add", "episodes": [{"text": "green tea"}], "as": ["a"]}
    run({"steps": [said, {"do": "search", "text": "tea", "ids": ["a"]}]})

The steps are in the modules `records`, `truth`, `retrieval`, `knowledge`, `forgetting` and `limits`, each
under the name that the corpus has for it, with the fields that it reads and those that it shows. A step or
a field that is none of these is `Wrong`, too.
"""

from conformance.corpus import FOLDERS, Scenario, corpus, labelled, scenarios
from conformance.run import expectations, run
from conformance.steps import Wrong

__all__ = ["FOLDERS", "Scenario", "Wrong", "corpus", "expectations", "labelled", "run", "scenarios"]
