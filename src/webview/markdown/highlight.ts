import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import cpp from 'highlight.js/lib/languages/cpp';
import csharp from 'highlight.js/lib/languages/csharp';
import css from 'highlight.js/lib/languages/css';
import diff from 'highlight.js/lib/languages/diff';
import go from 'highlight.js/lib/languages/go';
import ini from 'highlight.js/lib/languages/ini';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import kotlin from 'highlight.js/lib/languages/kotlin';
import php from 'highlight.js/lib/languages/php';
import python from 'highlight.js/lib/languages/python';
import ruby from 'highlight.js/lib/languages/ruby';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import swift from 'highlight.js/lib/languages/swift';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import { element } from '../view/dom';

const languages = {
  bash, c, cpp, csharp, css, diff, go, ini, java, javascript, json, kotlin, php, python, ruby, rust, sql, swift, typescript, xml, yaml,
};

/** Longest code that is highlighted, in characters: beyond it, colours are not worth the wait. */
const longest = 20_000;

type Emitter = InstanceType<NonNullable<Parameters<typeof hljs.configure>[0]['__emitter']>>;

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
  prepare();
  const name = language.trim().split(/[\s,{]/, 1)[0]?.toLowerCase() ?? '';
  if (name === '' || code.length > longest || hljs.getLanguage(name) === undefined) {
    return document.createTextNode(code);
  }
  const emitter = hljs.highlight(code, { language: name, ignoreIllegals: true })._emitter;
  return emitter instanceof ElementEmitter ? emitter.fragment : document.createTextNode(code);
}

function prepare(): void {
  if (isReady) {
    return;
  }
  isReady = true;
  for (const [name, language] of Object.entries(languages)) {
    hljs.registerLanguage(name, language);
  }
  hljs.configure({ __emitter: ElementEmitter });
}
