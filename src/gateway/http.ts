import type { Context } from 'hono';
import type { z } from 'zod';
import type { HttpError } from './httpErrors';
import { httpError } from './httpErrors';

/** Largest body in bytes. */
const bodyLimit = 4 * 1024 * 1024;

/** A request that cannot be served, thrown by a route. */
export class RequestFault extends Error {
  readonly fault: HttpError;

  constructor(fault: HttpError) {
    super(fault.body.error.message);
    this.name = 'RequestFault';
    this.fault = fault;
  }
}

/** The body by its schema; throws a `RequestFault` that names the first place that does not fit. */
export async function readBody<Schema extends z.ZodType>(context: Context, schema: Schema): Promise<z.infer<Schema>> {
  const declared = Number(context.req.header('content-length') ?? '0');
  const text = declared > bodyLimit ? undefined : await boundedText(context.req.raw);
  if (text === undefined) {
    throw new RequestFault(httpError(413, 'request_too_large', `A body may have at most ${String(bodyLimit)} bytes.`));
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RequestFault(httpError(400, 'invalid_json', 'The body is not JSON.'));
  }
  return checked(schema, value);
}

/** A value by its schema; throws a `RequestFault` that names the first place that does not fit. */
export function checked<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    const place = issue?.path.join('.') ?? '';
    throw new RequestFault(httpError(400, 'invalid_value', `${place === '' ? 'The request' : place}: ${issue?.message ?? 'not valid'}`, place));
  }
  return result.data;
}

/** An error in OpenAI's form. */
export function sendError(context: Context, { status, body }: HttpError): Response {
  if (status === 429) {
    context.header('retry-after', '5');
  }
  return context.json(body, status as 400);
}

/** The text of a body, or undefined as soon as it is over the limit, whatever its length was declared as. */
async function boundedText(request: Request): Promise<string | undefined> {
  if (request.body === null) {
    return '';
  }
  const decoder = new TextDecoder();
  let size = 0;
  let text = '';
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > bodyLimit) {
      return undefined;
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
