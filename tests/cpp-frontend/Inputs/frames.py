# Prints for each frame its line in the work list and whether the words expected there occur.
import struct
import sys

words = [["one.cpp", "one()"], ["bad work item"], ["none.cpp", "No such file or directory"], ["two.c", "two"]]
data = open(sys.argv[1], "rb").read()
while data:
    magic, line, _, size, absent = struct.unpack("<IIIII", data[:20])
    assert magic == 0x33464B46
    facts, data = data[20 : 20 + size], data[20 + size + absent :]
    print(line, *(f"{word}={word.encode() in facts}" for word in words[line]))
