"""Bad values: what somebody may type in any field, by the row of the bad-input matrix (docs/security-rows.md)."""

from __future__ import annotations

PAYLOADS = {
    "B-1 empty": "",
    "B-2 no-break spaces": "\u00a0 \u202f",
    "B-2 zero width": "\u200b\u200d\u2060",
    "B-3 NUL alone": "\x00",
    "B-3 NUL inside": "a\x00b",
    "B-4 header": "Camille\r\nBcc: victim@example.org",
    "B-5 controls": "a\x0b\x1b[31m\x07b",
    "B-5 next line": "a\x85b",
    "B-6 ten thousand": "a" * 10_000,
    "B-6 sixty thousand": "é " * 30_000,
    "B-7 decomposed": "e\u0301" * 5_000,
    "B-9 script": "<script>alert(1)</script>",
    "B-9 image": '"><img src=x onerror=alert(1)>',
    "B-9 drawing": "<svg/onload=alert(1)>",
    "B-10 template": "{{7*7}}${7*7}#{7*7}{%raise%}",
    "B-11 quotes": "' OR '1'='1",
    "B-11 union": "1) UNION SELECT * FROM staff--",
    "B-11 pattern": "%_\\",
    "B-12 formula": "=1+1",
    "B-12 full width": "\uff1d1+1",
    "B-13 path": "../../etc/passwd",
    "B-13 drive": "C:\\con",
    "B-14 format": "%s%n%(x)s{0}{x!r}",
    "B-16 bidi": "\u202etxt\u2066\ufeff",
    "B-17 zero width address": "a\u200bb@example.org",
    "B-18 homoglyph": "c\u0430mille.tremblay@example.org",
    "B-19 full width address": "ｃａｍｉｌｌｅ.tremblay@example.org",
    "B-20 combining": "o" + "\u0301" * 500,
    "B-21 emoji": "👩‍👩‍👧‍👦🇨🇦𝒳",
    "B-23 negative": "-1",
    "B-23 endless": "9" * 400,
    "B-23 more than a number may have": "9" * 5_000,
    "B-23 infinite": "1e309",
    "B-23 not a number": "NaN",
    "B-23 truth": "true",
    "B-23 hexadecimal": "0x10",
    "B-23 full width digits": "１２",
    "B-24 zero": "0",
    "B-24 just too large": str(2**63),
    "B-27 date": "2026-02-30",
    "B-27 year zero": "0000-00-00",
    "B-29 two addresses": "a@example.org, b@example.org",
    "B-29 no dot": "a@b",
    "B-29 long": "a" * 300 + "@example.org",
    "B-29 quoted": '"a b"@example.org',
    "B-30 script address": "javascript:alert(1)",
    "B-42 elsewhere": "//x.example",
    "noncharacter": "a\ufffeb\U0010ffff",
    "line separators": "a\u2028b\u2029c",
}
FEW = {
    name: PAYLOADS[name]
    for name in ("B-3 NUL inside", "B-11 quotes", "B-21 emoji", "B-24 just too large", "noncharacter")
}
"""What databases take differently."""

HOSTILE = [value for name, value in PAYLOADS.items() if name.startswith(("B-4", "B-9", "B-16", "B-21"))]

QUERIES = (
    "next", "before", "after", "table", "row", "field", "kind", "state", "ended", "show", "changed", "unchanged", "page",
    "per_page", "id[]", "email",
)  # fmt: skip
"""Every name a page reads from its query, and some that none does."""
