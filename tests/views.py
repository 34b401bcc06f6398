"""What a reader sees of a page in the browser's window."""

from __future__ import annotations

from playwright.sync_api import Page as Tab

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 390, "height": 800}


def in_view(tab: Tab, identifier: str) -> bool:
    """Wait until scrolling has ended, and tell whether the top of an element is in the window and not covered."""
    tab.wait_for_load_state()
    tab.wait_for_function(
        "() => { const y = scrollY, still = window.pbY === y; window.pbY = y; return still; }", polling=150
    )
    return tab.evaluate(
        """id => {
          const element = document.getElementById(id), box = element.getClientRects()[0];  // the first line
          const y = box.top + Math.min(8, box.height / 2), x = Math.min(box.left + 20, innerWidth - 2);
          if (y < 0 || y > innerHeight) return false;
          const top = document.elementFromPoint(x, y);
          return top === null || element.contains(top) || top.contains(element);
        }""",
        identifier,
    )
