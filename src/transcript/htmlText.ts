/** Text as HTML shows it, also within attributes. What HTML cannot hold is replaced. */
export function escapeText(text: string): string {
  return text
    .replace(/[\0\p{Surrogate}]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);
}
