import katex from 'katex';
import { t } from '../../core/l10n';
import type { SourceReference } from '../../core/request';
import { placeText } from '../../core/wording';
import { copyButton, element, icon } from '../view/dom';
import { findCitations, readPlace } from './citations';
import { highlighted } from './highlight';
import type { MarkdownToken } from '../../transcript/markdownParser';
import { safeAddress } from '../../transcript/markdownParser';

/** What rendered Markdown can ask for. */
export interface MarkdownServices {
  /** The file that lines without a path belong to. */
  readonly ownPath?: string;
  copy(text: string): void;
  openSource(reference: SourceReference): void;
  /** Told of each link to a place, so that it can be checked. */
  onCitation?(link: HTMLElement, reference: SourceReference): void;
}

/** State of a text that is rendered in parts. */
export interface RenderState {
  /** Levels of the headings above the next one, as the text has them. */
  headings: number[];
}

/** Elements that Markdown can make; anything else is left out. */
const tags: ReadonlySet<string> = new Set([
  'p', 'blockquote', 'ul', 'ol', 'li', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'em', 'strong', 's',
]);

/** Puts the elements for `tokens` into `parent`. Everything that is text goes in as text. */
export function renderTokens(tokens: readonly MarkdownToken[], parent: Node, services: MarkdownServices, state: RenderState): void {
  const open: Node[] = [parent];
  const top = (): Node => open.at(-1) ?? parent;
  let isInLink = false;
  for (const token of tokens) {
    if (token.type === 'link_open') {
      const link = linkElement(String(token.attrGet('href') ?? ''), services);
      top().appendChild(link);
      open.push(link);
      isInLink = true;
    } else if (token.type === 'link_close') {
      open.pop();
      isInLink = false;
    } else if (token.nesting === 1) {
      open.push(openElement(token, top(), state));
    } else if (token.nesting === -1) {
      open.pop();
    } else {
      renderLeaf(token, top(), services, state, isInLink);
    }
  }
}

/** Opens the element of a token. A token without one of its own, as a paragraph in a tight list, goes into `parent`. */
function openElement(token: MarkdownToken, parent: Node, state: RenderState): Node {
  if (token.hidden) {
    return parent;
  }
  if (token.type === 'heading_open') {
    const heading = document.createElement(headingTag(Number(token.tag.slice(1)), state));
    parent.appendChild(heading);
    return heading;
  }
  if (!tags.has(token.tag)) {
    return parent;
  }
  const made = document.createElement(token.tag);
  if (token.type === 'table_open') {
    // Wide tables scroll on their own, by keyboard as well.
    parent.appendChild(element('div', { class: 'table-scroller', tabindex: 0, role: 'group', 'aria-label': t('Table') }, made));
    return made;
  }
  const start = token.attrGet('start');
  if (start !== null) {
    made.setAttribute('start', String(Number(start)));
  }
  const align = /text-align:(left|center|right)/.exec(String(token.attrGet('style') ?? ''))?.[1];
  if (align !== undefined) {
    made.classList.add(`align-${align}`);
  }
  parent.appendChild(made);
  return made;
}

/** Headings begin below those of the panel and leave out no level, whatever the text does: screen readers go by them. */
function headingTag(level: number, state: RenderState): string {
  while ((state.headings.at(-1) ?? 0) >= level) {
    state.headings.pop();
  }
  state.headings.push(level);
  return `h${String(Math.min(6, 2 + state.headings.length))}`;
}

function renderLeaf(token: MarkdownToken, parent: Node, services: MarkdownServices, state: RenderState, isInLink: boolean): void {
  switch (token.type) {
    case 'inline':
      renderTokens(token.children ?? [], parent, services, state);
      return;
    case 'text':
      renderText(token.content, parent, services, isInLink);
      return;
    case 'softbreak':
      parent.appendChild(document.createTextNode('\n'));
      return;
    case 'hardbreak':
      parent.appendChild(element('br'));
      return;
    case 'hr':
      parent.appendChild(element('hr'));
      return;
    case 'code_inline':
      parent.appendChild(inlineCode(token.content, services, isInLink));
      return;
    case 'fence':
    case 'code_block':
      parent.appendChild(codeBlock(token.content.replace(/\n$/, ''), token.info, services));
      return;
    case 'math_inline':
      parent.appendChild(formula(token.content, token.markup === '$$' || token.markup === '\\['));
      return;
    case 'math_block':
      parent.appendChild(element('div', { class: 'formula', tabindex: 0, role: 'group', 'aria-label': t('Formula') }, formula(token.content, true)));
      return;
    case 'image':
      parent.appendChild(imageLabel(token, services));
      return;
    default:
      if (token.content !== '') {
        parent.appendChild(document.createTextNode(token.content));
      }
  }
}

function renderText(text: string, parent: Node, services: MarkdownServices, isInLink: boolean): void {
  let done = 0;
  for (const { start, end, reference } of isInLink ? [] : findCitations(text, services.ownPath)) {
    parent.appendChild(document.createTextNode(text.slice(done, start)));
    parent.appendChild(citationLink(text.slice(start, end), reference, services));
    done = end;
  }
  if (done < text.length) {
    parent.appendChild(document.createTextNode(text.slice(done)));
  }
}

function inlineCode(text: string, services: MarkdownServices, isInLink: boolean): Node {
  const code = element('code', {}, text);
  const reference = isInLink ? undefined : readPlace(text);
  if (reference === undefined) {
    return code;
  }
  const link = citationLink('', reference, services);
  link.append(code);
  return link;
}

/** A link to a place in a file. The host opens it; there is no address behind it. */
function citationLink(text: string, reference: SourceReference, services: MarkdownServices): HTMLElement {
  // A button would stand in the line like a picture, with breaks around it; a link would need an address.
  const link = element('span', { role: 'link', tabindex: 0, class: 'citation', title: t('Open {0}', placeText(reference.path, reference.range)) }, text);
  link.addEventListener('click', () => services.openSource(reference));
  link.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      services.openSource(reference);
    }
  });
  services.onCitation?.(link, reference);
  return link;
}

function linkElement(target: string, services: MarkdownServices): HTMLElement {
  const reference = readPlace(decoded(target));
  if (reference !== undefined) {
    return citationLink('', reference, services);
  }
  const address = safeAddress(target);
  // What leads nowhere safe is shown as what it says; hovering tells where it wanted to go.
  return address === undefined ? element('span', { title: target }) : element('a', { href: address, title: address, rel: 'noreferrer' });
}

/** An image is not loaded: its address may lie anywhere. */
function imageLabel(token: MarkdownToken, services: MarkdownServices): Node {
  const label = linkElement(String(token.attrGet('src') ?? ''), services);
  label.append(icon('file-media'), ` ${token.content === '' ? t('Image') : token.content}`);
  return label;
}

function codeBlock(code: string, language: string, services: MarkdownServices): Node {
  const name = language.trim().split(/\s/, 1)[0] ?? '';
  return element(
    'div',
    { class: 'code-block' },
    element(
      'div',
      { class: 'code-head' },
      element('span', {}, name),
      copyButton(t('Copy code'), t('Copied'), () => services.copy(code)),
    ),
    element('pre', { tabindex: 0, role: 'group', 'aria-label': name === '' ? t('Code') : t('Code in {0}', name) }, element('code', {}, highlightedNode(code, name))),
  );
}

function highlightedNode(code: string, language: string): Node {
  try {
    return highlighted(code, language);
  } catch {
    // A grammar that stumbles over some code must not take the answer with it.
    return document.createTextNode(code);
  }
}

function formula(tex: string, isDisplay: boolean): Node {
  const place = element('span', { class: 'math' });
  try {
    // Builds elements, and sets styles by script, which the page's policy allows.
    katex.render(tex, place, { displayMode: isDisplay, throwOnError: true, trust: false, strict: 'ignore', maxExpand: 500, maxSize: 20 });
    return place;
  } catch {
    return element('code', {}, tex);
  }
}

function decoded(target: string): string {
  try {
    return decodeURI(target);
  } catch {
    return target;
  }
}
