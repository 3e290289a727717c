import type { ModelChunk } from '../../src/core/model';

/** All chunks of a stream. */
export async function collect(stream: AsyncIterable<ModelChunk>): Promise<ModelChunk[]> {
  const chunks: ModelChunk[] = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
  }
  return chunks;
}

/** The text that is valid at the end: what came before a `restart` is void. */
export function textOf(chunks: readonly ModelChunk[]): string {
  let text = '';
  for (const chunk of chunks) {
    text = chunk.type === 'restart' ? '' : chunk.type === 'text' ? text + chunk.text : text;
  }
  return text;
}

/** The codes of the errors in a list of chunks. */
export function errorCodes(chunks: readonly ModelChunk[]): string[] {
  return chunks.flatMap((chunk) => (chunk.type === 'error' ? [chunk.error.code] : []));
}
