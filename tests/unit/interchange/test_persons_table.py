"""The people of the studio as a table (docs/contract/interchange.md 1.1)."""

from tests.client import Api


def test_people_are_exported_by_last_and_first_name(api: Api) -> None:
    api.person("manager", name="mia", phone="+33 1")
    api.person(name="bob", last_name="adler", active=True)
    api.person(name="zed", last_name="adler")
    api.put(f"/data/persons/{api.people['zed']['id']}", {"active": False})
    api.post("/data/persons", {"first_name": "Farm", "last_name": "Bot", "is_bot": True, "email": "farm@example.com"})
    reply = api.get("/export/csv/persons.csv", user="mia")
    assert reply.headers["content-type"] == "text/csv"
    assert reply.headers["content-disposition"] == "attachment; filename=kitsu_people_export.csv"
    assert reply.content.decode().splitlines() == [
        "Last Name;First Name;Email;Phone;Role;Contract Type;Active",
        "adler;Bob;bob@example.com;;user;open-ended;yes",
        "adler;Zed;zed@example.com;;user;open-ended;no",
        "Admin;Super;admin@example.com;;admin;open-ended;yes",
        "Doe;Mia;mia@example.com;+33 1;manager;open-ended;yes",
    ]
    for who, status in (("bob", 403), (None, 401)):
        assert api.get("/export/csv/persons.csv", user=who).status == status
