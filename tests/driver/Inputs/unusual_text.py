"""unusual_text.py FOLDER SOURCE: SOURCE in unusual forms, each in a folder of its own."""

import os
import sys

folder, source = sys.argv[1:]
with open(source, encoding="utf-8") as file:
    program = file.read()


def write(name, data):
    os.makedirs(os.path.join(folder, name))
    with open(os.path.join(folder, name, "a.py"), "wb") as file:
        file.write(data)


PYTHON_2 = '''\
import sys
print "x", 1
print >>sys.stderr, "y"
exec "z = 1" in {}
number = 0777 + 10L + ur"x".count(u"y")
text = `number`
if number <> 3: pass
def old((a, b), c):
    try:
        raise ValueError, "x"
    except (ValueError, OSError), error:
        print error
    return a
class Old:
    def next(self): yield 1
if False:
    raise ValueError, "x", None
'''
plain = program.encode()
write("bom", b"\xef\xbb\xbf" + plain)
write("tabs", plain.replace(b"    ", b"\t"))
write("mixed", b"def f():\n        x = 1\n\ty = 2\n\treturn y\n" + plain)
write("latin", b"# -*- coding: latin-1 -*-\nname = '\xe9'\n" + plain)
write("feeds", b"\x0c\n" + plain.replace(b"\n\n", b"\n\x0c\n") + b"\x0c")
write("crlf", plain.replace(b"\n", b"\r\n"))
write("carriage", plain.replace(b"\n", b"\r"))
write("python2", PYTHON_2.encode() + plain)
write("utf16", ("\ufeff" + program).encode("utf-16-le"))
write("utf16-other-end", ("\ufeff" + program).encode("utf-16-be"))
write("utf32", ("\ufeff" + program).encode("utf-32-le"))
