"""States, detection, writing, running and undoing migrations."""

import datetime
import importlib
import re
import sys

import pytest

from nuages import migrations, models
from nuages.contrib.auth.models import AbstractUser
from nuages.db import connection
from nuages.migrations.autodetector import MigrationAutodetector
from nuages.migrations.exceptions import CircularDependencyError, NodeNotFoundError
from nuages.migrations.graph import MigrationGraph
from nuages.migrations.migration import Migration
from nuages.migrations.optimizer import MigrationOptimizer
from nuages.migrations.questioner import MigrationQuestioner
from nuages.migrations.recorder import MigrationRecorder
from nuages.migrations.state import ModelState, ProjectState
from nuages.migrations.writer import MigrationWriter


def author(**options):
    fields = [("id", models.AutoField(primary_key=True)), ("name", models.CharField(max_length=20))]
    return ModelState("blog", "Author", fields, options=options)


def book(target="blog.Author"):
    fields = [("id", models.AutoField(primary_key=True)), ("author", models.ForeignKey(target, models.CASCADE))]
    return ModelState("shelf", "Book", fields)


def state(*model_states):
    made = ProjectState()
    for model_state in model_states:
        made.add_model(model_state.clone())
    return made


def changes(before, after, **answers):
    return MigrationAutodetector(state(*before), state(*after), MigrationQuestioner(answers))._detect_changes()


def kinds(migration):
    return [type(operation).__name__ for operation in migration.operations]


def test_new_models_in_two_apps():
    found = changes([], [author(), book()])
    assert kinds(found["blog"][0]) == kinds(found["shelf"][0]) == ["CreateModel"]
    assert found["shelf"][0].dependencies == [("blog", "auto_1")]


def test_help_texts_of_the_framework_may_be_worded_differently():
    def user(help_text):
        return ModelState("blog", "User", [("id", models.AutoField(primary_key=True)), ("name", models.CharField(max_length=9, help_text=help_text))])

    ours = AbstractUser._meta.get_field("is_staff").help_text
    assert changes([user("Worded by others.")], [user(ours)]) == {}
    assert kinds(changes([user("Worded by others.")], [user("Worded anew.")])["blog"][0]) == ["AlterField"]
    assert kinds(changes([user("")], [user(ours)])["blog"][0]) == ["AlterField"]


def test_an_app_gets_its_first_migration_when_it_is_named():
    after = state(author())
    before = ProjectState(real_apps={"blog"})
    detector = MigrationAutodetector(before, after, MigrationQuestioner(specified_apps={"blog"}))
    assert detector.changes(MigrationGraph()) == {}
    named = detector.changes(MigrationGraph(), trim_to_apps={"blog"}, convert_apps={"blog"})
    assert [migration.name for migration in named["blog"]] == ["0001_initial"]


def test_circles_between_apps_are_split():
    with_book = author()
    with_book.fields["book"] = models.ForeignKey("shelf.Book", models.CASCADE, null=True)
    found = changes([], [with_book, book()])
    assert [kinds(each) for each in found["blog"]] == [["CreateModel"], ["AddField"]]
    assert [kinds(each) for each in found["shelf"]] == [["CreateModel"]]


def test_renames_are_asked_for():
    renamed = author()
    renamed.fields = {"id": renamed.fields["id"], "title": renamed.fields["name"]}
    assert kinds(changes([author()], [renamed], ask_rename=True)["blog"][0]) == ["RenameField"]
    assert kinds(changes([author()], [renamed])["blog"][0]) == ["RemoveField", "AddField"]
    other = author()
    other.name = "Writer"
    found = changes([author(), book()], [other, book("blog.Writer")], ask_rename_model=True)
    assert kinds(found["blog"][0]) == ["RenameModel"]


def test_options_indexes_and_constraints():
    changed = author(
        ordering=["name"],
        indexes=[models.Index(fields=["name"], name="by_name")],
        constraints=[models.UniqueConstraint(fields=["name"], name="one_name")],
        db_table="writers",
    )
    found = set(kinds(changes([author()], [changed])["blog"][0]))
    assert found == {"AlterModelOptions", "AddIndex", "AddConstraint", "AlterModelTable"}
    assert changes([changed], [changed]) == {}


def test_optimizer():
    operations = [
        migrations.CreateModel("A", [("id", models.AutoField(primary_key=True))]),
        migrations.CreateModel("B", [("id", models.AutoField(primary_key=True))]),
        migrations.AddField("A", "x", models.IntegerField()),
        migrations.RenameField("A", "x", "y"),
        migrations.DeleteModel("B"),
    ]
    (only,) = MigrationOptimizer().optimize(operations, "app")
    assert [name for name, _ in only.fields] == ["id", "y"]


def test_state_follows_renames():
    project = state(author(), book())
    project.rename_model("blog", "Author", "Writer")
    assert project.models["shelf", "book"].fields["author"].remote_field.model == "blog.Writer"
    assert project.apps.get_model("shelf", "Book")._meta.get_field("author").related_model.__name__ == "Writer"


def test_states_refuse_classes():
    with pytest.raises(ValueError, match="cannot refer to a model class"):
        ModelState("app", "X", [("t", models.ForeignKey(MigrationRecorder.Migration, models.CASCADE))])


def test_relations_to_nothing_are_named():
    with pytest.raises(ValueError, match=r"shelf\.Book\.author.*blog\.author"):
        state(book()).apps


@pytest.mark.parametrize(
    "value",
    [
        1,
        None,
        "it's",
        b"x",
        {1, 2},
        frozenset("a"),
        ("a",),
        [{"k": (1, 2)}],
        datetime.date(2020, 1, 2),
        datetime.timedelta(hours=3),
        re.compile("^x$", re.MULTILINE),
        range(3),
        models.Model,
        datetime.datetime.now,
    ],
)
def test_values_survive_writing(value):
    source, imports = MigrationWriter.serialize(value)
    scope = {}
    exec("\n".join([*imports, f"result = {source}"]), scope)
    assert scope["result"] == value


def test_what_cannot_be_written():
    with pytest.raises(ValueError, match="Cannot serialize function: lambda"):
        MigrationWriter.serialize(lambda: 1)
    with pytest.raises(ValueError, match="Cannot serialize"):
        MigrationWriter.serialize(object())


def test_files_can_be_run():
    subclass = type(
        "Migration",
        (Migration,),
        {
            "operations": [
                migrations.CreateModel("A", [("id", models.AutoField(primary_key=True))], {"ordering": ["id"]}),
                migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("A")]),
            ],
            "dependencies": [("other", "0001_initial")],
        },
    )
    scope = {}
    exec(MigrationWriter(subclass("0001_initial", "app")).as_string(), scope)
    made = scope["Migration"]("0001_initial", "app")
    assert kinds(made) == ["CreateModel", "SeparateDatabaseAndState"]
    assert made.dependencies == [("other", "0001_initial")]


def test_graph():
    graph = MigrationGraph()
    for key in (("a", "1"), ("a", "2"), ("b", "1")):
        graph.add_node(key, None)
    graph.add_dependency("a.2", ("a", "2"), ("a", "1"))
    graph.add_dependency("b.1", ("b", "1"), ("a", "2"))
    assert graph.forwards_plan(("b", "1")) == [("a", "1"), ("a", "2"), ("b", "1")]
    assert graph.backwards_plan(("a", "1")) == [("b", "1"), ("a", "2"), ("a", "1")]
    assert graph.leaf_nodes() == [("a", "2"), ("b", "1")]
    with pytest.raises(NodeNotFoundError):
        graph.add_dependency("x", ("b", "1"), ("c", "9"))
    graph = MigrationGraph()
    graph.add_node(("a", "1"), None)
    graph.add_node(("a", "2"), None)
    graph.add_dependency("a.1", ("a", "1"), ("a", "2"))
    graph.add_dependency("a.2", ("a", "2"), ("a", "1"))
    with pytest.raises(CircularDependencyError):
        graph.ensure_not_cyclic()


def run(operations, before, backwards=False):
    """Run operations forwards, or forwards in the state and backwards in the database."""
    migration = type("Migration", (Migration,), {"operations": operations})("0001", "blog")
    with connection.schema_editor(atomic=migration.atomic) as editor:
        return (migration.unapply if backwards else migration.apply)(before, editor)


def columns(table):
    with connection.cursor() as cursor:
        return [info.name for info in connection.introspection.get_table_description(cursor, table)]


def test_operations_forwards_and_backwards(transactional_db):
    create = [
        migrations.CreateModel(
            "Author", [("id", models.AutoField(primary_key=True)), ("name", models.CharField(max_length=20))]
        )
    ]
    steps = [
        [migrations.AddField("Author", "age", models.IntegerField(default=5), preserve_default=False)],
        [migrations.RenameField("Author", "age", "years")],
        [migrations.AlterField("Author", "name", models.TextField(null=True))],
        [migrations.AddIndex("Author", models.Index(fields=["years"], name="by_years"))],
        [migrations.AddConstraint("Author", models.CheckConstraint(condition=models.Q(years__gte=0), name="positive"))],
        [migrations.RenameModel("Author", "Writer")],
        [migrations.RunPython(fill, migrations.RunPython.noop)],
        [migrations.RunSQL("UPDATE blog_writer SET years = 6", migrations.RunSQL.noop)],
    ]
    project = run(create, ProjectState())
    before = [project.clone()]
    try:
        for step in steps:
            project = run(step, project)
            before.append(project.clone())
        assert columns("blog_writer") == ["id", "name", "years"]
        assert connection.rows("SELECT name, years FROM blog_writer") == [("x", 6)]
        for step, earlier in zip(reversed(steps), reversed(before[:-1]), strict=True):
            run(step, earlier, backwards=True)
        assert columns("blog_author") == ["id", "name"]
    finally:
        connection.execute("DROP TABLE IF EXISTS blog_writer")
        connection.execute("DROP TABLE IF EXISTS blog_author")


def fill(apps, schema_editor):
    apps.get_model("blog", "Writer").objects.create(name="x", years=1)


def test_irreversible(transactional_db):
    with pytest.raises(RuntimeError, match="not reversible"):
        run([migrations.RunSQL("SELECT 1")], ProjectState(), backwards=True)


def test_functions_of_modules_are_imported(tmp_path, monkeypatch):
    (tmp_path / "some_defaults.py").write_text("def seven():\n    return 7\n")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    import some_defaults

    source, imports = MigrationWriter.serialize(models.IntegerField(default=some_defaults.seven))
    assert source == "models.IntegerField(default=some_defaults.seven)"
    assert imports == {"from nuages import models", "import some_defaults"}
    del sys.modules["some_defaults"]


def test_functions_of_operations_are_written_with_their_module():
    text, imports = MigrationWriter.serialize(migrations.RunPython.noop)
    assert text == "nuages.migrations.operations.special.RunPython.noop"
    assert imports == {"import nuages.migrations.operations.special"}


def test_renaming_a_model_renames_the_columns_of_links_that_have_no_way_back(transactional_db):
    link = models.ManyToManyField("blog.Topic", related_name="+")
    operations = [
        migrations.CreateModel("Topic", [("id", models.AutoField(primary_key=True))]),
        migrations.CreateModel("Entry", [("id", models.AutoField(primary_key=True)), ("topics", link)]),
        migrations.RenameModel("Topic", "Subject"),
    ]
    project = ProjectState()
    try:
        for operation in operations:
            after = project.clone()
            operation.state_forwards("blog", after)
            with connection.schema_editor() as editor:
                operation.database_forwards("blog", editor, project, after)
            project = after
        entry, subject = project.apps.get_model("blog", "Entry"), project.apps.get_model("blog", "Subject")
        made = entry.objects.create()
        made.topics.add(subject.objects.create())
        assert made.topics.count() == 1
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(entry)
            editor.delete_model(subject)
