"""Papers of people who do not exist, and all kinds together with the cards: what `bench/prereview.py` reads."""

import random
from collections.abc import Callable, Mapping
from datetime import timedelta

from stdnum.cn import uscc

from bench.prereview_cards import (
    bank_card,
    disability_card,
    household_page,
    id_back,
    id_front,
    marriage_certificate,
)
from bench.prereview_sheet import (
    ADVICE,
    BUSINESS,
    GIVEN,
    ILLNESSES,
    SCOPE,
    Paper,
    Sheet,
    Someone,
    days,
    lately,
    somebody,
)


def business_licence(dice: random.Random) -> Paper:
    who = somebody(dice, 1960, 2000)
    sheet = Sheet(dice, 1280, 900, (250, 249, 243))
    sheet.draw.rectangle([26, 26, 1254, 874], outline=(190, 150, 70), width=8)
    sheet.title(70, "营业执照", 80)
    size = dice.choice((27, 29))
    text = "91510107MA" + "".join(dice.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(7))
    code = text + uscc.calc_check_digit(text)
    name = f"成都{''.join(dice.choice(GIVEN) for _ in range(2))}{dice.choice(BUSINESS)}有限公司"
    made = lately(dice, 6000)
    sheet.put(70, 200, "统一社会信用代码", "org_code", code, size)
    y = sheet.put(70, 290, "名称", "org_name", name, size)
    y = sheet.put(70, y + 16, "类型", "", "有限责任公司（自然人投资或控股）", size, wide=480)
    y = sheet.put(70, max(y, 420), "法定代表人", "name", who.name, size)
    sheet.put(70, y + 16, "经营范围", "", SCOPE,
              size - 2, wide=430)  # fmt: skip
    sheet.put(690, 290, "注册资本", "", dice.choice(("伍拾万元整", "壹佰万元整", "叁佰万元整")), size)
    sheet.put(
        690,
        355,
        "成立日期",
        "issued",
        str(made),
        size,
        shown=f"{made.year}年{made.month:02d}月{made.day:02d}日",
    )
    sheet.put(690, 420, "住所", "address", who.address, size, wide=420)
    sheet.text(800, 690, "登记机关", size)
    sheet.stamp(1050, 720, 90)
    return sheet.done("business_licence")


def birth_certificate(dice: random.Random) -> Paper:
    mother, father = somebody(dice, 1985, 2003), somebody(dice, 1985, 2003)
    child = somebody(dice, 2024, 2026)
    name = father.name[0] + child.name[1:]
    sheet = Sheet(dice, 1100, 800, (240, 246, 240))
    sheet.waves((222, 236, 226))
    sheet.title(40, "出生医学证明", 56)
    size = 28
    sheet.put(60, 150, "新生儿姓名", "name", name, size)
    sheet.put(430, 150, "性别", "sex", child.sex, size)
    shown = f"{days(child.born)}{dice.randrange(24)}时{dice.randrange(60)}分"
    sheet.put(620, 150, "出生时间", "birth_date", str(child.born), size, shown=shown)
    sheet.put(60, 215, "出生孕周", "", f"{dice.randrange(36, 42)}周", size)
    sheet.put(430, 215, "健康状况", "", "良好", size)
    sheet.put(60, 300, "母亲姓名", "name_mother", mother.name, size)
    sheet.put(430, 300, "年龄", "", str(2026 - mother.born.year), size)
    sheet.put(60, 360, "有效身份证件号码", "citizen_id_mother", mother.number, size)
    sheet.put(60, 440, "父亲姓名", "name_father", father.name, size)
    sheet.put(430, 440, "年龄", "", str(2026 - father.born.year), size)
    sheet.put(60, 500, "有效身份证件号码", "citizen_id_father", father.number, size)
    sheet.put(
        60,
        590,
        "出生医学证明编号",
        "card_number",
        f"{dice.choice('TUVW')}51{dice.randrange(10**7):07d}",
        size,
    )
    when = child.born + timedelta(days=dice.randrange(3, 40))
    sheet.put(60, 650, "签发日期", "issued", str(when), size, shown=days(when))
    sheet.stamp(900, 640, 85)
    return sheet.done("birth_certificate")


def diagnosis(dice: random.Random) -> Paper:
    who = somebody(dice)
    sheet = Sheet(dice, 1000, 1200, (252, 252, 250))
    sheet.title(60, dice.choice(("成都市第三人民医院", "四川大学华西医院", "成都市武侯区人民医院")), 40)
    sheet.title(130, dice.choice(("疾病诊断证明书", "诊断证明书")), 46)
    size, day = dice.choice((28, 30, 32)), lately(dice, 300)
    sheet.put(70, 260, "姓名：", "name", who.name, size, gap=0.1)
    sheet.put(390, 260, "性别：", "sex", who.sex, size, gap=0.1)
    sheet.put(640, 260, "年龄：", "", f"{2026 - who.born.year}岁", size, gap=0.1)
    sheet.put(70, 330, "科室：", "", dice.choice(("内科", "骨科", "肾内科", "心内科")), size, gap=0.1)
    sheet.put(390, 330, "门诊号：", "", f"{dice.randrange(10**8):08d}", size, gap=0.1)
    sheet.put(70, 420, "诊断：", "diagnosis", dice.choice(ILLNESSES), size, gap=0.1)
    sheet.put(
        70,
        520,
        "建议：",
        "",
        dice.choice(ADVICE),
        size,
        gap=0.1,
    )
    sheet.put(560, 760, "医师：", "", somebody(dice).name, size, gap=0.1)
    sheet.put(560, 830, "日期：", "issued", str(day), size, gap=0.1, shown=days(day))
    sheet.stamp(720, 900, 100)
    return sheet.done("diagnosis")


def invoice(dice: random.Random) -> Paper:
    who = somebody(dice)
    sheet = Sheet(dice, 1240, 760, (250, 250, 246))
    sheet.title(40, "四川省医疗住院收费票据（电子）", 42)
    size, day, total = 26, lately(dice, 300), dice.randrange(12_000, 4_500_000) / 100
    sheet.put(70, 130, "票据代码：", "", f"5106{dice.randrange(10**4):04d}", size, gap=0.1)
    sheet.put(740, 130, "票据号码：", "card_number", f"{dice.randrange(10**10):010d}", size, gap=0.1)
    sheet.put(70, 190, "交款人：", "name", who.name, size, gap=0.1)
    sheet.put(740, 190, "开票日期：", "issued", str(day), size, gap=0.1)
    sheet.draw.rectangle([60, 240, 1180, 560], outline=(120, 120, 120), width=2)
    for row, what in enumerate(("床位费", "检查费", "西药费", "化验费", "护理费")):
        sheet.text(90, 256 + row * 58, what, size)
        sheet.text(520, 256 + row * 58, f"{dice.randrange(1000, 400000) / 100:.2f}", size, typed=True)
    sheet.put(70, 590, "金额合计（小写）", "amount", f"{total:.2f}", size)
    sheet.put(70, 660, "收款单位：", "", "成都市第三人民医院", size, gap=0.1)
    sheet.stamp(1000, 640, 75)
    return sheet.done("invoice")


def property_certificate(dice: random.Random) -> Paper:
    who = somebody(dice)
    sheet = Sheet(dice, 1000, 1180, (248, 246, 236))
    sheet.title(50, "不动产权证书", 50)
    number = f"川（{dice.randrange(2017, 2027)}）成都市不动产权第{dice.randrange(10**7):07d}号"
    sheet.fields["card_number"] = number
    sheet.text(90, 140, number, 30, typed=True)
    rows = [("权利人", "name", who.name), ("共有情况", "", dice.choice(("单独所有", "共同共有"))),
            ("坐落", "address", who.address), ("不动产单元号", "", f"5101070{dice.randrange(10**12):012d}"),
            ("权利类型", "", "国有建设用地使用权/房屋所有权"), ("用途", "", "城镇住宅用地/成套住宅"),
            ("面积", "area", f"{dice.randrange(3500, 16000) / 100:.2f}")]  # fmt: skip
    size = dice.choice((26, 28))
    for number_, (label, key, value) in enumerate(rows):
        y = 220 + number_ * 118
        sheet.draw.rectangle([60, y, 940, y + 118], outline=(120, 120, 110), width=2)
        sheet.draw.line([(280, y), (280, y + 118)], fill=(120, 120, 110), width=2)
        sheet.text(78, y + 40, label, size)
        shown = f"房屋建筑面积{value}㎡" if key == "area" else value
        if key:
            sheet.fields[key] = value
        half = 22
        sheet.text(300, y + (40 if len(shown) <= half else 20), shown[:half], size, typed=True)
        if len(shown) > half:
            sheet.text(300, y + 62, shown[half:], size, typed=True)
    return sheet.done("property_certificate")


def lease(dice: random.Random) -> Paper:
    owner, who = somebody(dice), somebody(dice)
    sheet = Sheet(dice, 1000, 1300, (253, 253, 252))
    sheet.title(60, "房屋租赁合同", 48)
    size, start = dice.choice((26, 28)), lately(dice, 500)
    until = start + timedelta(days=dice.choice((364, 364, 729, 182)))
    sheet.put(80, 180, "出租方（甲方）：", "name_owner", owner.name, size, gap=0.1)
    sheet.put(80, 240, "承租方（乙方）：", "name", who.name, size, gap=0.1)
    sheet.put(80, 300, "乙方身份证号：", "citizen_id", who.number, size, gap=0.1)
    sheet.text(80, 390, "根据《中华人民共和国民法典》，双方就房屋租赁达成如下协议：", size)
    sheet.put(80, 460, "一、房屋坐落：", "address", who.address, size, gap=0.1, wide=560)
    span = f"{days(start)}至{days(until)}"
    sheet.put(80, 570, "二、租赁期限：", "valid_to", str(until), size, gap=0.1, shown=span)
    sheet.put(80, 640, "三、月租金：", "amount", f"{dice.randrange(8, 60) * 100}", size, gap=0.1,
              shown="")  # fmt: skip
    sheet.text(80, 710, "四、乙方应当按月支付租金，不得擅自转租。", size)
    sheet.text(80, 1050, "甲方（签字）：", size)
    sheet.text(540, 1050, "乙方（签字）：", size)
    return sheet.done("lease")


KINDS: Mapping[str, Callable[[random.Random], Paper]] = {
    one.__name__: one
    for one in (
        id_front, id_back, household_page, disability_card, marriage_certificate, bank_card, business_licence,
        birth_certificate, diagnosis, invoice, property_certificate, lease,
    )
}  # fmt: skip


def for_whom(kind: str, who: Someone, seed: int = 1) -> Paper:
    """An identity card or a page of a household booklet made out to somebody; the back of a card names nobody."""
    dice = random.Random(seed)
    if kind == "id_back":
        return id_back(dice)
    return {"id_front": id_front, "household_page": household_page}[kind](dice, who)


def drawn(kind: str, seed: int) -> Paper:
    """A paper of a kind; the same seed draws the same."""
    return KINDS[kind](random.Random(f"{kind}-{seed}"))
