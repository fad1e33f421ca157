"""The audience groups that ship (COVERAGE.md §1). An installation may add more; a bit is never used twice."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

AUDIENCES = [
    ("QLNN", "Quản lý nhà nước"),
    ("LD", "Lãnh đạo"),
    ("TTCN", "Trực tiếp làm công tác cai nghiện"),
    ("TTSC", "Quản lý sau cai"),
    ("YT", "Nhân viên y tế"),
    ("CA", "Công an"),
    ("TA", "Toà án"),
    ("CTXH", "Công tác xã hội"),
    ("BCD", "Ban Chỉ đạo, cán bộ ấp/khóm"),
    ("LDNT", "Lãnh đạo nhà trường"),
    ("GVPN", "Người làm công tác phòng ngừa trong trường"),
    ("LDDN", "Lãnh đạo nơi làm việc"),
    ("BV", "Lực lượng bảo vệ"),
    ("TK", "Điều tra, thống kê"),
    ("DT", "Đoàn thể"),
]


def ship(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    audience = apps.get_model("roster", "Audience")
    for bit, (code, name) in enumerate(AUDIENCES):
        audience.objects.create(code=code, name=name, bit=bit)


def withdraw(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("roster", "Audience").objects.filter(code__in=[code for code, _name in AUDIENCES]).delete()


class Migration(migrations.Migration):
    dependencies = [("roster", "0002_merges_vault_and_second_persons")]
    operations = [migrations.RunPython(ship, withdraw)]
