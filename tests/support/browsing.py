"""A Chromium that Debian installed, driven by Playwright, and axe for accessibility."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

#: Said once more than Playwright says it, whose list ours replaces: what it needs to steer the browser, and what a
#: window loads for its own sake. The last two are pages behind the address line, which nobody sees here: they cost each
#: window more than all pages of a test.
_LEFT_OUT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "PreconnectToSearch",
    "Translate",
    "SpareRendererForSitePerProcess",
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--disable-extensions",
    "--disable-renderer-backgrounding",
    "--disable-background-timer-throttling",
    f"--disable-features={','.join(_LEFT_OUT)}",
    "--renderer-process-limit=1",  # for each profile: a process costs more than most pages
    "--mute-audio",
    "--js-flags=--no-opt --no-maglev",  # most scripts run once: to compile them well costs more
)
#: The same browser without windows takes two thirds of the time.
_NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "chrome",
)
_RUN = """async ([options, measured]) => {
  const chosen = ofEachKind(new Set(measured));
  for (const element of chosen.values()) element.setAttribute('data-kind-of-text', '');
  axe.configure({rules: [{id: 'color-contrast', selector: '[data-kind-of-text]'}]});
  const told = await axe.run(document, options);
  for (const element of chosen.values()) element.removeAttribute('data-kind-of-text');
  return [told.violations, [...chosen.keys()].filter(kind => !kind.startsWith('!'))];
}"""
#: Contrast is what a look is spent on, so it is measured once for each kind of text in all looks of a process: texts
#: are of one kind when they are written alike, stand on backgrounds that are written alike, all the way up, and are as
#: visible as each other. What is positioned may lie on anything: each of those is its own kind (`!`), in each look.
_KINDS = """
window.ofEachKind = measured => {
  const grounds = new Map(), chosen = new Map();
  const digest = text => {  // 53 bits of it (cyrb53)
    let a = 0xdeadbeef, b = 0x41c6ce57;
    for (let i = 0; i < text.length; i++) {
      a = Math.imul(a ^ text.charCodeAt(i), 2654435761);
      b = Math.imul(b ^ text.charCodeAt(i), 1597334677);
    }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
    return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
  };
  const name = (below, ...parts) => (below.startsWith('!') ? '!' : '') + digest([below, ...parts].join('|'));
  const ground = element => {
    if (!element) return 'nothing';
    if (!grounds.has(element)) {
      const s = getComputedStyle(element), below = ground(element.parentElement);
      const stays = s.position === 'static' || s.position === 'relative';
      grounds.set(element, name(
        stays ? below : `!${below}${grounds.size}${s.position}`,
        s.backgroundColor, s.backgroundImage, s.backgroundClip, s.opacity, s.filter, s.mixBlendMode, s.clip,
        s.clipPath, s.transform, s.zIndex, element.matches(':disabled'), element.inert, element.ariaDisabled));
    }
    return grounds.get(element);
  };
  const speaks = element => element.matches('input, select, textarea, button')
    || [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
  for (const element of document.body.querySelectorAll('*')) {
    if (!speaks(element) || !element.checkVisibility({visibilityProperty: true})) continue;
    const s = getComputedStyle(element), box = element.getBoundingClientRect();
    const shown = [box.width > 1, box.height > 1, box.right > 0, box.bottom > 0, box.left < innerWidth];
    const kind = name(
      ground(element), element.tagName, element.type, s.color, s.fontSize, s.fontWeight, s.textShadow,
      s.webkitTextStroke, element.control?.disabled, ...shown);
    if (!measured.has(kind) && !chosen.has(kind)) chosen.set(kind, element);
  }
  return chosen;
};
true;  // Playwright calls a script that is a function
"""
#: Kinds of text that looks of this process have measured, and found well to be told from what they stand on.
_measured: set[str] = set()
_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def chromium() -> str:
    """The path of a Chromium; without one the test skips, or fails when REQUIRE_BROWSER=1."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found:
        return found
    reason = "no Chromium found (Debian: apt-get install chromium-headless-shell)"
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@contextlib.contextmanager
def launched() -> Iterator[Browser]:
    """A headless browser for this process."""
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@dataclass
class Watch:
    """What no page of ours may do: call another host, break our content policy, throw in a script."""

    complaints: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        page.on("request", self._on_request)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))

    def _on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and parts.hostname not in ("127.0.0.1", "localhost"):
            self.complaints.append(f"request to another host: {request.url}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.complaints.append(message.text)


def axe(page: Page) -> None:
    """Assert that axe finds nothing on the page (WCAG 2.2 AA and best practice); list what it found."""
    options = {"runOnly": list(_RULES), "resultTypes": ["violations"]}  # the rest is not described
    if not page.evaluate("'axe' in window"):  # a page is often looked at twice, wide and narrow
        page.evaluate(_script())
    found, kinds = page.evaluate(_RUN, [options, list(_measured)])
    assert not found, f"axe on {page.url}:\n" + "\n".join(
        _finding_in_words(violation) for violation in found
    )
    _measured.update(kinds)


@functools.cache
def _script() -> str:
    return str(Axe().axe_script) + _KINDS


def _finding_in_words(violation: dict[str, Any]) -> str:
    places = "\n".join(
        f"      {' '.join(map(str, node['target']))}\n        {node['html'][:160]}\n"
        f"        {' '.join(node['failureSummary'].split())}"
        for node in violation["nodes"][:5]
    )
    more = len(violation["nodes"]) - 5
    rest = f"\n      and {more} more" if more > 0 else ""
    return f"  [{violation['impact']}] {violation['id']}: {violation['help']}\n{places}{rest}"
