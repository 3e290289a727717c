import type { Tool } from '../core/tool';
import { checkArguments } from '../loop/arguments';
import { failed } from './toolFailure';

export { checkArguments } from '../loop/arguments';

/**
 * The tool with its arguments checked and set right before each call, for callers other than the loop: chats of
 * the editor and programs hand over whatever a model wrote.
 */
export function withCheckedArguments(tool: Tool): Tool {
  return {
    name: tool.name,
    description: tool.description,
    parameters: tool.parameters,
    readOnly: tool.readOnly,
    describe(args) {
      const checked = checkArguments(tool, args);
      return tool.describe(checked.ok ? checked.args : args);
    },
    async run(args, signal) {
      const checked = checkArguments(tool, args);
      return checked.ok ? await tool.run(checked.args, signal) : failed(checked.error);
    },
  };
}
