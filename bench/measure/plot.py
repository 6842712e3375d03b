"""Bars on a logarithmic axis as SVG: a group for each work, a bar for each peer, with least and most."""

import html
import math

COLOURS = {"sessions": "#1f6fb4", "etcd": "#d9822b", "zookeeper": "#5a9e4b", "echo": "#9a9a9a"}
WIDTH, LABELS, RIGHT, BAR, GAP, TOP = 900, 330, 90, 15, 13, 58


def bars(title, groups, names, number):
    """`groups`: [(work, [(peer, spread)])]."""
    spreads = [values for _, group in groups for _, values in group]
    low = math.floor(math.log10(min(values.least for values in spreads)))
    high = math.ceil(math.log10(max(values.most for values in spreads)))

    def x(value):
        place = (math.log10(max(value, 10**low)) - low) / max(high - low, 1)
        return LABELS + place * (WIDTH - LABELS - RIGHT)

    parts, y = [], TOP
    for work, group in groups:
        parts.append(text(LABELS - 8, y + len(group) * BAR / 2 + 4, work, "end"))
        for peer, values in group:
            middle = y + BAR / 2
            parts.append(
                f'<rect x="{LABELS}" y="{y + 1}" width="{x(values.median) - LABELS:.1f}" height="{BAR - 2}" '
                f'fill="{COLOURS[peer]}"/><path d="M{x(values.least):.1f} {middle}H{x(values.most):.1f}" '
                f'stroke="#222" stroke-width="1.5"/>')
            parts.append(text(x(values.most) + 5, middle + 4, number(values.median), "start"))
            y += BAR
        y += GAP
    grid = "".join(
        f'<path d="M{x(10**power):.1f} {TOP - 8}V{y - GAP + 4}" stroke="#ddd"/>'
        + text(x(10**power), y + 8, f"{10.0**power:g}", "middle")
        for power in range(low, high + 1))
    legend = "".join(
        f'<rect x="{LABELS + i * 140}" y="32" width="11" height="11" fill="{COLOURS[peer]}"/>'
        + text(LABELS + i * 140 + 16, 42, names[peer], "start")
        for i, peer in enumerate(COLOURS) if any(peer == one for _, group in groups for one, _ in group))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y + 20}" '
        'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>'
        f'<text x="12" y="20" font-size="14">{html.escape(title)}</text>{grid}{"".join(parts)}{legend}</svg>\n')


def text(x, y, content, anchor):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{html.escape(content)}</text>'
