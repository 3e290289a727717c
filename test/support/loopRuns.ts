import type { RunEvent } from '../../src/core/events';
import type { Run } from '../../src/core/run';
import { runFromEvents } from '../../src/core/run';
import type { ReasoningOptions, ReasoningRequest } from '../../src/core/request';
import type { Tool, ToolArguments, ToolResult } from '../../src/core/tool';
import type { LoopParts } from '../../src/loop/runLoop';
import { runLoop } from '../../src/loop/runLoop';

/** A request about three lines of Python. */
export function sampleRequest(options: ReasoningOptions = {}, overrides: Partial<ReasoningRequest> = {}): ReasoningRequest {
  return {
    task: 'question',
    question: 'What does this do?',
    code: {
      uri: 'file:///shop/total.py',
      path: 'total.py',
      languageId: 'python',
      text: 'def total(prices):\n    return sum(prices)\n',
      range: { startLine: 1, endLine: 2 },
    },
    options,
    ...overrides,
  };
}

/** All events of a run, and the run that they tell. */
export interface RecordedRun {
  readonly events: readonly RunEvent[];
  readonly run: Run;
}

/** Runs the loop to its end. */
export async function recordRun(
  request: ReasoningRequest,
  parts: LoopParts,
  signal: AbortSignal = new AbortController().signal,
): Promise<RecordedRun> {
  const events: RunEvent[] = [];
  for await (const event of runLoop(request, parts, signal)) {
    events.push(event);
  }
  const run = runFromEvents(events);
  if (run === undefined) {
    throw new Error('The run never started.');
  }
  return { events, run };
}

/** A tool that takes `{path: string}`, remembers its calls and answers with `respond`. */
export function sampleTool(
  name: string,
  respond: (args: ToolArguments, signal: AbortSignal) => Promise<ToolResult> | ToolResult,
  overrides: Partial<Tool> = {},
): Tool & { readonly calls: readonly ToolArguments[] } {
  const calls: ToolArguments[] = [];
  return {
    name,
    description: `The tool ${name}.`,
    parameters: {
      type: 'object',
      properties: { path: { type: 'string' } },
      required: ['path'],
      additionalProperties: false,
    },
    readOnly: true,
    describe: (args) => `${name} ${String(args.path)}`,
    run: async (args, signal) => {
      calls.push(args);
      return await respond(args, signal);
    },
    calls,
    ...overrides,
  };
}
