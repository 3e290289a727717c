import { ToolNames } from './toolNames';
import type { ReactXmlReading, ReactXmlResult } from './turn';
import { readReply } from './wrappings';

export type { ReactXmlAction, ReactXmlError, ReactXmlProblem, ReactXmlReading, ReactXmlResult } from './turn';

/** What the reader has to know. */
export interface ReactXmlOptions {
  /** The names of the tools that there are. */
  readonly tools: readonly string[];
}

/** Reads a whole reply; see `turn.ts` for the result. Never throws. */
export function parseReactXml(raw: string, options: ReactXmlOptions): ReactXmlResult {
  return readReactXml(raw, options).result;
}

/** Like `parseReactXml`, with what a repair message needs. */
export function readReactXml(raw: string, options: ReactXmlOptions): ReactXmlReading {
  return readReply(raw, new ToolNames(options.tools));
}
