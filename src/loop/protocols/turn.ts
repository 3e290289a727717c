/**
 * What one reply of a model in the XML protocol comes to.
 */

/** Why a reply is no proper turn; see `ReactXmlResult.error`. */
export type ReactXmlError = 'empty' | 'no_protocol' | 'truncated_action' | 'bad_args';

/** A call of a tool, as the model meant it. `args` is what it wrote, not yet checked against a schema. */
export interface ReactXmlAction {
  name: string;
  args: Record<string, unknown>;
}

/** What `parseReactXml` makes of a reply. */
export interface ReactXmlResult {
  /** The thoughts that are not empty, in order. */
  thoughts: string[];
  /** The calls to be run, in order, each once. */
  actions: ReactXmlAction[];
  answer: string | null;
  /** An action or an answer was obtained although the reply was not in exactly the form asked for. */
  recovered: boolean;
  /**
   * `empty`: nothing there. `truncated_action`: an action was cut off. `bad_args`: an action whose name or arguments
   * cannot be determined. `no_protocol`: neither action nor answer; prose at the end is then the answer.
   */
  error: null | ReactXmlError;
}

/** What was wrong with one action, in words for the model that wrote it. */
export interface ReactXmlProblem {
  readonly kind: 'truncated_action' | 'bad_args';
  /** The tool, where its name is known. */
  readonly name?: string;
  /** A clause that completes "The action could not be run: …". */
  readonly detail: string;
}

/** A result with what a repair message needs. */
export interface ReactXmlReading {
  readonly result: ReactXmlResult;
  readonly problems: readonly ReactXmlProblem[];
}
