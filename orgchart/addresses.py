class CodeConverter:
    """An organization's code as one part of an address, whatever it holds.

    A server decodes %2F before it looks for the page, so a slash needs another way through.
    """

    regex = "[^/]+"

    def to_url(self, value: str) -> str:
        safe = value.replace("~", "~7e").replace("/", "~2f")
        # A part of dots only would be walked up by the browser.
        return safe.replace(".", "~2e") if not safe.strip(".") else safe

    def to_python(self, value: str) -> str:
        return value.replace("~2e", ".").replace("~2f", "/").replace("~7e", "~")
