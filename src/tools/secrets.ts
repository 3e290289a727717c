import picomatch from 'picomatch';
import { StepwiseError } from '../core/errors';
import { t } from '../core/l10n';

/** Folders (or files of that name) whose whole content is kept from models. */
const secretFolders: ReadonlySet<string> = new Set([
  '.git', '.hg', '.svn', '.ssh', '.gnupg', '.aws', '.azure', '.gcloud', '.kube', '.docker',
]);

/**
 * File names that hold keys, passwords or tokens. `.env*` is meant as it stands: templates such as `.env.example`
 * are refused too, because people fill them in.
 */
const secretNames: readonly RegExp[] = [
  /^\.env/, /\.env$/,
  /\.(?:pem|key|p8|p12|pfx|ppk|jks|keystore|keytab|kdb|kdbx|gpg|tfstate)$/, /\.tfstate\.backup$/,
  /^id_(?:rsa|dsa|ecdsa|ed25519)/,
  /^\.(?:npmrc|netrc|pypirc|pgpass|htpasswd|dockercfg|git-credentials|my\.cnf|vault-token|terraformrc|boto|s3cfg)$/,
  /^_netrc$/,
  /^\.?(?:credentials|secrets?)(?:\.(?:json|ya?ml|toml|ini|csv|xml|properties|txt))?$/,
  /^client_secret.*\.json$/, /^service[-_]?account.*\.json$/, /^application_default_credentials\.json$/,
];

/** Decides which files are kept from models. */
export interface SecretPolicy {
  /** True for a path (relative, with `/`) that is secret itself or lies in a secret folder. */
  isSecret(path: string): boolean;
}

/**
 * The built-in patterns and those of the setting: globs, without regard to case; one without a `/` is matched
 * against every part of a path, one with a `/` against the path and the folders above it. Throws `bad-arguments`
 * for a pattern that is no glob: a pattern that silently protects nothing would be worse.
 */
export function createSecretPolicy(patterns: readonly string[] = []): SecretPolicy {
  const partMatchers: picomatch.Matcher[] = [];
  const pathMatchers: picomatch.Matcher[] = [];
  for (const pattern of patterns) {
    const trimmed = pattern.trim().replaceAll('\\', '/').replace(/^\.?\/+/, '').replace(/\/+(?:\*\*)?$/, '').toLowerCase();
    if (trimmed !== '') {
      (trimmed.includes('/') ? pathMatchers : partMatchers).push(matcherOf(trimmed, pattern));
    }
  }
  return {
    isSecret(path) {
      const parts = path.split('/').filter((part) => part !== '').map(comparable);
      return (
        parts.some((part) => secretFolders.has(part) || secretNames.some((name) => name.test(part)) || partMatchers.some((matches) => matches(part))) ||
        (pathMatchers.length > 0 && parts.some((_part, index) => pathMatchers.some((matches) => matches(parts.slice(0, index + 1).join('/')))))
      );
    },
  };
}

/** The policy for patterns that may change: made anew only when they have. */
export function secretPolicyOf(patterns: (() => readonly string[]) | undefined): () => SecretPolicy {
  let made: { readonly key: string; readonly policy: SecretPolicy } | undefined;
  return () => {
    const current = patterns?.() ?? [];
    const key = JSON.stringify(current);
    if (made?.key !== key) {
      made = { key, policy: createSecretPolicy(current) };
    }
    return made.policy;
  };
}

function matcherOf(glob: string, original: string): picomatch.Matcher {
  try {
    return picomatch(glob, { dot: true, nocase: true });
  } catch (error) {
    throw new StepwiseError('bad-arguments', t('"{0}" is not a glob pattern. Correct it in the setting for secret files.', original), {
      cause: error,
      remedy: 'open-settings',
    });
  }
}

/** Characters that some file systems pass over in names, as HFS+ does. */
const ignoredCharacters = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u206a-\u206f\ufeff]/g;

/**
 * A part of a path as the most forgiving file system compares it: without case, in one normal form, without the
 * dots and spaces at the end that Windows drops.
 */
function comparable(part: string): string {
  return part.normalize('NFKC').replace(ignoredCharacters, '').toLowerCase().replace(/[. ]+$/, '');
}
