"""A site in one file: ``python hello.py``, then http://127.0.0.1:8000/."""

from nuages import Nuages

app = Nuages()


@app.get("/")
def hello(request):
    return "<h1>Hello, world!</h1>"


if __name__ == "__main__":
    app.run()
