"""axe-core inside a page: what it finds, one line each."""

from pathlib import Path

SOURCE = (Path(__file__).parent / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def findings(page, *, within: str = "html", without: tuple[str, ...] = ()) -> list[str]:
    """Every rule that is broken and where, in WCAG 2.2 AA and beyond."""
    page.evaluate(f"(() => {{ {SOURCE} }})()")
    found = page.evaluate(
        "([within, tags, without]) => axe.run(within, {runOnly: tags,"
        " rules: Object.fromEntries(without.map(rule => [rule, {enabled: false}]))})",
        [within, TAGS, list(without)],
    )
    return [
        f"{broken['id']}: {node['target']} {node['failureSummary']}"
        for broken in found["violations"]
        for node in broken["nodes"]
    ]
