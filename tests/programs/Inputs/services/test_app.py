import app


def test_application():
    assert app.application({}, None) == []
