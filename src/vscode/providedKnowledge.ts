import * as vscode from 'vscode';
import type { CodeKnowledge, ReferencePlace, ReferencePlaces } from '../tools/folderWorkspace';
import type { CheckedPath } from '../tools/paths';
import type { CodeDiagnostic, CodeSymbol, ReferenceQuery, Severity, SymbolKind } from '../tools/workspace';
import { pathOfUri } from './selection';

/** Longest wait for a language extension, in ms: one that is still starting up must not hold up a run. */
const providerLimitMs = 5000;

/** Finds the URI of a workspace folder by its index. */
export type FolderUri = (folder: number) => vscode.Uri | undefined;

/** What language extensions know of code. Places outside the workspace folders are left out. */
export function createProvidedKnowledge(folderUri: FolderUri): CodeKnowledge {
  const uriOf = ({ folder, relative }: CheckedPath): vscode.Uri | undefined => {
    const root = folderUri(folder);
    return root === undefined ? undefined : vscode.Uri.joinPath(root, ...relative.split('/'));
  };
  return {
    async documentSymbols(path) {
      const uri = uriOf(path);
      const symbols = uri === undefined ? undefined : await ask<readonly ProvidedSymbol[]>('vscode.executeDocumentSymbolProvider', uri);
      return symbols === undefined || symbols.length === 0
        ? undefined
        : { symbols: symbols.map(codeSymbol), knowledge: 'language-server' };
    },
    async findReferences(query, path) {
      const uri = uriOf(path);
      return uri === undefined ? undefined : await providedReferences(query, uri);
    },
    diagnostics(path) {
      const uri = path === undefined ? undefined : uriOf(path);
      const reported: readonly (readonly [vscode.Uri, readonly vscode.Diagnostic[]])[] =
        uri === undefined ? vscode.languages.getDiagnostics() : [[uri, vscode.languages.getDiagnostics(uri)]];
      return Promise.resolve(
        reported.flatMap(([file, diagnostics]) => (isInWorkspace(file) ? diagnostics.map((diagnostic) => codeDiagnostic(file, diagnostic)) : [])),
      );
    },
  };
}

type ProvidedSymbol = vscode.DocumentSymbol | vscode.SymbolInformation;

async function ask<Answer>(command: string, ...args: readonly unknown[]): Promise<Answer | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), providerLimitMs);
  });
  try {
    return await Promise.race([vscode.commands.executeCommand<Answer | undefined>(command, ...args), limit]);
  } catch {
    // A provider that fails is one that does not answer: the syntax trees do.
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

async function providedReferences(query: ReferenceQuery, uri: vscode.Uri): Promise<ReferencePlaces | undefined> {
  const document = await openDocument(uri);
  const position = document === undefined ? undefined : positionOf(document, query);
  if (position === undefined) {
    return undefined;
  }
  const [locations, definitions] = await Promise.all([
    ask<readonly vscode.Location[]>('vscode.executeReferenceProvider', uri, position),
    ask<readonly (vscode.Location | vscode.LocationLink)[]>('vscode.executeDefinitionProvider', uri, position),
  ]);
  const inside = (locations ?? []).filter((location) => isInWorkspace(location.uri));
  if (inside.length === 0) {
    return undefined;
  }
  const defined = new Set((definitions ?? []).map((place) =>
    'targetUri' in place ? placeKey(place.targetUri, (place.targetSelectionRange ?? place.targetRange).start) : placeKey(place.uri, place.range.start)));
  const shown = inside.slice(0, query.maxResults);
  return {
    references: shown.map((location) => referencePlace(location, defined.has(placeKey(location.uri, location.range.start)))),
    truncated: inside.length > shown.length,
    knowledge: 'language-server',
  };
}

function placeKey(uri: vscode.Uri, { line }: vscode.Position): string {
  return `${uri.toString()}#${String(line)}`;
}

/** Where the symbol stands: on the line that was named, or else for the first time. */
function positionOf(document: vscode.TextDocument, { symbol, line }: ReferenceQuery): vscode.Position | undefined {
  const word = new RegExp(`(?<![\\p{L}\\p{N}_$])${symbol.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')}(?![\\p{L}\\p{N}_$])`, 'u');
  const lines = line === undefined || line > document.lineCount ? undefined : document.lineAt(line - 1).text;
  const onLine = lines === undefined ? -1 : lines.search(word);
  if (line !== undefined && onLine !== -1) {
    return new vscode.Position(line - 1, onLine);
  }
  const anywhere = document.getText().search(word);
  return anywhere === -1 ? undefined : document.positionAt(anywhere);
}

function referencePlace({ uri, range }: vscode.Location, isDefinition: boolean): ReferencePlace {
  return { path: pathOfUri(uri), line: range.start.line + 1, column: range.start.character + 1, isDefinition };
}

async function openDocument(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(uri);
  } catch {
    return undefined;
  }
}

function isInWorkspace(uri: vscode.Uri): boolean {
  return vscode.workspace.getWorkspaceFolder(uri) !== undefined;
}

function codeDiagnostic(uri: vscode.Uri, { range, severity, message, source }: vscode.Diagnostic): CodeDiagnostic {
  return {
    path: pathOfUri(uri),
    range: { startLine: range.start.line + 1, endLine: range.end.line + 1 },
    column: range.start.character + 1,
    severity: severityOf(severity),
    message,
    ...(source === undefined ? {} : { source }),
  };
}

function severityOf(severity: vscode.DiagnosticSeverity): Severity {
  switch (severity) {
    case vscode.DiagnosticSeverity.Error:
      return 'error';
    case vscode.DiagnosticSeverity.Warning:
      return 'warning';
    case vscode.DiagnosticSeverity.Information:
      return 'information';
    case vscode.DiagnosticSeverity.Hint:
      return 'hint';
  }
}

const kinds: Readonly<Partial<Record<vscode.SymbolKind, SymbolKind>>> = {
  [vscode.SymbolKind.Module]: 'module',
  [vscode.SymbolKind.Namespace]: 'namespace',
  [vscode.SymbolKind.Package]: 'module',
  [vscode.SymbolKind.Class]: 'class',
  [vscode.SymbolKind.Method]: 'method',
  [vscode.SymbolKind.Property]: 'property',
  [vscode.SymbolKind.Field]: 'property',
  [vscode.SymbolKind.Constructor]: 'constructor',
  [vscode.SymbolKind.Enum]: 'enum',
  [vscode.SymbolKind.Interface]: 'interface',
  [vscode.SymbolKind.Function]: 'function',
  [vscode.SymbolKind.Variable]: 'variable',
  [vscode.SymbolKind.Constant]: 'constant',
  [vscode.SymbolKind.Struct]: 'struct',
};

function codeSymbol(symbol: ProvidedSymbol): CodeSymbol {
  const range = 'range' in symbol ? symbol.range : symbol.location.range;
  return {
    name: symbol.name,
    kind: kinds[symbol.kind] ?? 'other',
    range: { startLine: range.start.line + 1, endLine: range.end.line + 1 },
    children: 'children' in symbol ? symbol.children.map(codeSymbol) : [],
  };
}
