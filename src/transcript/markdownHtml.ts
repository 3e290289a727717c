import katex from 'katex';
import { t } from '../core/l10n';
import { escapeText } from './htmlText';
import { highlightLanguage, highlighter } from './highlighter';
import type { MarkdownToken } from './markdownParser';
import { parseMarkdown, safeAddress } from './markdownParser';

/*
 * Markdown → HTML for the export: the same Markdown that the panel shows, without anything to press. All text is
 * escaped; the only markup that comes from elsewhere is what highlight.js and KaTeX make of text, both of which escape.
 */

/** Elements that Markdown can make; anything else is left out. */
const tags: ReadonlySet<string> = new Set(['p', 'blockquote', 'ul', 'ol', 'li', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'em', 'strong', 's']);

/** A Markdown text as HTML. Its headings begin below `level`, and leave out no level. */
export function markdownHtml(text: string, level: number): string {
  return tokensHtml(parseMarkdown(text, {}), { level, headings: [] });
}

/** Code as HTML with the classes of highlight.js; escaped text where the language is not known or the code is long. */
export function codeHtml(code: string, language: string): string {
  const name = highlightLanguage(code, language);
  if (name === undefined) {
    return escapeText(code);
  }
  try {
    return highlighter().highlight(escapable(code), { language: name, ignoreIllegals: true }).value;
  } catch {
    // A grammar that stumbles over some code must not take the export with it.
    return escapeText(code);
  }
}

interface State {
  readonly level: number;
  /** Levels of the headings above the next one, as the text has them. */
  readonly headings: number[];
}

function tokensHtml(tokens: readonly MarkdownToken[], state: State): string {
  let html = '';
  /** What closes the elements that are open, the innermost last. */
  const closings: string[] = [];
  for (const token of tokens) {
    if (token.nesting === 1) {
      const [opening, closing] = elementHtml(token, state);
      html += opening;
      closings.push(closing);
    } else if (token.nesting === -1) {
      html += closings.pop() ?? '';
    } else {
      html += leafHtml(token, state);
    }
  }
  return html + closings.reverse().join('');
}

/** Start and end of the element of a token; both empty for one without an element of its own. */
function elementHtml(token: MarkdownToken, state: State): readonly [string, string] {
  if (token.hidden) {
    return ['', ''];
  }
  if (token.type === 'link_open') {
    return linkHtml(String(token.attrGet('href') ?? ''));
  }
  if (token.type === 'heading_open') {
    const tag = headingTag(Number(token.tag.slice(1)), state);
    return [`<${tag}>`, `</${tag}>`];
  }
  if (!tags.has(token.tag)) {
    return ['', ''];
  }
  const start = token.attrGet('start');
  const align = /text-align:(left|center|right)/.exec(String(token.attrGet('style') ?? ''))?.[1];
  const attributes = `${start === null ? '' : ` start="${String(Number(start))}"`}${align === undefined ? '' : ` class="align-${align}"`}`;
  return token.type === 'table_open' ? ['<div class="scroller"><table>', '</table></div>'] : [`<${token.tag}${attributes}>`, `</${token.tag}>`];
}

/** What leads nowhere safe is shown as what it says. */
function linkHtml(target: string): readonly [string, string] {
  const address = safeAddress(target);
  return address === undefined ? ['<span>', '</span>'] : [`<a href="${escapeText(address)}" rel="noreferrer">`, '</a>'];
}

function headingTag(level: number, { headings, level: above }: State): string {
  while ((headings.at(-1) ?? 0) >= level) {
    headings.pop();
  }
  headings.push(level);
  return `h${String(Math.min(6, above + headings.length))}`;
}

function leafHtml(token: MarkdownToken, state: State): string {
  switch (token.type) {
    case 'inline':
      return tokensHtml(token.children ?? [], state);
    case 'softbreak':
      return '\n';
    case 'hardbreak':
      return '<br>';
    case 'hr':
      return '<hr>';
    case 'code_inline':
      return `<code>${escapeText(token.content)}</code>`;
    case 'fence':
    case 'code_block':
      return `<pre><code>${codeHtml(token.content.replace(/\n$/, ''), token.info)}</code></pre>`;
    case 'math_inline':
      return formulaHtml(token.content, token.markup === '$$' || token.markup === '\\[');
    case 'math_block':
      return `<div class="scroller">${formulaHtml(token.content, true)}</div>`;
    case 'image': {
      // An image is not loaded: its address may lie anywhere.
      const [opening, closing] = linkHtml(String(token.attrGet('src') ?? ''));
      return `${opening}${escapeText(token.content === '' ? t('Image') : token.content)}${closing}`;
    }
    default:
      return escapeText(token.content);
  }
}

/** A formula as MathML, which browsers show without a style sheet or a font of their own; as code where it is broken. */
function formulaHtml(tex: string, isDisplay: boolean): string {
  try {
    return katex.renderToString(escapable(tex), {
      output: 'mathml', displayMode: isDisplay, throwOnError: true, trust: false, strict: 'ignore', maxExpand: 500, maxSize: 20,
    });
  } catch {
    return `<code>${escapeText(tex)}</code>`;
  }
}

/** Text without what HTML cannot hold. */
function escapable(text: string): string {
  return text.replace(/[\0\p{Surrogate}]/gu, '\ufffd');
}
