import createMarkdownIt from 'markdown-it';
import type { Env, MarkdownIt, Token } from 'markdown-it';
import { mathPlugin } from './mathSyntax';

/** What the parser remembers between parts of one text, such as the targets of links. */
export type ParserMemory = Env;

/** A piece of Markdown as the parser gives it. */
export type MarkdownToken = Token;

/*
 * Markdown as answers and thoughts have it, for all that show it: the panel makes elements of these pieces, the export
 * makes HTML. Nothing of a text becomes markup but by what they make of it.
 */

let parser: MarkdownIt | undefined;

/**
 * The pieces of a Markdown text. HTML is text like any other. Addresses are not judged here but where elements are
 * made of them.
 */
export function parseMarkdown(text: string, memory: ParserMemory): readonly MarkdownToken[] {
  parser ??= createParser();
  return parser.parse(text, memory);
}

/** Target of a link that may be opened: a web page or a mail address. */
export function safeAddress(address: string): string | undefined {
  return /^(?:https?:\/\/|mailto:)[^\s<>"]+$/i.test(address) ? address : undefined;
}

function createParser(): MarkdownIt {
  const made = createMarkdownIt('default', { html: false, linkify: false, typographer: false });
  made.use(mathPlugin);
  // The parser would turn what it takes for unsafe into plain text with brackets; here it becomes a label.
  made.validateLink = () => true;
  return made;
}
