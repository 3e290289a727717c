/** UTF-16 units per token that tokenizers of current models reach on English text and code. */
const unitsPerToken = 4;
/** The same for text outside Latin scripts, such as Chinese. */
const wideUnitsPerToken = 1.5;

/**
 * About how many tokens a text has, from its characters: loading a tokenizer costs more than a turn. Within
 * about a fifth for code and prose; calibrate with the usage that a server reports.
 */
export function estimateTokens(text: string): number {
  let wide = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 0x2ff) {
      wide += 1;
    }
  }
  return Math.ceil((text.length - wide) / unitsPerToken + wide / wideUnitsPerToken);
}
