// A rule in the browser: walks the diagram that the server made of it (shanzhi/rules/serial.py), exact for facts
// that are missing. What is known is followed, what is unknown is tried; equal continuations are joined.

type Fact = { name: string; kind: string; to: number[]; values?: string[]; cuts?: (string | [string, boolean])[] };
type Node = { fact: number; to?: number[]; says?: unknown[]; needs?: number[] };
export type Diagram = {
  rule: string; facts: Fact[]; outputs: string[]; verdict: number; always: boolean; root: number; nodes: Node[];
};
export type Said = { verdict: boolean | null; outputs: Record<string, unknown>; missing: string[] };
type Left = { says: unknown[]; support: Set<number> };

/** What the rule says for the facts given; null and undefined are unknown. */
export function walk(diagram: Diagram, given: Record<string, unknown>): Said {
  const left: Left[] = [];
  const numbers = new Map<string, number>();
  const seen = new Map<number, number>();
  const classes = diagram.facts.map((fact) => {
    const value = given[fact.name];
    return value === null || value === undefined ? -1 : fact.to[locate(fact, value)] ?? -1;
  });
  const put = (key: string, make: () => Left): number => {
    if (!numbers.has(key)) numbers.set(key, left.push(make()) - 1);
    return numbers.get(key)!;
  };
  const visit = (number: number): number => {
    if (!seen.has(number)) seen.set(number, reach(number));
    return seen.get(number)!;
  };
  const reach = (number: number): number => {
    const { fact, to = [], says = [], needs = [] } = diagram.nodes[number]!;
    if (fact < 0) return put(`=${number}`, () => ({ says, support: new Set(needs.filter((i) => classes[i]! < 0)) }));
    if (classes[fact]! >= 0) return visit(to[classes[fact]!]!);
    const keys = to.map(visit);
    if (keys.every((key) => key === keys[0])) return keys[0]!;
    return put(`${fact}:${keys.join()}`, () => {
      const parts = keys.map((key) => left[key]!);
      return {
        says: parts[0]!.says.map((value, i) => (parts.every((part) => same(part.says[i], value)) ? value : undefined)),
        support: new Set([fact, ...parts.flatMap((part) => [...part.support])]),
      };
    });
  };
  const { says, support } = left[visit(diagram.root)]!;
  const verdict = diagram.always && support.size ? null : says[diagram.verdict];
  return {
    verdict: typeof verdict === "boolean" ? verdict : null,
    outputs: Object.fromEntries(diagram.outputs.map((name, i) => [name, says[i + 1]]).filter(([, said]) => said != null)),
    missing: diagram.facts.filter((_, i) => support.has(i)).map((fact) => fact.name),
  };
}

const same = (one: unknown, other: unknown) => one !== undefined && JSON.stringify(one) === JSON.stringify(other);

/** The class of a value among those that the constants of the rule tell apart. */
function locate(fact: Fact, value: unknown): number {
  const values = fact.values ?? [];
  if (fact.kind === "flag") return value === true ? 1 : 0;
  if (fact.kind === "set") return values.reduce((bits, one, i) => bits | ((value as string[]).includes(one) ? 1 << i : 0), 0);
  if (fact.kind === "day") return fact.cuts!.filter((cut) => (cut as string) <= String(value)).length;
  if (fact.kind === "number") return fact.cuts!.filter((cut) => passed(String(value), cut as [string, boolean])).length;
  if (fact.kind === "name") return values.includes(String(value)) ? values.indexOf(String(value)) : values.length;
  const inside = values.filter((code) => String(value).startsWith(code)).sort((a, b) => b.length - a.length)[0];
  return inside === undefined ? values.length : values.indexOf(inside);
}

/** Whether a decimal number, as text, lies at or behind a cut; as whole numbers of one scale, so that no digit is lost. */
function passed(value: string, [cut, after]: [string, boolean]): boolean {
  const places = Math.max(...[value, cut].map((text) => text.split(".")[1]?.length ?? 0));
  const [one, other] = [value, cut].map((text) => {
    const [whole, part = ""] = text.split(".");
    return BigInt(whole + part.padEnd(places, "0"));
  }) as [bigint, bigint];
  return after ? one > other : one >= other;
}
