from ._ext import read
