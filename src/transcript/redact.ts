import type { Run, RunStep } from '../core/run';

/** Masks secrets in text. */
export interface Redactor {
  /** `text` with each secret replaced by `[redacted: what it was]`. Masking twice changes nothing more. */
  readonly redact: (text: string) => string;
  /** Patterns of the setting that are no regular expressions, as they were given. */
  readonly brokenPatterns: readonly string[];
}

interface SecretPattern {
  readonly kind: string;
  /** Global. A group named `keep` and one named `end` stay as they are around the mask. All repetitions are bounded or
   * cannot start at each other's characters, so that the time is linear in the text. */
  readonly pattern: RegExp;
}

/**
 * Secrets that can be told by their form. The forms are those that the services document for their tokens; several
 * were given fixed prefixes so that they can be found by scanners like this one.
 */
const knownForms: readonly SecretPattern[] = [
  { kind: 'AWS access key', pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b/g },
  { kind: 'GitHub token', pattern: /\bgh[oprsu]_[A-Za-z0-9]{36,255}\b/g },
  { kind: 'GitHub token', pattern: /\bgithub_pat_\w{22,255}\b/g },
  { kind: 'GitLab token', pattern: /\bgl(?:pat|dt|rt|ptt|cbt|oas)-[\w-]{20,100}/g },
  { kind: 'Groq key', pattern: /\bgsk_[A-Za-z0-9]{20,200}\b/g },
  { kind: 'Anthropic key', pattern: /\bsk-ant-[\w-]{20,200}/g },
  { kind: 'OpenAI key', pattern: /\bsk-(?:proj-|svcacct-|admin-|or-v1-)?[A-Za-z0-9](?:[\w-]{18,250})[A-Za-z0-9_]/g },
  { kind: 'Slack token', pattern: /\bxox[abceoprs]-[A-Za-z0-9-]{10,250}/g },
  { kind: 'Slack token', pattern: /\bxapp-\d-[A-Za-z0-9-]{10,250}/g },
  { kind: 'Slack webhook', pattern: /\bhttps:\/\/hooks\.slack\.com\/(?:services|workflows)\/[\w/]{20,200}/g },
  { kind: 'Google API key', pattern: /\bAIza[\w-]{35}(?![\w-])/g },
  { kind: 'Google OAuth token', pattern: /\bya29\.[\w-]{20,500}/g },
  { kind: 'Google client secret', pattern: /\bGOCSPX-[\w-]{20,60}/g },
  { kind: 'Stripe key', pattern: /\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,200}\b/g },
  { kind: 'Stripe webhook secret', pattern: /\bwhsec_[A-Za-z0-9+/=]{20,100}/g },
  { kind: 'npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { kind: 'PyPI token', pattern: /\bpypi-AgE[\w-]{50,400}/g },
  { kind: 'Hugging Face token', pattern: /\bhf_[A-Za-z0-9]{30,60}\b/g },
  { kind: 'SendGrid key', pattern: /\bSG\.[\w-]{16,32}\.[\w-]{16,64}/g },
  { kind: 'Twilio key', pattern: /\bSK[0-9a-f]{32}\b/g },
  { kind: 'DigitalOcean token', pattern: /\bdo[opr]_v1_[0-9a-f]{64}\b/g },
  { kind: 'Telegram bot token', pattern: /\b\d{8,10}:AA[\w-]{33}(?![\w-])/g },
  { kind: 'Azure storage key', pattern: /(?<keep>\bAccountKey=)[A-Za-z0-9+/]{60,100}={0,2}/g },
  { kind: 'JSON Web Token', pattern: /\beyJ[\w-]{8,2000}\.eyJ[\w-]{8,8000}\.[\w-]{0,2000}/g },
  { kind: 'credentials', pattern: /(?<keep>\bauthorization["']?\s{0,3}[:=]\s{0,3}["']?(?:bearer|basic|token)\s{1,3})[\w.~+/=-]{8,4000}/gi },
  { kind: 'password', pattern: /(?<keep>:\/\/[^\s/:@'"`]{1,200}:)[^\s/@'"`[\]]{1,200}(?<end>@)/g },
];

/** Secrets that can be told by the name to which they are assigned, in code and in settings files alike. */
const assignments: readonly SecretPattern[] = [
  // A quoted value. One with spaces is a sentence about passwords, such as a label.
  {
    kind: 'secret',
    pattern:
      /(?<keep>(?:passw(?:or)?d|passphrase|secret|api[_-]?key|access[_-]?key|private[_-]?key|client[_-]?key)[\w-]{0,30}["'`]?\]?\s{0,3}(?::=|=>|[=:])\s{0,3}(?<quote>["'`]))[^\s"'`]{4,500}(?<end>\k<quote>)/gi,
  },
  // "token" and the like often name parts of a language; only what looks random is one of the others.
  {
    kind: 'secret',
    pattern:
      /(?<keep>(?:token|pwd|credentials?|auth)[\w-]{0,30}["'`]?\]?\s{0,3}(?::=|=>|[=:])\s{0,3}(?<quote>["'`]))(?=[^\s"'`]{0,500}\d)[^\s"'`]{16,500}(?<end>\k<quote>)/gi,
  },
  // An environment variable, as in `.env`, shell scripts and container files.
  {
    kind: 'secret',
    pattern:
      /(?<keep>(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)[A-Z0-9_]{0,30}=)[^\s"'`$(<[{][^\s"'`]{3,500}/g,
  },
  // A value without quotes as in YAML and ini files; names of types have digits, too.
  {
    kind: 'secret',
    pattern:
      /(?<keep>(?:password|passwd|passphrase|secret|api[_-]?key|access[_-]?key|private[_-]?key)[\w-]{0,30}\s{0,3}[:=]\s{0,3})(?!(?:u?int|float|uint8)\d*|\[redacted)(?=[^\s"'`(){}[\],;<>]{0,100}\d)[^\s"'`(){}[\],;<>]{6,500}(?=\s|$)/gi,
  },
];

const keyBegin = /-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----/;
const keyEnd = /-----END (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----/;

/**
 * A redactor for the well-known forms of secrets, for values assigned to names such as `password`, and for
 * `extraPatterns`: regular expressions as people write them in a setting.
 */
export function createRedactor(extraPatterns: readonly string[] = []): Redactor {
  const brokenPatterns: string[] = [];
  const extra = extraPatterns.flatMap((source): readonly SecretPattern[] => {
    try {
      return source.trim() === '' ? [] : [{ kind: 'own pattern', pattern: new RegExp(source, 'gu') }];
    } catch {
      brokenPatterns.push(source);
      return [];
    }
  });
  const patterns = [...knownForms, ...assignments, ...extra];
  return {
    redact: (text) => patterns.reduce((masked, secret) => mask(masked, secret), maskPrivateKeys(text)),
    brokenPatterns,
  };
}

/** Names whose values are no prose: masking in them would break what they refer to. */
const untouchedKeys: ReadonlySet<string> = new Set(['id', 'runId', 'uri', 'path', 'callId', 'vendor', 'type', 'code', 'role', 'protocol', 'outcome', 'state', 'kind', 'languageId']);

/**
 * A copy of a run, or of a part of one, in which every text that came from a person, a file, a tool or a model is
 * masked. It shares nothing with the original that changes while a run goes on.
 */
export function redacted<Part extends Run | RunStep>(part: Part, redactor: Redactor): Part {
  return redactValue(part, redactor) as Part;
}

/** The same shape with its strings masked: what goes in as a `Run` comes out as one. */
function redactValue(value: unknown, redactor: Redactor): unknown {
  if (typeof value === 'string') {
    return redactor.redact(value);
  }
  if (Array.isArray(value)) {
    return value.map((item) => redactValue(item, redactor));
  }
  if (typeof value === 'object' && value !== null) {
    // A prototype-less object would not equal the original; `__proto__` as a key needs a definition, not a write.
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, untouchedKeys.has(key) && typeof item === 'string' ? item : redactValue(item, redactor)]),
    );
  }
  return value;
}

function mask(text: string, { kind, pattern }: SecretPattern): string {
  return text.replace(pattern, (...found: unknown[]) => {
    const match = String(found[0]);
    const groups = found.at(-1);
    const part = (name: string): string => {
      const value = typeof groups === 'object' && groups !== null ? (groups as Record<string, unknown>)[name] : undefined;
      return typeof value === 'string' ? value : '';
    };
    const [keep, end] = [part('keep'), part('end')];
    const secret = match.slice(keep.length, match.length - end.length);
    // An empty match of an own pattern hides nothing, and a mask is not masked again.
    return secret === '' || secret.startsWith('[redacted') ? match : `${keep}[redacted: ${kind}]${end}`;
  });
}

/** Masks blocks of private keys; one without an end, as in a text that was cut, goes on to the end. */
function maskPrivateKeys(text: string): string {
  if (!text.includes('-----BEGIN ')) {
    return text;
  }
  let masked = '';
  let rest = text;
  for (;;) {
    const begin = keyBegin.exec(rest);
    if (begin === null) {
      return masked + rest;
    }
    masked += `${rest.slice(0, begin.index)}[redacted: private key]`;
    const body = rest.slice(begin.index + begin[0].length);
    const end = keyEnd.exec(body);
    rest = end === null ? '' : body.slice(end.index + end[0].length);
  }
}
