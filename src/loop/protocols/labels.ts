/**
 * The labelled lines of classic ReAct: `Thought:`, `Action:`, `Action Input:`, `Final Answer:`, also bold, as headings
 * or in Chinese; and the lines with which a model invents what others say.
 */

/** What a labelled line begins. `person` is an invented turn of the user. */
export type LabelKind = 'thought' | 'action' | 'input' | 'answer' | 'observation' | 'person';

/** A label at the beginning of a line. */
export interface Label {
  readonly kind: LabelKind;
  /** Index of the first character of the line. */
  readonly start: number;
  /** Index behind the label, its colon and its emphasis. */
  readonly end: number;
}

const WORDS: readonly (readonly [LabelKind, string])[] = [
  ['input', 'action[ _]?input|行动输入|动作输入'],
  ['thought', 'thought|思考|想法'],
  ['action', 'action|行动|动作'],
  ['answer', 'final[ _]?answer|最终答案'],
  ['observation', 'observation|观察结果|观察'],
  ['person', 'human|user|用户'],
];
const KIND_OF = WORDS.map(([kind, words]) => [kind, new RegExp(`^(?:${words})$`, 'i')] as const);
// No two neighbouring parts may match the same blanks: long runs of spaces would take quadratic time.
const LABEL = new RegExp(
  `^[ \\t]*(#{1,6}[ \\t]*)?([*_]{1,3}[ \\t]*)?(${WORDS.map(([, words]) => words).join('|')})(?:[ \\t]?\\d{1,3})?[ \\t]*([*_]{1,3}[ \\t]*)?([:：](?:[ \\t]*[*_]{1,3}(?=\\s|$))?|(?=\\r?\\n|$))`,
  'gim',
);

/**
 * The first label in `text` between `from` and `to`. The place `from` must not be in the middle of a line unless
 * `atLineStart` says that it counts as a beginning.
 */
export function findLabel(text: string, from: number, to: number, atLineStart: boolean): Label | undefined {
  const slice = text.slice(from, to);
  LABEL.lastIndex = 0;
  for (let match = LABEL.exec(slice); match !== null; match = LABEL.exec(slice)) {
    const [whole, heading, bold, word = '', , colon] = match;
    const hasColon = colon !== undefined && colon !== '';
    // Without a colon only a heading or a bold line of its own is a label; at the cut end of the slice it is unknown.
    const stands = hasColon || ((heading !== undefined || bold !== undefined) && !(from + match.index + whole.length === to && to < text.length));
    if (stands && (match.index > 0 || atLineStart)) {
      const kind = KIND_OF.find(([, pattern]) => pattern.test(word))?.[0];
      if (kind === undefined) continue;
      const start = from + match.index;
      let end = start + whole.length;
      if (bold !== undefined && hasColon) end += /^[*_]{0,3}/.exec(text.slice(end, end + 3))?.[0].length ?? 0;
      return { kind, start, end };
    }
    if (LABEL.lastIndex === match.index) LABEL.lastIndex += 1;
  }
  return undefined;
}

/** Whether the place in the text is the beginning of a line, blanks and what ends before `origin` apart. */
export function beginsLine(text: string, at: number, origin: number): boolean {
  for (let index = at - 1; index >= origin; index -= 1) {
    const char = text.charAt(index);
    if (char === '\n') return true;
    if (char !== ' ' && char !== '\t' && char !== '\r' && char !== '*' && char !== '_' && char !== '\ufeff') return false;
  }
  return true;
}
