import { child, named, textOf, type SyntaxNode } from '../syntax';

/** What keeps the results of functions in a program, so that each is worked out once for the same arguments. */
export interface Caches {
  /** Whether a decorator, as it is written, keeps results: `@lru_cache(None)`, or a function of the program that does. */
  readonly keeps: (decorator: string) => boolean;
  /** Whether a decorator of the program runs a generator to its end, so that what it yields is what it calls, or gives back: `stack[-1].send(result)`. */
  readonly drives: (decorator: string) => boolean;
  /** Whether the function of that name is put behind one later on: `count = cache(count)`. */
  readonly wraps: (name: string) => boolean;
}

const wrapping = /^[ \t]*(\w+)[ \t]*=[ \t]*([\w.]+)(?:\([^()\n]*\))?\(\1\)/gm;

/** Looks through the functions of a module and what it assigns to their names. */
export function cachesIn(root: SyntaxNode): Caches {
  const own = new Set<string>();
  const drivers = new Set<string>();
  for (const node of named(root)) {
    const name = node.type === 'function_definition' ? child(node, 'name') : undefined;
    if (name !== undefined && remembers(node)) {
      own.add(textOf(name));
    }
    if (name !== undefined && textOf(node).includes('.send(')) {
      drivers.add(textOf(name));
    }
  }
  const keeps = (decorator: string): boolean => /\b(?:lru_)?cache\b|memoi[sz]e/i.test(decorator) || own.has(/^@?(\w+)/.exec(decorator.trim())?.[1] ?? '');
  const wrapped = new Set<string>();
  for (const [, name, by] of textOf(root).matchAll(wrapping)) {
    if (name !== undefined && by !== undefined && keeps(by)) {
      wrapped.add(name);
    }
  }
  return { keeps, drives: (decorator) => drivers.has(/^@?(\w+)/.exec(decorator.trim())?.[1] ?? ''), wraps: (name) => wrapped.has(name) };
}

/** `def keep(f): … if key not in kept: kept[key] = f(key) …`: asks a table for a key and puts there what the function gives. */
function remembers(node: SyntaxNode): boolean {
  // What it gives back is a function of its own; and the search below starts anew at each `in`.
  if (child(node, 'body')?.children.some((inner) => inner.type === 'function_definition' || inner.type === 'decorated_definition') !== true) {
    return false;
  }
  const parameters = child(node, 'parameters');
  const first = parameters === undefined ? undefined : named(parameters)[0];
  const found = /\b(\w+)\s+(?:not\s+)?in\s+(\w+)\b[^]*?\b\2\[\1\]\s*=\s*(\w+)\(/.exec(textOf(node));
  return first !== undefined && found?.[3] === textOf(first);
}
