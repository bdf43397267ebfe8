"""What every template keeps to, read from the files themselves."""

from __future__ import annotations

import re

from instrument_share.foundation.paths import shipped

#: Narrow pages turn tables into blocks, which takes their meaning away unless it is written out.
ROLES = {
    "table": {"table", "presentation"},
    "thead": {"rowgroup"},
    "tbody": {"rowgroup"},
    "tfoot": {"rowgroup"},
    "tr": {"row"},
    "th": {"columnheader", "rowheader"},
    "td": {"cell"},
}
TAG = re.compile(r"<(table|thead|tbody|tfoot|tr|th|td)\b([^>]*)")
ROLE = re.compile(r'role="(\w+)"')


def test_tables_written_by_hand_say_their_roles():
    folder = shipped("templates")
    wrong = []
    for page in sorted(folder.rglob("*.html")):
        if page.name == "mail.html":
            continue  # mail programs read a layout table, and no sheet of ours
        for found in TAG.finditer(page.read_text("utf-8")):
            role = ROLE.search(found[2])
            if (role[1] if role else None) not in ROLES[found[1]]:
                wrong.append((page.name, found[0]))
    assert wrong == []
