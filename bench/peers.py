"""The nearest page of Horilla at 10,000 people, measured on 22 November 2026 on a machine of the same size.

(1.x, 2.x) seconds; None where it has no such page or it was not measured.
"""

PEERS: dict[str, tuple[float | None, float | None]] = {
    "home dashboard": (2.20, 1.07),
    "employee list": (7.07, 5.4),
    "employee search": (0.965, None),
    "performance dashboard, admin": (6.78, 2.15),
    "performance dashboard, manager": (1.77, 1.96),
    "objective list, manager": (11.96, 5.2),
    "objective detail": (5.05, 4.45),
    "feedback list": (12.36, 12.2),
    "feedback detail": (3.53, 0.712),
    "feedback overview": (1.74, 0.472),
    "org chart, top": (473.8, 71.3),
    "org chart, manager": (2.04, 0.927),
}
