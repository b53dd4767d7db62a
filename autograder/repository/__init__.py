"""Grading a repository: what git and DVC record in it, and what its stages do when run alone.

    parcel     student's side: a git bundle of all refs, and the remote's objects
    desk       the judge's: `examine` has a parcel read, then each stage run, and compares
    errand     one piece of work in a room that nobody uses again (or in a plain process)
    worker     the other end of an errand
    reading    in a room: the clone, DVC's own view of it, the experiments
    history    in a room: git
    running    in a room: one stage, with what it declares and nothing else
    facts      what the tests see: plain, frozen

No stage shares a room with what reads the repository, nor with another stage, so none can forge
what is said of it: all that a stage can do is to write its outputs.
"""
