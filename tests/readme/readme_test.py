#!/usr/bin/env python3
"""Follows README's quick start and compares what README shows with what comes out.

readme_test.py BUILD_DIRECTORY [--write]     --write puts what came out into README in place of what it shows
"""
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile

README = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "README.md")
BLOCK = re.compile(r"```(\w*)\n(.*?)\n```", re.S)
# A block of what is typed or asked, then, with nothing but white space between, what it prints.
SHOWN = re.compile(r"```(|sql)\n([^`]*?)\n```\n\n```text\n(.*?)\n```", re.S)


def lines(text):
    return "\n".join(line.rstrip() for line in text.rstrip("\n").split("\n"))


class QuickStart:
    def __init__(self, build, folder):
        self.build = build
        self.folder = folder
        self.server = None
        self.url = None

    def run(self, command):
        """A command of README, with the programs of this build and the server's real port."""
        words = shlex.split(command)
        program = os.path.basename(words[0])
        words[0] = os.path.join(self.build, program)
        if program == "serve":
            words[:1] = [os.path.join(self.build, "crmsink"), "serve", "--listen", "127.0.0.1:0", "--admin-listen",
                         "127.0.0.1:0"]
            self.server = subprocess.Popen(words, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                           text=True)
            self.url = self.server.stdout.readline().split()[1]
            return ""
        words = [word.replace("http://127.0.0.1:8080", self.url or "") for word in words]
        return subprocess.run(words, cwd=self.folder, check=True, capture_output=True, text=True).stdout

    def stop(self):
        if self.server is not None:
            self.server.send_signal(signal.SIGTERM)
            self.server.wait()


def main():
    build, write = os.path.abspath(sys.argv[1]), "--write" in sys.argv[2:]
    with open(README, encoding="utf-8") as file:
        readme = file.read()
    differences = 0
    with tempfile.TemporaryDirectory() as folder:
        start = QuickStart(build, folder)
        try:
            for language, text in BLOCK.findall(readme):
                if language == "" and text.startswith("tools/"):
                    start.run(text)

            def shown(match):
                nonlocal differences
                language, asked, expected = match.groups()
                query = ["build/release/crmsink", "query", "--format", "table", asked]
                actual = lines(start.run(shlex.join(query) if language == "sql" else asked))
                if actual != lines(expected):
                    differences += 1
                    print(f"{asked}\nREADME shows:\n{expected}\nit prints:\n{actual}\n")
                fence = "```" + language
                return f"{fence}\n{asked}\n```\n\n```text\n{actual}\n```"

            compared = len(SHOWN.findall(readme))
            written = SHOWN.sub(shown, readme)
        finally:
            start.stop()
    if write:
        with open(README, "w", encoding="utf-8") as file:
            file.write(written)
        return 0
    print(f"{compared} outputs compared, {differences} differ")
    return 0 if compared > 10 and differences == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
