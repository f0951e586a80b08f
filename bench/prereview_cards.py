"""Cards and booklets of people who do not exist: drawn, each with what stands on it."""

import random
from datetime import date

from bench.prereview_sheet import Paper, Sheet, Someone, days, lately, somebody


def id_front(dice: random.Random, who: Someone | None = None) -> Paper:
    who = who or somebody(dice)
    sheet = Sheet(dice, 1010, 638, dice.choice([(226, 236, 244), (233, 240, 236), (240, 238, 244)]))
    sheet.waves((205, 220, 232))
    size, blue = dice.choice((32, 34, 36)), (60, 110, 160)
    sheet.ink = (25, 25, 30)
    for x, y, label in (
        (60, 70, "姓名"),
        (60, 145, "性别"),
        (270, 145, "民族"),
        (60, 220, "出生"),
        (60, 300, "住址"),
    ):
        sheet.text(x, y, label, size - 4, ink=blue)
    sheet.text(60, 520, "公民身份号码", size - 4, ink=blue)
    sheet.text(160, 66, who.name, size + 4, typed=True)
    sheet.text(160, 143, who.sex, size, typed=True)
    sheet.text(365, 143, who.people, size, typed=True)
    for x, part in ((160, f"{who.born.year}"), (250, "年"), (300, f"{who.born.month}"), (345, "月"),
                    (395, f"{who.born.day}"), (440, "日")):  # fmt: skip
        sheet.text(x, 218, part, size - 2, typed=part.isdecimal(), ink=None if part.isdecimal() else blue)
    wrap = 11
    for row in range(0, len(who.address), wrap):
        sheet.text(160, 296 + row // wrap * 46, who.address[row : row + wrap], size, typed=True)
    sheet.text(300, 516, who.number, size + 6, typed=True)
    sheet.draw.rectangle([690, 80, 940, 420], fill=(196, 204, 214))
    sheet.draw.ellipse([755, 130, 875, 270], fill=(222, 190, 165))
    sheet.draw.rectangle([725, 280, 905, 420], fill=(70, 80, 105))
    sheet.fields = {"name": who.name, "sex": who.sex, "people": who.people, "birth_date": str(who.born),
                    "address": who.address, "citizen_id": who.number}  # fmt: skip
    return sheet.done("id_front")


def id_back(dice: random.Random) -> Paper:
    sheet = Sheet(dice, 1010, 638, dice.choice([(226, 236, 244), (236, 236, 232)]))
    sheet.waves((208, 222, 230))
    sheet.title(90, "中华人民共和国", 54)
    sheet.title(180, "居民身份证", 76)
    start = lately(dice, 7000)
    for_ever = dice.random() < 0.15
    until = date(start.year + dice.choice((5, 10, 20)), start.month, min(start.day, 28))
    office = f"成都市公安局{dice.choice(('武侯', '锦江', '青羊', '金牛', '成华'))}区分局"
    sheet.put(170, 440, "签发机关", "issuer", office, 34)
    shown = f"{start:%Y.%m.%d}-" + ("长期" if for_ever else f"{until:%Y.%m.%d}")
    sheet.put(170, 520, "有效期限", "valid_to", "长期" if for_ever else str(until), 34, shown=shown)
    return sheet.done("id_back")


def household_page(dice: random.Random, who: Someone | None = None) -> Paper:
    who = who or somebody(dice)
    sheet = Sheet(dice, 1000, 1240, (247, 243, 232))
    sheet.title(60, "常住人口登记卡", 52)
    size = dice.choice((27, 29, 31))
    relation = dice.choice(("户主", "妻", "子", "女", "父亲", "母亲"))
    rows = [
        [("姓名", "name", who.name, ""), ("户主或与户主关系", "relation", relation, "")],
        [("曾用名", "", "", ""), ("性别", "sex", who.sex, "")],
        [("出生地", "", "四川省成都市", ""), ("民族", "people", who.people, who.people + "族")],
        [("籍贯", "", "四川省成都市", ""), ("出生日期", "birth_date", str(who.born), days(who.born))],
        [("公民身份证件编号", "citizen_id", who.number, "")],
        [("文化程度", "", dice.choice(("大学本科", "高中", "初中", "小学")), ""),
         ("婚姻状况", "marital", dice.choice(("未婚", "已婚", "离婚", "丧偶")), "")],
        [("服务处所", "", dice.choice(("个体", "退休", "无")), ""), ("职业", "", "居民", "")],
        [("何时由何地迁来本址", "", "2009年3月5日迁入", "")],
    ]  # fmt: skip
    top, tall = 170, 92
    for number, row in enumerate(rows):
        y = top + number * tall
        sheet.draw.rectangle([50, y, 950, y + tall], outline=(90, 90, 90), width=2)
        for column, (label, key, value, shown) in enumerate(row):
            x = 62 + column * 440
            sheet.put(x, y + 28, label, key, value, size, shown=shown)
    when = lately(dice, 5000)
    sheet.put(500, 1010, "登记日期：", "issued", str(when), size, gap=0.1, shown=days(when))
    sheet.text(60, 1010, "承办人签章：", size)
    return sheet.done("household_page")


def disability_card(dice: random.Random) -> Paper:
    who = somebody(dice)
    sheet = Sheet(dice, 1000, 680, (238, 246, 238))
    sheet.waves((218, 234, 220))
    sheet.title(40, "中华人民共和国残疾人证", 46)
    size, kinds = 32, ("视力", "听力", "言语", "肢体", "智力", "精神")
    kind, grade = dice.randrange(6), dice.randrange(1, 5)
    issued = lately(dice, 4200)
    until = date(issued.year + 10, issued.month, min(issued.day, 28))
    number = f"{who.number}{kind + 1}{grade}"
    y = 130.0
    sheet.put(60, y, "姓名", "name", who.name, size)
    sheet.put(400, y, "性别", "sex", who.sex, size)
    sheet.put(60, y + 65, "出生日期", "birth_date", str(who.born), size, shown=days(who.born))
    sheet.put(60, y + 130, "残疾类别", "category", kinds[kind], size)
    sheet.put(400, y + 130, "残疾等级", "grade", str(grade), size, shown="一二三四"[grade - 1] + "级")
    sheet.put(60, y + 195, "证号", "card_number", number, size)
    sheet.put(60, y + 260, "住址", "address", who.address, size, wide=560)
    sheet.put(60, y + 380, "发证日期", "issued", str(issued), size - 2, shown=days(issued))
    sheet.put(60, y + 440, "有效期至", "valid_to", str(until), size - 2, shown=days(until))
    sheet.draw.rectangle([740, 130, 940, 380], fill=(190, 200, 210))
    return sheet.done("disability_card")


def marriage_certificate(dice: random.Random) -> Paper:
    one, two = somebody(dice, 1950, 2003), somebody(dice, 1950, 2003)
    sheet = Sheet(dice, 1100, 780, (250, 238, 234))
    sheet.waves((246, 226, 222))
    sheet.title(36, "结婚证", 58, ink=(170, 40, 40))
    day = lately(dice, 9000)
    size = 29
    sheet.put(60, 130, "持证人", "name", one.name, size)
    sheet.put(560, 130, "登记日期", "issued", str(day), size, shown=days(day))
    sheet.put(60, 190, "结婚证字号", "card_number", f"J510107-{day.year}-{dice.randrange(1, 9999):06d}", size)
    for top, who, first in ((270, one, True), (480, two, False)):
        end = "" if first else "_two"
        sheet.put(60, top, "姓名", "name_one" if first else "name_two", who.name, size)
        sheet.put(560, top, "性别", "", who.sex, size)
        sheet.put(60, top + 56, "国籍", "", "中国", size)
        sheet.put(560, top + 56, "出生日期", "", "", size, shown=days(who.born))
        sheet.put(60, top + 112, "身份证件号", "citizen_id" + end, who.number, size)
    sheet.text(60, 690, "登记机关：成都市武侯区民政局", size)
    sheet.stamp(900, 650, 80)
    return sheet.done("marriage_certificate")


def bank_card(dice: random.Random) -> Paper:
    ground, ink = dice.choice([((24, 74, 140), (245, 245, 245)), ((165, 30, 42), (250, 245, 235)),
                               ((228, 232, 236), (30, 30, 40)), ((20, 110, 80), (245, 248, 245))])  # fmt: skip
    sheet = Sheet(dice, 1010, 638, ground, ink)
    sheet.text(60, 50, dice.choice(("中国工商银行", "成都农商银行", "中国建设银行", "成都银行")), 50)
    sheet.text(700, 66, dice.choice(("借记卡", "储蓄卡", "DEBIT CARD")), 32)
    digits = "62" + "".join(str(dice.randrange(10)) for _ in range(16))
    total = sum(d if n % 2 else sum(divmod(d * 2, 10)) for n, d in enumerate(map(int, reversed(digits))))
    number = digits + str(-total % 10)
    grouped = " ".join(number[n : n + 4] for n in range(0, 19, 4))
    sheet.text(70, 330, grouped, 52, typed=True)
    sheet.text(70, 440, f"有效期 VALID THRU {dice.randrange(1, 13):02d}/{dice.randrange(27, 36)}", 28)
    sheet.text(790, 520, "银联", 44)
    sheet.text(790, 575, "UnionPay", 26)
    sheet.draw.rectangle([80, 190, 190, 275], fill=(212, 190, 120))
    sheet.fields = {"card_number": number}
    return sheet.done("bank_card")
