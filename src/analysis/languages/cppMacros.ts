/** A macro of the file: what its names stand for. Without parameters it is a word that stands for its body. */
interface Macro {
  readonly params: readonly string[] | undefined;
  readonly body: string;
}

const definition = /^[ \t]*#[ \t]*define[ \t]+([A-Za-z_]\w*)(\([^)\n]*\))?[ \t]+((?:[^\n\\]|\\(?!\r?\n)|\\\r?\n)*)/gm;

/** Texts, comments, directives and names: only names outside the others are replaced. */
const token = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+'|\/\/[^\n]*|\/\*[\s\S]*?\*\/|^[ \t]*#(?:[^\n\\]|\\(?!\r?\n)|\\\r?\n)*|\b[A-Za-z_]\w*/gm;

/** How deep macros may stand for macros, and how many characters all of them together may add. */
const deepest = 6;
const longest = 60_000;

/**
 * The source with the file's own macros replaced by what they stand for, where a parser would not understand the call:
 * `#define rep(i, n) for (int i = 0; i < n; i++)`. Lines stay where they are. Macros that paste tokens, and those that name
 * both ends of a range (which the lowering knows), are left alone.
 */
export function withoutMacros(source: string): string {
  if (!/^[ \t]*#[ \t]*define\b/m.test(source)) {
    return source;
  }
  const macros = new Map<string, Macro>();
  for (const [, name = '', list, text = ''] of source.matchAll(definition)) {
    const body = text.replace(/\\\r?\n/g, ' ').replace(/\/\/.*$|\/\*.*?\*\//g, '').trim();
    const isLoop = /^(?:for|while)\b/.test(body);
    // `#define next getchar()` is a call, and `#define fast ios::sync_with_stdio(0);` a statement where it stands alone in a line.
    const isRun = /^[\w:.]+\(\)$/.test(body) || /\)\s*;$/.test(body);
    const isRange = /\bbegin\s*\(/.test(body) && /\bend\s*\(/.test(body);
    if (body === '' || body.includes('#') || isRange || (list === undefined && !isLoop && !isRun)) {
      continue;
    }
    const params = list?.slice(1, -1).split(',').map((param) => param.trim()).filter((param) => param !== '');
    macros.set(name, { params: params?.map((param) => (param.endsWith('...') ? '__VA_ARGS__' : param)), body });
  }
  if (macros.size === 0) {
    return source;
  }
  const budget = { left: longest };
  const result = expand(source, macros, budget, 0, new Set());
  return budget.left < 0 ? source : result;
}

function expand(text: string, macros: ReadonlyMap<string, Macro>, budget: { left: number }, depth: number, open: ReadonlySet<string>): string {
  let result = '';
  let from = 0;
  const at = new RegExp(token.source, token.flags);
  for (let match = at.exec(text); match !== null && budget.left >= 0; match = at.exec(text)) {
    const [name] = match;
    const macro = macros.get(name);
    if (macro === undefined || open.has(name)) {
      continue;
    }
    const call = macro.params === undefined ? { args: [], end: match.index + name.length } : argumentsAt(text, match.index + name.length);
    if (call === undefined) {
      continue;
    }
    const body = substituted(macro, call.args);
    budget.left -= body.length;
    // Lines that the arguments took stay, behind what the macro stands for.
    const lines = text.slice(match.index, call.end).split('\n').length - 1;
    result += text.slice(from, match.index) + (depth < deepest ? expand(body, macros, budget, depth + 1, new Set([...open, name])) : body) + '\n'.repeat(lines);
    from = call.end;
    at.lastIndex = call.end;
  }
  return result + text.slice(from);
}

function substituted(macro: Macro, args: readonly string[]): string {
  const params = macro.params ?? [];
  return macro.body.replace(/\b[A-Za-z_]\w*/g, (word) => {
    const index = params.indexOf(word);
    return index < 0 ? word : word === '__VA_ARGS__' ? args.slice(index).join(', ') : (args[index] ?? '');
  });
}

/** The arguments of a call whose parenthesis opens at `start` or after blanks, and where it ends. */
function argumentsAt(text: string, start: number): { args: string[]; end: number } | undefined {
  let at = start;
  while (text[at] === ' ' || text[at] === '\t') {
    at += 1;
  }
  if (text[at] !== '(') {
    return undefined;
  }
  const args: string[] = [];
  let depth = 0;
  let from = at + 1;
  for (; at < text.length; at++) {
    const character = text[at];
    if (character === '"' || character === "'") {
      const quoted = /^"(?:[^"\\\n]|\\.)*"|^'(?:[^'\\\n]|\\.)+'/.exec(text.slice(at, at + 500));
      at += (quoted?.[0].length ?? 1) - 1;
    } else if (character === '(' || character === '[' || character === '{') {
      depth += 1;
    } else if (character === ')' || character === ']' || character === '}') {
      depth -= 1;
      if (depth === 0) {
        args.push(plain(text.slice(from, at)));
        return { args, end: at + 1 };
      }
    } else if (character === ',' && depth === 1) {
      args.push(plain(text.slice(from, at)));
      from = at + 1;
    }
  }
  return undefined;
}

function plain(argument: string): string {
  return argument.replace(/\s+/g, ' ').trim();
}
