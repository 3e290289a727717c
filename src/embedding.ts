/*
 * What `dist/core.mjs` exports: the engine without VS Code. Importing it loads no model client and no grammar; both come
 * with their first use.
 */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setGrammarSource } from './analysis/index';
import { createGrammarSource } from './node/grammars';

// Beside the bundle lie the grammars of the build; run from source, they come from the installed package.
setGrammarSource(createGrammarSource({ folder: dirname(fileURLToPath(import.meta.url)), from: import.meta.url }));

export { runLoop, type LoopParts } from './loop/runLoop';
export { createRunner, type RunHandle, type Runner } from './app/runner';
export { checkAnswer, createAnswerCheck } from './app/checkAnswer';
export { analyzeComplexity, canAnalyze, checkClaim, setGrammarSource, type ComplexityReport, type GrammarSource } from './analysis/index';
export { parseReactXml, ReactXmlReader, type ReactXmlResult } from './loop/protocols/reactXml';
export { parseJsonStep, type JsonStep, type JsonStepFailure } from './loop/protocols/jsonSteps';
export { builtInModel } from './models/builtIn/index';
export { createModel, createModelMemory, guardModel, listModels, type ModelChoice, type ModelDependencies } from './models/index';
export { createTools, toolNames } from './tools/index';
export type { WorkspacePort } from './tools/workspace';
export { createNodeWorkspace } from './node/workspace';
export { createGrammarSource } from './node/grammars';
export { reduceRun, runFromEvents, type Run, type RunAction, type RunStep } from './core/run';
export { isStepwiseError, StepwiseError, type ErrorCode, type ErrorData } from './core/errors';
export type { RunEvent, RunOutcome, RunTotals } from './core/events';
export type { ChatMessage, ChatModel, ModelChunk, ModelInfo, ModelRequest, TokenUsage } from './core/model';
export type { CodeExcerpt, ReasoningOptions, ReasoningRequest, TaskKind } from './core/request';
export type { Tool, ToolDefinition, ToolResult } from './core/tool';
export type { ClaimVerdict } from './core/verdict';
