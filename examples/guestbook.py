"""A guest book in one file: a model, a form, a page and a back office.

``python guestbook.py createsuperuser`` makes an account, ``python guestbook.py`` makes the tables and serves.
"""

from nuages import Nuages, forms, models, redirect, render
from nuages.contrib import admin

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Guest book</title>
<main>
  <h1>Guest book</h1>
  <form method="post">{% csrf_token %}{{ form.as_p }}<button>Sign</button></form>
  {% for entry in entries %}
  <article><h2>{{ entry.name }}</h2>{{ entry.text|linebreaks }}<time>{{ entry.written|timesince }} ago</time></article>
  {% empty %}<p>Be the first!</p>{% endfor %}
</main>
</html>
"""

app = Nuages(debug=True, admin=True, pages={"page.html": PAGE})


class Entry(models.Model):
    name = models.CharField(max_length=60)
    text = models.TextField(max_length=1000)
    written = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-written"]
        verbose_name_plural = "entries"

    def __str__(self):
        return self.name


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin):
    list_display = ["name", "text", "written"]
    search_fields = ["name", "text"]


class EntryForm(forms.ModelForm):
    class Meta:
        model = Entry
        fields = ["name", "text"]


@app.route("/", methods=["GET", "POST"])
def book(request):
    form = EntryForm(request.POST or None)
    if form.is_valid():
        form.save()
        return redirect("book")
    return render(request, "page.html", {"form": form, "entries": Entry.objects.all()[:50]})


app.include("admin/", admin.site.urls)

if __name__ == "__main__":
    app.main()
