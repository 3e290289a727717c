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

const languages = {
  bash, c, cpp, csharp, css, diff, go, ini, java, javascript, json, kotlin, php, python, ruby, rust, sql, swift, typescript, xml, yaml,
};

/** Longest code that is highlighted, in characters: beyond it, colours are not worth the wait. */
const longest = 20_000;

let isReady = false;

/** The highlighter with all of its languages. Whoever changes how it writes changes it for all. */
export function highlighter(): typeof hljs {
  if (!isReady) {
    isReady = true;
    for (const [name, language] of Object.entries(languages)) {
      hljs.registerLanguage(name, language);
    }
  }
  return hljs;
}

/** The language in which code is highlighted, from the words after a fence; undefined where it is shown plain. */
export function highlightLanguage(code: string, info: string): string | undefined {
  const name = info.trim().split(/[\s,{]/, 1)[0]?.toLowerCase() ?? '';
  return name === '' || code.length > longest || highlighter().getLanguage(name) === undefined ? undefined : name;
}
