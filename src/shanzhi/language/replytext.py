"""A reply taken apart: what it says once greetings, thanks, dates and notes of forwarding are left out. Pure.

The patterns are those of official letters in Chinese. They were written from letters that are not among those
the scores are tested on (`bench/reply.py`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]?")
_HEAD = re.compile(
    r"^.{0,260}?(回复|答复|说明|解答|反馈|汇报|情况|回答)(情况)?(意见)?(公布)?如下[:：，,。.]?", re.DOTALL
)
_GREETING = re.compile(
    r"^[\s“”\"'：:，,]*((尊敬的)?[“”\"]?[^，。：:！!]{0,14}(网友|市民|业主|来信)[^，。：:！!]{0,24}[：:，,！!\s])?"
    r"[\s“”\"]*(UU\d+|A\d{6,})?[\s“”\"：:，,]*((您|你)好[！!，,。：:；;\s]*)*"
)
_FORWARDED = re.compile(
    r"(转|移交|交由|交办|函告|通过书面报告转交)[^，。；]{0,34}(核实|办理|办复|核处|核查|处理|调查|研究|处置|回复|答复|协调"
    r"|局|委|会|府|司|镇|乡|区|县|市|门|位|中心|公司|领导|院|办)"
    r"|后续回复|耐心等待|近期回复|及时反馈|核查、办复|正在协调处理|已经答复|交(有关|相关)(部门|单位)"
)
_POLITE = re.compile(
    r"感谢|谢谢|谅解|收悉|获悉|已阅|来信收到|特此|专此|此复|高度重视|祝您|祝福您|欢迎(您|广大)?.{0,6}(监督|提出|建议)"
    r"|一如既往|宝贵(的)?(意见|建议)|不便之处|深表歉意|继续关注|敬请(您)?(关注|理解|监督)"
)
_DATE = re.compile(
    r"\s*[12二][\d〇零○oO]\d?[\d一二三四五六七八九]+年\s*[\d一二三四五六七八九十]{1,3}月\s*[\d一二三四五六七八九十]{1,3}日?\s*$"
)
_NOTE = re.compile(r"(\d{4}年\d{1,2}月\d{1,2}日)(?=\s*(网友|尊敬|您|“|市民))")
_REFER = re.compile(
    r"(请|建议|可|可以|欢迎|需|麻烦)(您|你)?(们)?(直接|与|向|到|致电|拨打|电话|携带|再|前往|继续|登录|关注|当事人|业主|尽快|及时|具体|联系).{0,40}"
    r"(咨询|联系|反映|了解|投诉|举报|查询|查看|报警|司法途径|热线|电话|关注|网站)|致电|拨打|(咨询|联系|服务|投诉|举报)电话|如有.{0,12}(疑问|问题)"
)
_LACKING = re.compile(
    r"(没有|未|因?无)(您?的?|提供|留下|说明).{0,14}(联系方式|证据|具体|位置|信息|资料|材料)|信息.{0,4}有限"
)
_NOT_OURS = re.compile(
    r"不(属于|归|在).{0,16}(管辖|管理|职责|范围|权限)|(无|没有)(权|管理权限|管辖权)|只有建议权"
)
_STUDY = re.compile(
    r"(进一步|充分|认真|综合|适时|积极|予以|进行|将).{0,10}(研究|论证|考虑|汇报|探索)|争取|逐步(完善|解决|推进)|陆续(会)?完善"
    r"|尽力|日趋完善|优化网线"
)  # fmt: skip
_OUTCOME = re.compile(
    r"已(经|于|将|在|对|被|按|为|由|有|无|纳入)?(?!收悉|获悉|阅|转|收到)[\u4e00-\u9fff]"
    r"|可(以|享受|在|凭|到|携带|办|申请|按|抵)|不(能|得|符合|具备|存在|满足|予|建议|宜|收|发|算|是|再|会)|无法|需(要)?(提供|携带|由|按|在|提交|满足)|应(当|由|提|在|该)"
    r"|(计划|预计|预期|拟|即将|近期)(于|在|将|\d)?|将(于|在|启动|增设|增加|安装|建设|更换|拆除|对|组织|按|依法|严格|加大|加强|联合)"
    r"|责令|暂(不|无|未)|(没有|并无|未)(发现|出现|达|存在|取得|收取|强制|实施|启动|验收)|属(于|实)?|具备|满足|符合|适用|标准为|规定[：:，“]|因此|所以|综上"
    r"|确实|(主要)?原因|由于|经(查|核实|调查|现场|了解)|发现|要求|\d+(元|公里|米|座|处|套|家|户|%|天|所|个|名|条)"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """What a reply says: its sentences of substance, and of how many of them what is true."""

    sentences: tuple[str, ...]
    forwarded: bool
    refers: int
    lacking: bool
    not_ours: bool
    studies: int
    outcomes: int
    repeated: bool
    share: float

    @property
    def body(self) -> str:
        return "".join(self.sentences)


def taken(reply: str) -> Taken:
    """Takes a reply apart."""
    text = _NOTE.sub("\n", _DATE.sub("", reply.strip()))
    forwarded, kept = False, list[str]()
    for part in sentences(_headless(text)):
        part = _GREETING.sub("", part).strip()
        outcome = _OUTCOME.search(part)
        if _FORWARDED.search(part) and len(part) < 70 and not _says_more(part):
            forwarded = True
        elif part and not (_POLITE.search(part) and len(part) < 60 and not outcome) and len(part) > 3:
            kept.append(part)
    return Taken(
        tuple(kept),
        forwarded,
        sum(_only_refers(s) for s in kept),
        any(map(_LACKING.search, kept)),
        any(map(_NOT_OURS.search, kept)),
        sum(bool(_STUDY.search(s)) for s in kept),
        sum(bool(_OUTCOME.search(s)) for s in kept),
        _repeated(kept),
        sum(map(len, kept)) / max(1, len(text)),
    )


def _only_refers(part: str) -> bool:
    found = _REFER.search(part)
    return bool(found and not _OUTCOME.search(part[: found.start()]))


def sentences(text: str) -> list[str]:
    return [part.strip() for part in _SENTENCE.findall(text) if part.strip(" \u3000”“")]


def _headless(text: str) -> str:
    """Without what stands before “现回复如下：”."""
    return _HEAD.sub("", text, count=1)


def _says_more(part: str) -> bool:
    rest = _FORWARDED.sub("", part)
    return len(rest) > 25 and bool(_OUTCOME.search(rest))


def _repeated(kept: Sequence[str]) -> bool:
    """Whether it says something twice: two letters run into one."""
    heads = [part[:16] for part in kept if len(part) >= 16]
    return len(set(heads)) < len(heads)
