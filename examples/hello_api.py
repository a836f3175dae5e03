"""The same as an API: ``python hello_api.py``, then http://127.0.0.1:8000/hello/you."""

from nuages import Nuages

app = Nuages()


@app.get("/hello/<str:name>")
async def hello(request, name):
    return {"hello": name}


if __name__ == "__main__":
    app.run()
