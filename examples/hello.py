"""A site in one file: ``python hello.py``, then http://127.0.0.1:8000/."""

from nuages import HttpRequest, Nuages

app = Nuages()


@app.get("/")
def hello(request: HttpRequest) -> str:
    return f"<h1>Hello, {request.GET.get('name', 'world')}!</h1>"


if __name__ == "__main__":
    app.run()
