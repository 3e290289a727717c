/** Grammar (file name without `.wasm`) of each VS Code language id that has one. C is read by the grammar of C++. */
const grammarsById: Readonly<Record<string, string>> = {
  python: 'tree-sitter-python',
  java: 'tree-sitter-java',
  javascript: 'tree-sitter-javascript',
  javascriptreact: 'tree-sitter-javascript',
  typescript: 'tree-sitter-typescript',
  typescriptreact: 'tree-sitter-tsx',
  go: 'tree-sitter-go',
  c: 'tree-sitter-cpp',
  cpp: 'tree-sitter-cpp',
  csharp: 'tree-sitter-c-sharp',
  rust: 'tree-sitter-rust',
  ruby: 'tree-sitter-ruby',
  php: 'tree-sitter-php',
};

/** The grammar for a VS Code language id, or undefined where there is none. */
export function grammarFor(languageId: string): string | undefined {
  return Object.hasOwn(grammarsById, languageId) ? grammarsById[languageId] : undefined;
}

/** Languages whose files use each other's names, as one name; the id itself for all others. */
export function languageFamily(languageId: string): string {
  switch (languageId) {
    case 'javascript':
    case 'javascriptreact':
    case 'typescript':
    case 'typescriptreact':
      return 'javascript';
    case 'c':
    case 'cpp':
      return 'c';
    default:
      return languageId;
  }
}
