from django.db import migrations

BATCH = 2000


def fill(apps, schema_editor):
    """Keys for the people who are here already, in batches in the order of their ids."""
    Person = apps.get_model("people", "Person")
    NameKey = apps.get_model("people", "NameKey")
    people, last = Person.objects.order_by("pk"), None
    while True:
        rows = list((people if last is None else people.filter(pk__gt=last)).values_list("pk", "search_name")[:BATCH])
        if not rows:
            return
        keys = []
        for person_id, search_name in rows:
            words = search_name.split()
            keys += [NameKey(person_id=person_id, key=" ".join(words[start:])) for start in range(len(words))]
        NameKey.objects.bulk_create(keys, batch_size=BATCH)
        last = rows[-1][0]


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_name_keys"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
