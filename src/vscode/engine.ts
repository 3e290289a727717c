import * as vscode from 'vscode';
import type { FunctionComplexities } from '../app/functionComplexities';
import type { Runner } from '../app/runner';
import type { ChatModel } from '../core/model';
import type { Tool } from '../core/tool';
import type { LoopParts } from '../loop/runLoop';
import type { WorkspacePort } from '../tools/workspace';
import { once } from './once';
import type { FunctionFinder } from './selection';
import { syntaxFunctions } from './functions';
import type { Log } from './log';
import { currentSettings } from './surroundings';

/** The engine as this window uses it; each part is loaded when it is first asked for, and made once. */
export interface Engine {
  readonly runner: () => Promise<Runner>;
  readonly builtIn: () => Promise<ChatModel>;
  readonly workspace: () => Promise<WorkspacePort>;
  readonly workspaceTools: () => Promise<readonly Tool[]>;
  readonly checkAnswer: () => Promise<LoopParts['checkAnswer']>;
  functionComplexities(): Promise<FunctionComplexities>;
  readonly findFunctions: FunctionFinder;
}

/** Longest time in ms for which work in the background keeps others of the extension host waiting. */
const sliceMs = 15;

/** Lets others of the extension host work first, as often as a slice is over. */
function everyFewMs(): () => Promise<void> {
  let sliceEnd = performance.now() + sliceMs;
  return async () => {
    if (performance.now() >= sliceEnd) {
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
      sliceEnd = performance.now() + sliceMs;
    }
  };
}

/** The engine with its grammars from the extension's `dist/`. */
export function createEngine(extension: vscode.Uri, log: Log): Engine {
  const grammars = once(async () => {
    const [{ setGrammarSource }, { createGrammarSource }] = await Promise.all([import('../analysis/index'), import('../node/grammars')]);
    setGrammarSource(createGrammarSource({ folder: vscode.Uri.joinPath(extension, 'dist').fsPath }));
  });
  const workspace = once(async () => {
    const { createVSCodeWorkspace } = await import('./workspace');
    return createVSCodeWorkspace({ secretPatterns: () => currentSettings().secretPatterns });
  });
  return {
    findFunctions: syntaxFunctions(grammars, log),
    workspace,
    runner: once(async () => {
      const { createRunner } = await import('../app/runner');
      return createRunner((error, event) => log.error(`A view failed at ${event.type} and is left out.`, error));
    }),
    builtIn: once(async () => {
      await grammars();
      const { builtInModel } = await import('../models/builtIn/index');
      return builtInModel();
    }),
    workspaceTools: once(async () => {
      await grammars();
      const { createTools } = await import('../tools/index');
      return createTools(await workspace());
    }),
    functionComplexities: once(async () => {
      await grammars();
      const [{ FunctionComplexities: Complexities }, { analyzeComplexity }, { outlineOf }] = await Promise.all([
        import('../app/functionComplexities'),
        import('../analysis/index'),
        import('../analysis/outline/outline'),
      ]);
      return new Complexities({
        analyze: (text, languageId) => analyzeComplexity(text, languageId, { pause: everyFewMs() }),
        outline: async (text, languageId) => (await outlineOf(text, languageId)) ?? [],
      });
    }),
    checkAnswer: once(async () => {
      await grammars();
      const { createAnswerCheck } = await import('../app/checkAnswer');
      return createAnswerCheck(await workspace());
    }),
  };
}
