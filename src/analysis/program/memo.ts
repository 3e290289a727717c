const memos: Memo<object, unknown>[] = [];

/**
 * What was found out about parts of the program at hand (statements, blocks, functions), kept until the analysis ends. A
 * `WeakMap` would need no end, but its entries are looked through at every collection of garbage, and asking it costs
 * more. One for each thing that is kept, made when its file is loaded.
 */
export class Memo<Key extends object, Value> extends Map<Key, Value> {
  constructor() {
    super();
    memos.push(this);
  }
}

/** Lets go of everything that is kept. Another analysis that waits for its turn finds it out anew. */
export function forgetAll(): void {
  for (const memo of memos) {
    if (memo.size > 0) {
      memo.clear();
    }
  }
}
