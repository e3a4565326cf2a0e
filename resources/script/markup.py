"""Searches in documents, by the packages lxml and cssselect; HTML by selectolax, as browsers read it."""

import re

import lxml.etree
import selectolax.lexbor

from .steps import PeerMisbehaved, tell

MOST_ENTITY = 1_000_000
"""Characters that an entity may become."""
ENTITY = re.compile(r'<!ENTITY\s+(\w+)\s+(SYSTEM\s+)?"([^"]*)"')


class Found:
    """What a search found. value: of what is no node; place: of the first hit."""

    def __init__(self, document, kind, by, search, namespace="", timeout_s=5.0):
        text = document.decode()
        self.value = self.problems = self.hint = self.place = self.text = self.markup = ""
        hits = self.in_html(text, search) if kind == "html" else self.in_xml(text, by, search, namespace)
        self.total = len(hits)
        if hits:
            tag = hits[0].tag.rpartition("}")[2]
            place = re.search(rf"<{tag}\b", text)
            self.place = f"octet {place.start()}" if place else "not in the source"
        tell(self.value or f"{self.total} hits{f', the first {self.place}' if hits else ''}{self.hint}")

    def in_html(self, text, search):
        return selectolax.lexbor.LexborHTMLParser(text).css(search)

    def in_xml(self, text, by, search, namespace):
        self.problems = check_entities(text)
        # What stands in another file is not followed, whatever the document declares.
        parser = lxml.etree.XMLParser(resolve_entities=not self.problems, load_dtd=False, no_network=True)
        root = lxml.etree.fromstring(text.encode(), parser)
        if by == "css":
            search = re.sub(r"(\w+)", r"*[local-name()='\1']", f"//{search}")
        prefix, _, name = namespace.partition("=")
        found = root.xpath(search, namespaces={prefix: name} if prefix else None)
        if isinstance(found, list):
            if not found and root.nsmap:
                self.hint = "; the document has a namespace, and a name without a prefix means none"
            return found
        self.value = str(found)
        return []


def check_entities(text):
    """Their names for what is wrong. Raises: PeerMisbehaved: one of them would become too large."""
    sizes, problems = {}, ""
    for name, is_external, value in ENTITY.findall(text):
        if is_external:
            problems = "external-entity"
            continue
        inner = re.findall(r"&(\w+);", value)
        sizes[name] = len(re.sub(r"&\w+;", "", value)) + sum(sizes.get(one, 0) for one in inner)
        if sizes[name] > MOST_ENTITY:
            raise PeerMisbehaved(f"the entity {name} would become {sizes[name]:,} characters")
    return problems
