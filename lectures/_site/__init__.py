"""The docs site's own part: two Markdown extensions and a few theme overrides.

`run_fences` executes ` ```python run ` fences and draws ` ```dot ` ones; `directives` replaces
lines such as `{{ quiz }}` by what `derived` makes for them. Both are plain Python-Markdown
extensions, so that they outlive the generator. Slides and handouts are the page itself, by scripts
and styles in `overrides/assets`.
"""
