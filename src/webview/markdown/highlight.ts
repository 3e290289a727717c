import { highlightLanguage, highlighter } from '../../transcript/highlighter';
import { element } from '../view/dom';

type Emitter = InstanceType<NonNullable<Parameters<ReturnType<typeof highlighter>['configure']>[0]['__emitter']>>;

/** Takes what the highlighter finds and makes elements of it, where its own emitter makes a string of HTML. */
class ElementEmitter implements Emitter {
  readonly fragment = document.createDocumentFragment();
  readonly #open: (DocumentFragment | HTMLElement)[] = [this.fragment];

  startScope(scope: string): void {
    const [first = '', ...rest] = scope.split('.');
    // A sub-language inside of another one has no class of its own.
    const names = scope.startsWith('language:') ? [] : [`hljs-${first}`, ...rest.map((part, index) => `${part}${'_'.repeat(index + 1)}`)];
    const span = element('span', { class: names.join(' ') });
    this.#top().append(span);
    this.#open.push(span);
  }

  endScope(): void {
    if (this.#open.length > 1) {
      this.#open.pop();
    }
  }

  /** The names of these two in older versions of the library. */
  openNode(scope: string): void {
    this.startScope(scope);
  }

  closeNode(): void {
    this.endScope();
  }

  addText(text: string): void {
    if (text !== '') {
      this.#top().append(text);
    }
  }

  __addSublanguage(emitter: Emitter, name: string): void {
    if (emitter instanceof ElementEmitter) {
      this.#top().append(element('span', { 'data-language': name }, emitter.fragment));
    }
  }

  toHTML(): string {
    return '';
  }

  finalize(): void {
    this.#open.length = 1;
  }

  #top(): DocumentFragment | HTMLElement {
    return this.#open.at(-1) ?? this.fragment;
  }
}

let isReady = false;

/** Code as elements with the classes of highlight.js; plain text where the language is not known or the code is long. */
export function highlighted(code: string, language: string): Node {
  const name = highlightLanguage(code, language);
  if (name === undefined) {
    return document.createTextNode(code);
  }
  if (!isReady) {
    isReady = true;
    highlighter().configure({ __emitter: ElementEmitter });
  }
  const emitter = highlighter().highlight(code, { language: name, ignoreIllegals: true })._emitter;
  return emitter instanceof ElementEmitter ? emitter.fragment : document.createTextNode(code);
}
