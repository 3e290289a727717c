import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isStepwiseError } from '../../../src/core/errors';
import { checkPath, checkRealPath } from '../../../src/tools/paths';
import { createSecretPolicy } from '../../../src/tools/secrets';

const secrets = createSecretPolicy();

function codeOf(run: () => unknown): string {
  try {
    run();
    return 'accepted';
  } catch (error) {
    return isStepwiseError(error) ? error.code : String(error);
  }
}

describe('checkPath', () => {
  it.each([
    ['src/app.ts', 'src/app.ts'],
    ['./src//app.ts', 'src/app.ts'],
    ['src\\app.ts', 'src/app.ts'],
    [' src/app.ts ', 'src/app.ts'],
    ['src/', 'src'],
    ['.', ''],
    ['a..b/..c', 'a..b/..c'],
    ['.github/workflows/ci.yml', '.github/workflows/ci.yml'],
    ['资料/排序.py', '资料/排序.py'],
  ])('takes %j as %j', (input, relative) => {
    expect(checkPath(input, ['workspace'], secrets)).toEqual({ folder: 0, relative, path: relative });
  });

  it.each([
    '..', '../other/a.ts', 'src/../../a.ts', 'src/..', 'a/.. /b', 'a/.../b', 'a\\..\\..\\b', '. ./x', '.. ',
    '/etc/passwd', '\\etc\\passwd', '~/x', '~root/x',
    'C:\\Windows\\win.ini', 'c:/x', 'C:x',
    '\\\\server\\share\\x', '//server/share/x',
    'file:///etc/passwd', 'FILE:x', 'http://host/x', 'vscode-remote://x/y', 'data:text/plain,x', 'git:/a.ts',
    'a\0b', 'a\nb', 'src/a.ts\u007f',
    'a.ts:12', '.env::$DATA',
  ])('refuses %j as outside', (input) => {
    expect(codeOf(() => checkPath(input, ['workspace'], secrets))).toBe('outside-workspace');
  });

  it('wants the name of a folder where there are several', () => {
    const folders = ['server', 'client'];
    expect(checkPath('client/src/a.ts', folders, secrets)).toEqual({ folder: 1, relative: 'src/a.ts', path: 'client/src/a.ts' });
    expect(codeOf(() => checkPath('src/a.ts', folders, secrets))).toBe('not-found');
    expect(codeOf(() => checkPath('client/../server/a.ts', folders, secrets))).toBe('outside-workspace');
    expect(codeOf(() => checkPath('client/.env', folders, secrets))).toBe('secret-file');
  });

  it('says that no folder is open', () => {
    expect(codeOf(() => checkPath('a.ts', [], secrets))).toBe('no-workspace');
  });

  it('gives only paths inside, or refuses, whatever the text', () => {
    const piece = fc.constantFrom('..', '.', '/', '\\', 'a', ' ', ':', '~', '\0', '...', '.env', 'é');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        let relative: string;
        try {
          ({ relative } = checkPath(pieces.join(''), ['workspace'], secrets));
        } catch (error) {
          expect(isStepwiseError(error)).toBe(true);
          return;
        }
        const parts = relative.split('/');
        expect(relative.startsWith('/')).toBe(false);
        expect(parts).not.toContain('..');
        expect(parts).not.toContain('.');
        expect(relative).not.toMatch(/[\0\\:]/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('secret files', () => {
  it.each([
    '.env', '.env.local', '.ENV', '.Env.Production', '.env.example', '.envrc', 'config/prod.env', 'a/.env/x', '.env.', '.env ', '.e\u200bnv', '．env',
    'id_rsa', 'keys/id_rsa.pub', 'ID_ED25519', 'server.pem', 'tls/server.KEY', 'cert.p12', 'store.pfx', 'vault.kdbx', 'app.jks',
    '.npmrc', 'sub/.netrc', '_netrc', '.pypirc', '.git-credentials', '.htpasswd', '.pgpass',
    '.git/config', 'sub/.git', '.GIT/HEAD', '.git./config', '.ssh/config', '.aws/credentials', '.kube/config', '.docker/config.json', '.gnupg/x',
    'credentials', 'credentials.json', 'secrets.yaml', 'secret.toml', 'client_secret_12.json', 'service-account.json', 'terraform.tfstate', 'terraform.tfstate.backup',
  ])('keeps %j', (path) => {
    expect(secrets.isSecret(path)).toBe(true);
  });

  it.each([
    'src/environment.ts', 'env.ts', '.environmental/x'.replace('.env', 'env'), 'src/keyboard.ts', 'pem.ts', 'docs/secrets.md', 'src/credentials.ts', '.github/x', '.gitignore',
    '.gitattributes', 'monkey', 'turkey.txt', 'src/secretSanta.py', 'id_generator.py', 'package.json', '',
  ])('leaves %j', (path) => {
    expect(secrets.isSecret(path)).toBe(false);
  });

  it('adds the globs of the setting, without regard to case', () => {
    const policy = createSecretPolicy(['*.secret.json', 'private/', 'config/prod/**', './deploy/*.yml', '']);
    expect(['a/b/db.SECRET.json', 'private/x/y.ts', 'sub/Private/z.ts', 'config/prod/a/b.ts', 'config/prod', 'Deploy/x.yml'].filter((path) => !policy.isSecret(path))).toEqual([]);
    expect(['config/dev/a.ts', 'deploy/sub/x.yml', 'privates/x'].filter((path) => policy.isSecret(path))).toEqual([]);
  });
});

describe('checkRealPath', () => {
  it.each([
    ['/w/src/a.ts', '/w', 'accepted'],
    ['/w', '/w', 'accepted'],
    ['/a.ts', '/', 'accepted'],
    ['/wide/a.ts', '/w', 'outside-workspace'],
    ['/etc/passwd', '/w', 'outside-workspace'],
    ['/w/.env', '/w', 'secret-file'],
    ['/w/sub/.git/config', '/w', 'secret-file'],
  ])('%s below %s: %s', (real, root, expected) => {
    expect(codeOf(() => checkRealPath(real, root, '/', 'x', secrets))).toBe(expected);
  });

  it('reads the separators of Windows', () => {
    expect(codeOf(() => checkRealPath('C:\\w\\sub\\.env', 'C:\\w', '\\', 'x', secrets))).toBe('secret-file');
    expect(codeOf(() => checkRealPath('C:\\w2\\a', 'C:\\w', '\\', 'x', secrets))).toBe('outside-workspace');
  });
});
