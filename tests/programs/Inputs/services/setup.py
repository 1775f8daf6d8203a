from setuptools import setup
setup(
    entry_points={
        "console_scripts": [
            "pytool = pkg.cli:main",  # one
            # "never = pkg.cli:main",
        ],
    },
)
