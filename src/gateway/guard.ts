import { createHash, timingSafeEqual } from 'node:crypto';

/** Why a request is turned away before its route or body is looked at. */
export type Refusal = 'bad-host' | 'bad-origin' | 'no-token' | 'bad-token';

/** What a guard knows of its server. */
export interface GuardOptions {
  readonly token: string;
  /** The port that the server listens on. */
  readonly port: number;
  /** Origins that a browser page may come from; none by default. */
  readonly allowedOrigins: readonly string[];
}

/** What a guard looks at: headers alone. */
export interface GuardedHeaders {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
}

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Whether a request may pass. Host: only loopback names with our own port, so that a page whose name was rebound to
 * 127.0.0.1 is refused. Origin: absent (no browser) or configured. Token: a bearer token, compared in constant time.
 */
export function checkRequest(headers: GuardedHeaders, options: GuardOptions): Refusal | undefined {
  const origin = checkOrigin(headers, options);
  return checkHost(headers, options) ?? origin ?? checkToken(headers, options);
}

/** The part of the check that holds for routes without a token as well. */
export function checkSource(headers: GuardedHeaders, options: GuardOptions): Refusal | undefined {
  return checkHost(headers, options) ?? checkOrigin(headers, options);
}

function checkHost({ host }: GuardedHeaders, { port }: GuardOptions): Refusal | undefined {
  const allowed = loopbackNames.map((name) => `${name}:${String(port)}`);
  return host !== undefined && allowed.includes(host.toLowerCase()) ? undefined : 'bad-host';
}

function checkOrigin({ origin }: GuardedHeaders, { allowedOrigins }: GuardOptions): Refusal | undefined {
  return origin === undefined || allowedOrigins.includes(origin) ? undefined : 'bad-origin';
}

function checkToken({ authorization }: GuardedHeaders, { token }: GuardOptions): Refusal | undefined {
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (given === undefined) {
    return 'no-token';
  }
  // Hashes have one length, so the comparison tells nothing of the token's.
  return timingSafeEqual(digest(given), digest(token)) ? undefined : 'bad-token';
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
