import type { ErrorCode, StepwiseError } from '../core/errors';
import type { Refusal } from './guard';

/** An error as OpenAI's API writes it. */
export interface HttpError {
  readonly status: number;
  readonly body: {
    readonly error: {
      readonly message: string;
      readonly type: string;
      readonly code: string;
      readonly param: string | null;
    };
  };
}

/** An error with that status; `type` follows from the status as OpenAI's do. */
export function httpError(status: number, code: string, message: string, param: string | null = null): HttpError {
  return { status, body: { error: { message, type: typeOf(status), code, param } } };
}

/** An error of the engine as a client of the API sees it. */
export function httpErrorOf(error: Pick<StepwiseError, 'code' | 'message'>): HttpError {
  return httpError(statuses[error.code] ?? 500, error.code, error.message);
}

/** A refused request. What exactly did not fit is not told to somebody who may not be here. */
export function refusalError(refusal: Refusal): HttpError {
  switch (refusal) {
    case 'bad-host':
    case 'bad-origin':
      return httpError(403, refusal, 'This server answers programs on this machine only.');
    case 'no-token':
    case 'bad-token':
      return httpError(401, 'invalid_api_key', 'A bearer token is needed: Authorization: Bearer TOKEN.');
  }
}

const statuses: Partial<Record<ErrorCode, number>> = {
  'no-key': 401,
  'bad-key': 401,
  forbidden: 403,
  'no-model': 404,
  'model-not-found': 404,
  'not-found': 404,
  'rate-limited': 429,
  'over-capacity': 503,
  'request-too-large': 413,
  'bad-request': 400,
  'bad-arguments': 400,
  'unknown-tool': 400,
  unreachable: 502,
  'server-error': 502,
  'stream-broken': 502,
  'stream-stalled': 504,
  'time-limit': 504,
  cancelled: 499,
};

function typeOf(status: number): string {
  switch (status) {
    case 401:
      return 'authentication_error';
    case 403:
      return 'permission_error';
    case 404:
      return 'not_found_error';
    case 429:
      return 'rate_limit_error';
    default:
      return status >= 500 ? 'server_error' : 'invalid_request_error';
  }
}
