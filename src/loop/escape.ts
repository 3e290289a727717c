/**
 * Starts of tags and tokens that some model or reader takes for protocol: Stepwise's own, their common variants,
 * other dialects, special tokens. Only the opening mark is touched, so code stays readable.
 */
const protocolMark =
  /[<＜](?=[/／]?\s*(?:[\w-]+:)?(?:thoughts?|think|thinking|reasoning|action|action_input|answer|final_answer|observation|tool_calls?|tool_response|tool_result|tool_output|function_calls?|function_results?|function|invoke|parameter|思考|想法|行动|动作|回答|答案|最终答案|观察|观察结果)(?![\w-])|[|｜])/gi;

/**
 * Text of a file, a tool or a person as data for a prompt: it can open no tag and start no action, because the
 * `<` of everything that looks like protocol becomes `&lt;`.
 */
export function escapeProtocol(text: string): string {
  return text.replace(protocolMark, '&lt;');
}
