"""Python in the page: what a reader's browser gets to judge a task that is tried there.

The Python modules of this folder run in the page (in Pyodide), beside the lab's own visible tests.
The JavaScript modules run the page: `worker.mjs` as it is, the others bundled into one `cell.js`.
"""
