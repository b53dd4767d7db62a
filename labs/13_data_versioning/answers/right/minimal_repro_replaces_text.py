"""Changes one line of the text; commits before it pushes."""

import re


def minimal_repro(folder, name, value):
    section, key = name.split(".")
    file = folder / "params.yaml"
    pattern = rf"(^{section}:\n(?:  .*\n)*?  {key}: ).*$"
    file.write_text(re.sub(pattern, rf"\g<1>{value}", file.read_text(), flags=re.M))
    dvc(folder, "repro", "-q")
    git(folder, "commit", "-q", "-a", "-m", "change")
    dvc(folder, "push", "-q")
