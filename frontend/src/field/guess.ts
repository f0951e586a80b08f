// The category of a few words, guessed on the telephone by the words that the pack's examples gave each.
import type { Category } from "./day";

export function guessed(text: string, categories: Category[], most = 3): Category[] {
  const scored = categories
    .map((one) => ({ one, score: one.words.reduce((sum, word, n) => sum + (text.includes(word) ? 1 + 1 / (n + 1) : 0), 0) }))
    .filter(({ score }) => score > 0);
  return scored.sort((a, b) => b.score - a.score).slice(0, most).map(({ one }) => one);
}
