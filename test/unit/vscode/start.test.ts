import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { readSources } from '../../support/sourceFiles';

const sources = new Map(readSources().map(({ path: file, text }) => [file, text]));

/** Files of `src/` that a file loads when it is loaded itself: types and `import()` load nothing. */
function loadedBy(file: string): readonly string[] {
  const tree = ts.createSourceFile(file, sources.get(file) ?? '', ts.ScriptTarget.Latest);
  return tree.statements.flatMap((statement) => {
    const isLoading = (ts.isImportDeclaration(statement) && statement.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword) || (ts.isExportDeclaration(statement) && !statement.isTypeOnly);
    const specifier = isLoading && statement.moduleSpecifier !== undefined && ts.isStringLiteral(statement.moduleSpecifier) ? statement.moduleSpecifier.text : '';
    return specifier.startsWith('.') ? [`${path.posix.join(path.posix.dirname(file), specifier)}.ts`] : [];
  });
}

function loadedAtStart(entry: string): ReadonlySet<string> {
  const loaded = new Set([entry]);
  for (const file of loaded) {
    loadedBy(file).forEach((other) => loaded.add(other));
  }
  return loaded;
}

describe('the start of the extension', () => {
  const loaded = loadedAtStart('src/extension.ts');

  it('loads what registers, and each file of it exists', () => {
    expect(loaded.size).toBeGreaterThan(20);
    expect([...loaded].filter((file) => !sources.has(file))).toEqual([]);
    expect(loaded).toContain('src/vscode/notesContribution.ts');
  });

  it('loads nothing that lists, reads or follows notes', () => {
    const later = ['vscode/noteFeatures', 'vscode/noteLibrary', 'vscode/noteStates', 'vscode/noteTree', 'vscode/noteLens', 'vscode/noteSharing', 'app/staleness', 'app/noteIndex', 'transcript/frontMatter', 'transcript/readNote', 'transcript/markdown'];
    expect(later.filter((file) => !sources.has(`src/${file}.ts`))).toEqual([]);
    expect(later.filter((file) => loaded.has(`src/${file}.ts`))).toEqual([]);
  });
});
