"""A department's table of items, line by line."""

from shanzhi.services.item import Item
from shanzhi.services.sheet import taken

GOOD = {
    "事项编码": "TX-001", "事项名称": "老年优待证办理", "事项类型": "公共服务", "服务对象": "自然人",
    "实施主体": "civil-affairs", "设定依据": "中华人民共和国老年人权益保障法", "申请材料": "居民身份证；照片",
    "法定办结时限": "20个工作日", "承诺办结时限": "3 个工作日", "来源": "区民政局", "实施日期": "2024-01-01",
    "关键词": "老年证；优待",
}  # fmt: skip


def test_a_line_is_an_item() -> None:
    [item] = taken([(2, GOOD)]).items
    read = Item.model_validate(item)
    assert (read.kind, read.legal, read.promised) == ("public", "20wd", "3wd")
    assert [one.name for one in read.materials] == ["居民身份证", "照片"] and read.words == ("老年证", "优待")


def test_what_is_wrong_is_told_with_its_line_and_the_rest_is_taken() -> None:
    lines = [
        (2, GOOD),
        (3, GOOD | {"事项编码": "TX-002", "事项类型": "随便"}),
        (4, GOOD | {"事项编码": "TX-003", "承诺办结时限": "尽快"}),
        (5, GOOD | {"事项编码": ""}),
        (6, GOOD),
        (7, GOOD | {"事项编码": "小写"}),
        (8, GOOD | {"事项编码": "TX-004", "实施日期": "去年"}),
    ]
    found = taken(lines)
    assert len(found.items) == 1
    assert [line for line, _ in found.faults] == [3, 4, 5, 6, 7, 8]
