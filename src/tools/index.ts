import type { Tool } from '../core/tool';
import { withCheckedArguments } from './arguments';
import { createAnalyzeComplexityTool } from './complexity';
import { createDiagnosticsTool } from './diagnostics';
import { createListFilesTool } from './listFiles';
import { createReadFileTool } from './readFile';
import { createFindReferencesTool } from './references';
import { createSearchTextTool } from './searchText';
import { createDocumentSymbolsTool } from './symbols';
import type { WorkspacePort } from './workspace';

/** Names of the workspace tools, in the order in which models are told of them. */
export const toolNames = [
  'read_file',
  'list_files',
  'search_text',
  'document_symbols',
  'find_references',
  'diagnostics',
  'analyze_complexity',
] as const;

export interface ToolsOptions {
  /** Names of the tools that are wanted; all of them if left out. */
  readonly only?: readonly string[];
}

/** The tools over a workspace. All of them only read. They check their arguments themselves, whoever calls. */
export function createTools(workspace: WorkspacePort, options: ToolsOptions = {}): readonly Tool[] {
  const tools = [
    createReadFileTool(workspace),
    createListFilesTool(workspace),
    createSearchTextTool(workspace),
    createDocumentSymbolsTool(workspace),
    createFindReferencesTool(workspace),
    createDiagnosticsTool(workspace),
    createAnalyzeComplexityTool(workspace),
  ];
  const { only } = options;
  return tools.filter((tool) => only?.includes(tool.name) ?? true).map(withCheckedArguments);
}
