"""Hyperscan doing the matching alone, one thread: the words and regular expressions of the inspection benchmark over its
transcripts, without roles, order, counts or evidence.

Reads a line of JSON, a list of expressions, and then a transcript a line with tabs between turns. Every expression is told
once for each transcript at most, which is the least that Hyperscan can do. Writes one line of JSON.
"""

import json
import sys
import time

try:
    import hyperscan
except ImportError:
    sys.exit("this Python has no package hyperscan")

expressions = [expression.encode() for expression in json.loads(sys.stdin.buffer.readline())]
transcripts = [line.rstrip(b"\n").replace(b"\t", b"\n") for line in sys.stdin.buffer]

started = time.thread_time()
flags = hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_MULTILINE
database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
database.compile(expressions=expressions, ids=list(range(len(expressions))), flags=[flags] * len(expressions))
compiled = time.thread_time()

for transcript in transcripts:
    database.scan(transcript, match_event_handler=None)
silent = time.thread_time()

told = 0


def count(*_match):
    global told
    told += 1


for transcript in transcripts:
    database.scan(transcript, match_event_handler=count)
telling = time.thread_time()

print(
    json.dumps(
        {
            "version": hyperscan.__version__,
            "compile_s": compiled - started,
            "silent_s": silent - compiled,
            "telling_s": telling - silent,
            "told": told,
        }
    )
)
