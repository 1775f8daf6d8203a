# Prints for each frame its line in the work list and whether the words expected there occur.
import struct
import sys

words = [["one.cpp", "one()"], ["bad work item"], ["none.cpp", "No such file or directory"], ["two.c", "two"]]
data = open(sys.argv[1], "rb").read()
while data:
    magic, line, size, absent = struct.unpack("<IIII", data[:16])
    assert magic == 0x32464B46
    facts, data = data[16 : 16 + size], data[16 + size + absent :]
    print(line, *(f"{word}={word.encode() in facts}" for word in words[line]))
