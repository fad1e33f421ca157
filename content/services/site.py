"""The ground that the CMS needs: root, catalogue, groups, workflow. Made once, found ever after."""

from datetime import date

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Task,
    Workflow,
    WorkflowContentType,
    WorkflowPage,
    WorkflowTask,
)
from wagtail.snippets.models import create_extra_permissions

from content.models import CourseIndexPage, HomePage, Scenario, SecondPersonTask
from lms.roster import policies
from lms.roster import queries as roster

TRAINERS = "Giảng viên"
REVIEWERS = "Thẩm định"
WORKFLOW = "Thẩm định"
ROLE_GROUPS = {"trainer": TRAINERS, "reviewer": REVIEWERS}
"""Roles of the register that open the CMS → the group there."""

PAGES = {TRAINERS: ("add",), REVIEWERS: ("add", "change", "publish", "lock", "unlock")}
"""`add` also lets a trainer edit what he owns; only reviewers edit what others wrote, and publish."""
MEDIA = {"wagtailimages": "image", "wagtaildocs": "document"}
"""Wagtail asks for the permissions of its stock models, whatever models stand in for them."""
SNIPPETS = {
    TRAINERS: {
        "scenario": ("add", "view"),
        "recording": ("add", "view"),
        "libraryitem": ("add", "change", "view"),
    },
    REVIEWERS: {
        "scenario": ("add", "change", "view", "publish", "lock", "unlock"),
        "recording": ("add", "change", "view"),
        "libraryitem": ("add", "change", "view", "publish"),
    },
}
"""With `add` a trainer also changes what is his own, but for the library (content/snippetdesk.py)."""


@transaction.atomic
def ensure_catalogue() -> CourseIndexPage:
    """The page that all courses stand under, at /courses/."""
    found: CourseIndexPage | None = CourseIndexPage.objects.first()
    if found is not None:
        return found
    if not Locale.objects.exists():
        Locale.objects.create(language_code="vi")
    root = Page.get_first_root_node() or Page.add_root(instance=Page(title="Root", slug="root"))
    home = HomePage.objects.first()
    if home is None:
        home = root.add_child(instance=HomePage(title="Vững", slug="vung", show_in_menus=False))
    site = Site.objects.filter(is_default_site=True).first() or Site(
        hostname="localhost", is_default_site=True
    )
    welcome = site.root_page if site.pk else None
    site.root_page, site.site_name = home, "Vững"
    site.save()
    if welcome is not None and welcome.pk != home.pk and not welcome.get_children().exists():
        welcome.delete()
    catalogue: CourseIndexPage = home.add_child(instance=CourseIndexPage(title="Khóa học", slug="courses"))
    return catalogue


@transaction.atomic
def ensure_groups() -> None:
    """«Giảng viên» and «Thẩm định», what each may do, and the workflow from one to the other."""
    catalogue = ensure_catalogue()
    access = _permission("wagtailadmin", "access_admin")
    root = Collection.get_first_root_node() or Collection.add_root(name="Root")
    for name, actions in PAGES.items():
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.add(access)
        if "change" in actions:
            group.permissions.add(_permission("content", "name_writers"))
        for model, verbs in SNIPPETS[name].items():
            group.permissions.add(*(_permission("content", f"{verb}_{model}") for verb in verbs))
        if "change" not in SNIPPETS[name]["scenario"]:  # as it was before scenarios had owners
            group.permissions.remove(_permission("content", "change_scenario"))
        for app, model in MEDIA.items():
            for verb in ("add", "change", "choose"):
                permission = _permission(app, f"{verb}_{model}")
                GroupCollectionPermission.objects.get_or_create(
                    group=group, collection=root, permission=permission
                )
        for action in actions:
            permission = _permission("wagtailcore", f"{action}_page")
            GroupPagePermission.objects.get_or_create(group=group, page=catalogue, permission=permission)
    _ensure_workflow(catalogue)
    # Wagtail's own first groups and workflow would let people write and publish everywhere.
    Group.objects.filter(name__in=("Editors", "Moderators"), user=None).delete()
    Workflow.objects.filter(name="Moderators approval").delete()
    Task.objects.filter(name="Moderators approval").delete()


def _ensure_workflow(catalogue: CourseIndexPage) -> None:
    workflow = _workflow()
    WorkflowPage.objects.get_or_create(page=catalogue, defaults={"workflow": workflow})
    kind = ContentType.objects.get_for_model(Scenario)
    WorkflowContentType.objects.get_or_create(content_type=kind, defaults={"workflow": workflow})


def _workflow() -> Workflow:
    found = Workflow.objects.filter(name=WORKFLOW).first()
    if found is not None:
        return found
    task = SecondPersonTask.objects.create(name=WORKFLOW, active=True)
    task.groups.add(Group.objects.get(name=REVIEWERS))
    workflow = Workflow.objects.create(name=WORKFLOW, active=True)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    return workflow


def follow_roles(*, user_id: int, on: date) -> None:
    """Bring a user's groups in the CMS into step with the roles that he holds on that day."""
    me = roster.person_of(get_user_model().objects.get(pk=user_id))
    roles = set(policies.grants_held(me, on).values_list("role", flat=True)) if me else set()
    wanted = {name for role, name in ROLE_GROUPS.items() if role in roles}
    held = Group.objects.filter(name__in=ROLE_GROUPS.values(), user=user_id)
    have = set(held.values_list("name", flat=True))
    if wanted - have and Group.objects.filter(name__in=wanted).count() != len(wanted):
        ensure_groups()
    for group in Group.objects.filter(name__in=wanted - have):
        group.user_set.add(user_id)
    for group in held.filter(name__in=have - wanted):
        group.user_set.remove(user_id)


def _permission(app: str, codename: str) -> Permission:
    """A permission, also where Django has not come round to making it yet."""
    found = Permission.objects.filter(content_type__app_label=app, codename=codename).first()
    if found is None:
        create_permissions(apps.get_app_config(app), verbosity=0)
        create_extra_permissions(apps.get_app_config(app))
        found = Permission.objects.get(content_type__app_label=app, codename=codename)
    return found
