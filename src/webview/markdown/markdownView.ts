import { element } from '../view/dom';
import type { MarkdownToken, ParserMemory } from '../../transcript/markdownParser';
import { parseMarkdown } from '../../transcript/markdownParser';
import type { MarkdownServices, RenderState } from './render';
import { renderTokens } from './render';

/** Longest last block that is parsed again and again while it grows; a longer one is shown as plain text until it ends. */
const longestTail = 20_000;
/** After a parse that took long, the next waits this many times as long: parsing stays a small part of the time. */
const restFactor = 8;
/** Characters of a part of the page. Parts that are over and out of sight are not laid out (`content-visibility`). */
const partLength = 3_000;
/** Most characters that are parsed in one go: more would be felt. */
const mostAtOnce = 30_000;
/** A single block may be this long before it is cut. */
const longestBlock = 480_000;
/** Longest text that is rendered anew for a link whose target came after it. */
const longestAnew = 50_000;

/**
 * Markdown that grows. Blocks that cannot change any more are rendered once; only the last one is rendered again when
 * more text comes. A text of n characters so costs n, not n².
 */
export class MarkdownView {
  readonly #container: HTMLElement;
  #part: HTMLElement;
  /** Where the text of the part begins. */
  #partStart = 0;
  readonly #services: MarkdownServices;
  #text = '';
  /** Where the last block begins: all before it is rendered for good. */
  #settled = 0;
  #settledState: RenderState = { headings: [] };
  #memory: ParserMemory = {};
  #tail: ChildNode[] = [];
  #isComplete = true;
  #isStale = false;
  #restUntil = 0;

  constructor(container: HTMLElement, services: MarkdownServices) {
    this.#container = container;
    this.#services = services;
    this.#part = this.#newPart();
  }

  /** The text so far. It may only grow; anything else begins anew. Nothing is rendered before `render`. */
  setText(text: string, isComplete: boolean): void {
    if (text.length === this.#text.length && isComplete === this.#isComplete && text === this.#text) {
      return;
    }
    const isOther = text.length < this.#text.length || !text.startsWith(this.#text);
    // A link can have its target below: what was rendered before the target came does not know of it.
    const isMissingTargets = isComplete && this.#settled > 0 && text.length <= longestAnew && /^ {0,3}\[[^\]\n]+\]:/m.test(text);
    if (isOther || isMissingTargets) {
      this.#clear();
    }
    this.#text = text;
    this.#isComplete = isComplete;
    this.#isStale = true;
  }

  get text(): string {
    return this.#text;
  }

  /** Shows what is there, as much as fits into one frame. True where something is left for the next. */
  render(now: number): boolean {
    if (!this.#isStale) {
      return false;
    }
    if (now < this.#restUntil && !this.#isComplete) {
      return true;
    }
    const start = performance.now();
    this.#isStale = this.#renderPart();
    const end = performance.now();
    this.#restUntil = end + (end - start) * restFactor;
    return this.#isStale;
  }

  /** Renders the next part of the text. True where text is left that was not looked at. */
  #renderPart(): boolean {
    this.#tail.forEach((node) => node.remove());
    this.#tail = [];
    const rest = this.#text.slice(this.#settled);
    if (rest.length > longestTail && rest.length <= mostAtOnce && this.#lastBlockStart(rest) === 0 && !this.#isComplete) {
      this.#append([element('pre', { class: 'plain' }, rest)], true);
      return false;
    }
    const { text, tokens, blocks } = this.#nextBlocks(rest);
    const isAll = text.length === rest.length;
    // The last block may go on in what comes next. One that fills a whole part is cut: it is longer than anything people write.
    const settles = isAll && this.#isComplete ? blocks.length : Math.max(isAll ? 0 : 1, blocks.length - 1);
    this.#renderBlocks(tokens.slice(0, blocks[settles]?.token ?? tokens.length), false);
    this.#settled += settles < blocks.length ? offsetOfLine(text, blocks[settles]?.line ?? 0) : isAll && !this.#isComplete ? 0 : text.length;
    if (this.#settled - this.#partStart > partLength) {
      this.#part.classList.add('is-over');
      this.#part = this.#newPart();
      this.#partStart = this.#settled;
    }
    if (isAll && settles < blocks.length) {
      const headings = [...this.#settledState.headings];
      this.#renderBlocks(tokens.slice(blocks[settles]?.token), true);
      this.#settledState = { headings };
    }
    return !isAll;
  }

  /** The blocks at the beginning of `rest`: a part of it that parses in one go, longer only where one block fills it. */
  #nextBlocks(rest: string): { readonly text: string; readonly tokens: readonly MarkdownToken[]; readonly blocks: readonly Block[] } {
    for (let length = mostAtOnce; ; length *= 2) {
      const text = rest.length <= length ? rest : rest.slice(0, rest.lastIndexOf('\n', length) + 1 || length);
      const tokens = parseMarkdown(text, this.#memory);
      const blocks = topBlocks(tokens);
      if (blocks.length > 1 || text.length === rest.length || length >= longestBlock) {
        return { text, tokens, blocks };
      }
    }
  }

  #lastBlockStart(rest: string): number {
    // A blank line followed by text at the margin ends any block but a fence; good enough to decide how to show it.
    return rest.lastIndexOf('\n\n') === -1 || rest.startsWith('```') || rest.startsWith('~~~') ? 0 : 1;
  }

  #renderBlocks(tokens: readonly MarkdownToken[], isTail: boolean): void {
    const fragment = document.createDocumentFragment();
    renderTokens(tokens, fragment, this.#services, this.#settledState);
    this.#append([...fragment.childNodes], isTail);
  }

  #append(nodes: readonly ChildNode[], isTail: boolean): void {
    this.#part.append(...nodes);
    if (isTail) {
      this.#tail.push(...nodes);
    }
  }

  #newPart(): HTMLElement {
    const part = element('div', { class: 'markdown-part' });
    this.#container.append(part);
    return part;
  }

  #clear(): void {
    this.#container.replaceChildren();
    this.#part = this.#newPart();
    this.#partStart = 0;
    this.#text = '';
    this.#settled = 0;
    this.#settledState = { headings: [] };
    this.#memory = {};
    this.#tail = [];
  }
}

interface Block {
  /** Index of its first token. */
  readonly token: number;
  /** 0-based line of the text at which it begins. */
  readonly line: number;
}

/** The blocks of a text that are in no other. */
export function topBlocks(tokens: readonly MarkdownToken[]): readonly Block[] {
  return tokens.flatMap((token, index) => (token.level === 0 && token.nesting >= 0 && token.map !== null ? [{ token: index, line: token.map[0] }] : []));
}

/** Where a line begins, in characters. */
export function offsetOfLine(text: string, line: number): number {
  let offset = 0;
  for (let count = 0; count < line; count += 1) {
    const end = text.indexOf('\n', offset);
    if (end === -1) {
      return text.length;
    }
    offset = end + 1;
  }
  return offset;
}
