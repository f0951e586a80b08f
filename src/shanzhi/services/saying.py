"""What is said of pictures, in plain words in both languages: what it is, and how to mend it. Pure.

In braces what is filled in; names and numbers come masked.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from shanzhi.rules.facts import Title

Level = Literal["wrong", "ask", "look", "good"]


class Sentence(NamedTuple):
    """How grave it is, what is said, and how it is mended, in Chinese and English."""

    level: Level
    zh: str
    en: str
    mend_zh: str = ""
    mend_en: str = ""


FIELDS: Mapping[str, Title] = {
    "name": Title(zh="姓名", en="name"),
    "citizen_id": Title(zh="公民身份号码", en="citizen id"),
    "valid_to": Title(zh="有效期限", en="date of expiry"),
    "grade": Title(zh="残疾等级", en="grade"),
    "name_one": Title(zh="姓名", en="name"),
    "name_two": Title(zh="配偶姓名", en="name of the spouse"),
    "org_code": Title(zh="统一社会信用代码", en="social credit code"),
    "org_name": Title(zh="名称", en="name of the business"),
    "birth_date": Title(zh="出生日期", en="date of birth"),
    "issued": Title(zh="日期", en="date"),
    "amount": Title(zh="金额", en="amount"),
    "address": Title(zh="地址", en="address"),
    "card_number": Title(zh="卡号", en="number"),
    "sex": Title(zh="性别", en="sex"),
    "marital": Title(zh="婚姻状况", en="marital status"),
    "people": Title(zh="民族", en="people"),
    "issuer": Title(zh="签发机关", en="issued by"),
    "relation": Title(zh="与户主关系", en="relation to the head"),
    "category": Title(zh="残疾类别", en="kind of disability"),
    "name_mother": Title(zh="母亲姓名", en="name of the mother"),
    "name_father": Title(zh="父亲姓名", en="name of the father"),
    "name_owner": Title(zh="出租方", en="landlord"),
    "diagnosis": Title(zh="诊断", en="diagnosis"),
    "area": Title(zh="面积", en="area"),
    "citizen_id_two": Title(zh="配偶身份证件号", en="citizen id of the spouse"),
    "citizen_id_mother": Title(zh="母亲身份证件号", en="citizen id of the mother"),
    "citizen_id_father": Title(zh="父亲身份证件号", en="citizen id of the father"),
}

SAYS: Mapping[str, Sentence] = {
    "empty": Sentence(
        "wrong",
        "这张照片里没有读到文字，看不出是证件或材料。",
        "No writing was found in this picture: it does not look like a paper.",
        "请把{wanted}平放在桌上，拍满画面后再传一次。",
        "Please lay the {wanted_en} flat, fill the picture with it and send it again.",
    ),
    "small": Sentence(
        "wrong",
        "照片太小，字看不清。",
        "The picture is too small to be read.",
        "请靠近一些，用原图（不要用缩略图或截图）再传一次。",
        "Please go closer, and send the picture itself, not a thumbnail of it.",
    ),
    "dark": Sentence(
        "wrong",
        "照片太暗，字看不清。",
        "The picture is too dark to be read.",
        "请在亮处重拍，注意不要有手的影子。",
        "Please take it again where there is light, without the shadow of your hand.",
    ),
    "blurred": Sentence(
        "wrong",
        "照片模糊，字看不清。",
        "The picture is blurred.",
        "请拿稳手机，等对焦清楚后再拍一张。",
        "Please hold the phone still, wait until it is sharp, and take it again.",
    ),
    "unclear": Sentence(
        "wrong",
        "照片上有字，但大部分看不清。",
        "There is writing, but most of it cannot be read.",
        "请把{wanted}放平、对准，在亮处再拍一张。",
        "Please lay the {wanted_en} flat in good light and take it again.",
    ),
    "other_kind": Sentence(
        "wrong",
        "这张是{kind}，需要的是{wanted}。",
        "This is a {kind_en}; what is needed is: {wanted_en}.",
        "请改传{wanted}。",
        "Please send the {wanted_en} instead.",
    ),
    "unknown_kind": Sentence(
        "look",
        "没有认出这是不是{wanted}。",
        "It is not clear whether this is the {wanted_en}.",
        "如果就是，照样提交，由工作人员看；如果拿错了，请换一张。",
        "If it is, send it all the same and a person will look; if not, please send another.",
    ),
    "other_side": Sentence(
        "ask",
        "还缺{missing}。",
        "Still missing: {missing_en}.",
        "请把另一面也拍下来传上。",
        "Please take a picture of the other side too.",
    ),
    "other_name": Sentence(
        "wrong",
        "图片上的姓名是“{read}”，申请人是“{known}”，好像不是同一个人。",
        "The name in the picture is “{read}”, the applicant is “{known}”: this seems to be somebody else's.",
        "请传申请人本人的材料；如果改过名字，请附上证明，由工作人员看。",
        "Please send the applicant's own; after a change of name add the proof of it, and a person will look.",
    ),
    "near_name": Sentence(
        "ask",
        "图片上的姓名读作“{read}”，与登记的“{known}”差一个字。",
        "The name was read as “{read}”, one character from “{known}”.",
        "请核对：可能是照片没拍清楚，也可能是拿错了材料。",
        "Please check: the picture may be unclear, or of another paper.",
    ),
    "other_number": Sentence(
        "wrong",
        "图片上的身份证号（{read}）与申请人的（{known}）不一致。",
        "The citizen id in the picture ({read}) is not the applicant's ({known}).",
        "请传申请人本人的材料。",
        "Please send the applicant's own.",
    ),
    "expired": Sentence(
        "wrong",
        "{kind}已经在{day}到期。",
        "This has expired on {day}: {kind_en}.",
        "请换领新证后再传；正在换领的，可以传领取凭证，由工作人员看。",
        "Please renew it first; while it is being renewed send the receipt, and a person will look.",
    ),
    "unsure": Sentence(
        "ask",
        "有几处没有看清：{fields}。",
        "Not read with certainty: {fields_en}.",
        "请在亮处再拍一张更清楚的；也可以照样提交，由工作人员看。",
        "Please take a clearer picture, or send it all the same and a person will look.",
    ),
    "bad_number": Sentence(
        "ask",
        "读到的身份证号校验不对，可能有一位没拍清楚。",
        "The citizen id that was read does not check: one digit may be unclear.",
        "请重拍号码这一行。",
        "Please take the line with the number again.",
    ),
    "differs": Sentence(
        "ask",
        "{fact}：图片上是“{read}”，{where}是“{known}”，两处不一样。",
        "{fact_en}: “{read}” in the picture, “{known}” {where_en}.",
        "请看看哪一个对：填错了请改，拿错了请换一张。登记有误的，以登记部门更正为准。",
        "Please see which is right: change what you typed, or send another. A register "
        "is corrected where it is kept.",
    ),
    "unread": Sentence(
        "look",
        "这份文件机器没有读，由工作人员看。",
        "No machine has read this: a person will look at it.",
    ),
    "good": Sentence(
        "good",
        "读到的是{kind}。",
        "Read as: {kind_en}.",
    ),
}
