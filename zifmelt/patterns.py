"""Regular expressions that the rules of the workflow know names and paths by."""

import re
from collections import defaultdict
from collections.abc import Iterable


def one_of(names: Iterable[str]) -> str:
    """Return a pattern that matches exactly some names.

    Snakemake compiles a rule's pattern for each of its files. Of hundreds of paths it stays short because
    folders with the same content are written together: ``(?:ZIF-4|ZIF-zni)/(?:(?:r1|r2))``.

    Parameters
    ----------
    names
        Names, or paths with ``/`` between their parts.

    Returns
    -------
    str
        Regular expression; one that matches nothing if there are no names.
    """
    below: dict[str, set[str]] = defaultdict(set)
    for name in names:
        first, slash, rest = name.partition("/")
        below[first].add(slash + rest)
    alike: dict[str, list[str]] = defaultdict(list)
    for first, rests in below.items():
        deeper = one_of(sorted(rest[1:] for rest in rests if rest))
        pattern = f"/(?:{deeper})" if any(rests) else ""
        alike[f"(?:{pattern})?" if pattern and "" in rests else pattern].append(re.escape(first))
    return "|".join(f"(?:{'|'.join(firsts)}){pattern}" for pattern, firsts in alike.items()) or "(?!)"
