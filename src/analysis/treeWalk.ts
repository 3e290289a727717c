import type { Tree, TreeCursor } from '@vscode/tree-sitter-wasm';

/** A place in a syntax tree in WebAssembly memory, moved from node to node. */
export interface TreeWalk {
  typeId(): number;
  /** Offsets in UTF-16 units; the end is excluded. */
  startIndex(): number;
  endIndex(): number;
  /** 0 where the node fills no field of its parent. */
  fieldId(): number;
  /** False, and not moved, where there is none. */
  toFirstChild(): boolean;
  toNextSibling(): boolean;
  toParent(): boolean;
  /** Frees it; it must not be used again. */
  delete(): void;
}

/**
 * What the package's `TreeCursor` calls in WebAssembly. It carries its four numbers into a buffer there before each call
 * and back out after each move, which costs more than the calls themselves. The cursor in the buffer stays good as long
 * as nothing else is asked of the package.
 */
const names = [
  '_ts_tree_cursor_current_node_type_id_wasm',
  '_ts_tree_cursor_start_index_wasm',
  '_ts_tree_cursor_end_index_wasm',
  '_ts_tree_cursor_current_field_id_wasm',
  '_ts_tree_cursor_goto_first_child_wasm',
  '_ts_tree_cursor_goto_next_sibling_wasm',
  '_ts_tree_cursor_goto_parent_wasm',
  '_ts_tree_cursor_delete_wasm',
] as const;

type CursorFunctions = Readonly<Record<(typeof names)[number], (tree: number) => number>>;

/** @param binding what the runtime was started with: Emscripten puts the functions of WebAssembly there. */
function hasFunctions(binding: object): binding is CursorFunctions {
  return names.every((name) => name in binding);
}

/**
 * A walk that begins at the root of `tree`. Nothing else may be asked of the package until it is deleted.
 *
 * @param binding the runtime's own object; with one that lacks the functions the package's cursor is used, which is slower.
 */
export function walkOf(tree: Tree, binding: object): TreeWalk {
  const address: unknown = Reflect.get(tree, 0);
  // Leaves the cursor in the buffer.
  const cursor = tree.walk();
  return typeof address === 'number' && hasFunctions(binding) ? directWalk(address, binding) : cursorWalk(cursor);
}

function directWalk(tree: number, binding: CursorFunctions): TreeWalk {
  const typeId = binding._ts_tree_cursor_current_node_type_id_wasm;
  const startIndex = binding._ts_tree_cursor_start_index_wasm;
  const endIndex = binding._ts_tree_cursor_end_index_wasm;
  const fieldId = binding._ts_tree_cursor_current_field_id_wasm;
  const toFirstChild = binding._ts_tree_cursor_goto_first_child_wasm;
  const toNextSibling = binding._ts_tree_cursor_goto_next_sibling_wasm;
  const toParent = binding._ts_tree_cursor_goto_parent_wasm;
  return {
    typeId: () => typeId(tree),
    startIndex: () => startIndex(tree),
    endIndex: () => endIndex(tree),
    fieldId: () => fieldId(tree),
    toFirstChild: () => toFirstChild(tree) === 1,
    toNextSibling: () => toNextSibling(tree) === 1,
    toParent: () => toParent(tree) === 1,
    delete: () => {
      binding._ts_tree_cursor_delete_wasm(tree);
    },
  };
}

function cursorWalk(cursor: TreeCursor): TreeWalk {
  return {
    typeId: () => cursor.nodeTypeId,
    startIndex: () => cursor.startIndex,
    endIndex: () => cursor.endIndex,
    fieldId: () => cursor.currentFieldId,
    toFirstChild: () => cursor.gotoFirstChild(),
    toNextSibling: () => cursor.gotoNextSibling(),
    toParent: () => cursor.gotoParent(),
    delete: () => {
      cursor.delete();
    },
  };
}
