import { isRecord, listAt, numberAt, parseJson, recordAt, stringAt } from './json';
import { mapRetryAfter } from './limitHeaders';

/** What a server said of a failure, whatever form it chose. Fields are left out where it said nothing. */
export interface ServerFault {
  /** HTTP status; left out for errors that came in mid-stream without one. */
  readonly status?: number;
  /** A stable name such as `rate_limit_exceeded`. */
  readonly code?: string;
  readonly type?: string;
  /** The field of the request that the server objects to. */
  readonly param?: string;
  /** The server's sentence; empty where it gave none. */
  readonly message: string;
  /** What the model had written when the server could not make a native call or JSON of it. */
  readonly failedGeneration?: string;
  readonly retryAfterMs?: number;
}

/** An answer with an HTTP status of 400 or more, as it came. */
export class HttpFailure extends Error {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;

  constructor(status: number, headers: Headers, body: string) {
    super(`HTTP ${String(status)}`);
    this.name = 'HttpFailure';
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}

/** More of an error body than this is a page, not a message. */
const longestMessage = 2000;

/** The fault that an HTTP failure describes. */
export function faultOfHttp(failure: HttpFailure): ServerFault {
  const body = parseJson(failure.body);
  const retryAfterMs = mapRetryAfter(failure.headers);
  const isPage = /^\s*</.test(failure.body);
  return {
    ...(readFault(body) ?? { message: isPage ? '' : failure.body.trim().slice(0, longestMessage) }),
    status: failure.status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/**
 * The fault in an event of a stream or in the body of an error: `{error: {…}}`, `{error: "…"}`, flat
 * `{message, code}`, FastAPI's `{detail}`, Groq's `{x_groq: {error}}`. Undefined where there is none.
 */
export function readFault(value: unknown): ServerFault | undefined {
  if (!isRecord(value)) {
    return undefined;
  }
  const inner = value['error'] ?? recordAt(value, 'x_groq')?.['error'];
  if (typeof inner === 'string') {
    return inner === '' ? undefined : { ...described(value), message: inner.slice(0, longestMessage) };
  }
  if (isRecord(inner)) {
    return described(inner);
  }
  const isFlat = 'message' in value || 'detail' in value || value['object'] === 'error';
  return isFlat ? described(value) : undefined;
}

function described(error: Readonly<Record<string, unknown>>): ServerFault {
  const numericCode = numberAt(error, 'code');
  const status = numberAt(error, 'status_code') ?? numberAt(error, 'status') ?? numericCode;
  const code = stringAt(error, 'code');
  const type = stringAt(error, 'type');
  const param = stringAt(error, 'param');
  const failedGeneration = generationOf(error);
  return {
    ...(status !== undefined && status >= 400 && status < 600 ? { status } : {}),
    ...(code === undefined ? {} : { code }),
    ...(type === undefined ? {} : { type }),
    ...(param === undefined ? {} : { param }),
    ...(failedGeneration === undefined ? {} : { failedGeneration }),
    message: sentence(error['message'] ?? error['detail']).slice(0, longestMessage),
  };
}

function generationOf(error: Readonly<Record<string, unknown>>): string | undefined {
  const generation = error['failed_generation'];
  return isRecord(generation) || Array.isArray(generation) ? JSON.stringify(generation) : stringAt(error, 'failed_generation');
}

function sentence(value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  if (value === undefined || value === null) {
    return '';
  }
  // Pydantic's list of what is wrong: keep the message and the place of each.
  const details = isRecord(value) ? listAt(value, 'detail') : Array.isArray(value) ? (value as unknown[]) : [];
  const lines = details.filter(isRecord).map((detail) => {
    const place = listAt(detail, 'loc').join('.');
    return `${place}: ${stringAt(detail, 'type') ?? ''} ${stringAt(detail, 'msg') ?? ''}`.trim();
  });
  return lines.length > 0 ? lines.join('; ') : JSON.stringify(value);
}
