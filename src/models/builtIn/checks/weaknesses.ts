import type { SyntaxNode } from '../../../analysis/syntax';
import { textOf } from '../../../analysis/syntax';
import { t } from '../../../core/l10n';
import { assignmentOf, callOf } from '../syntax/nodes';
import { roleOf } from '../syntax/roles';
import type { Check } from './finding';
import { originOf } from './inputs';
import { originOfArguments, originText, quoted, severityOf } from './injections';
import { secretForm, secretName } from './secretText';

/** Objects made from bytes that can bring code along. */
export const deserializes: Check = (node, code) => {
  const call = callOf(node);
  if (call === undefined) {
    return undefined;
  }
  const isUnsafe =
    /^(?:c?[pP]ickle\.loads?|marshal\.loads?|shelve\.open|jsonpickle\.decode|Marshal\.load|unserialize|torch\.load)$/.test(call.full) ||
    (/^(?:yaml\.load|YAML\.load)$/.test(call.full) && !textOf(node).includes('Safe')) ||
    (call.name === 'readObject' && node.source.includes('ObjectInputStream')) ||
    (call.name === 'Deserialize' && /BinaryFormatter|NetDataContractSerializer|SoapFormatter/.test(node.source));
  if (!isUnsafe) {
    return undefined;
  }
  const origin = call.args.length === 0 && call.receiver !== undefined ? originOf(call.receiver, code) : originOfArguments(call, code);
  return {
    node,
    severity: origin === 'outside' ? 'high' : 'medium',
    text: `${t('`{0}` deserializes objects of any class: prepared bytes run code while they are read.', quoted(node))} ${originText(origin)}`,
    fix: t('Use a data format without code, such as JSON, and check its shape.'),
  };
};

/** MD5 and SHA-1. */
export const weakHash: Check = (node) => {
  const call = callOf(node);
  if (call === undefined) {
    return undefined;
  }
  const isDirect = /^(?:hashlib\.)?(?:md5|sha1)$|^(?:md5|sha1)\.(?:New|Sum)$|^(?:MD5|SHA1)\.(?:Create|HashData)$|^Digest::(?:MD5|SHA1)\.\w+$|^DigestUtils\.(?:md5|sha1)\w*$/.test(call.full);
  const isNamed = /^(?:createHash|createHmac|getInstance|new|hash)$/.test(call.name) && call.args[0] !== undefined && /^["'](?:md5|sha-?1)["']$/i.test(textOf(call.args[0]));
  if (!isDirect && !isNamed) {
    return undefined;
  }
  return {
    node,
    severity: /pass|secret|token|sign/i.test(lineOf(node)) ? 'high' : 'low',
    text: t('`{0}` uses a hash for which collisions can be made; for passwords it is far too fast as well.', quoted(node)),
    fix: t('Use SHA-256 for integrity, and argon2, scrypt or bcrypt for passwords.'),
  };
};

/** Predictable numbers where they protect something. */
export const weakRandomness: Check = (node) => {
  const call = callOf(node);
  const isWeak = call !== undefined && /^(?:Math\.random|random\.(?:random|randint|choice|choices|randrange)|rand|mt_rand|math\/rand\.\w+|Random\.Next|new Random)$/.test(call.full);
  if (!isWeak || !/token|secret|passw|session|nonce|salt|otp|csrf|api_?key/i.test(lineOf(node))) {
    return undefined;
  }
  return {
    node,
    severity: 'medium',
    text: t('`{0}` gives numbers that can be predicted, and they seem to protect something here.', quoted(node)),
    fix: t('Use the cryptographic random numbers of the platform.'),
  };
};

/** Passwords and keys in code. The value is never repeated. */
export const holdsSecret: Check = (node) => {
  const assignment = assignmentOf(node);
  const isPair = /^(?:pair|keyword_argument|const_declaration|const_spec|variable_declarator|default_parameter)$/.test(node.type);
  const parts = assignment ?? (isPair ? pairOf(node) : undefined);
  if (parts !== undefined) {
    const value = parts.value.type === 'expression_list' || parts.value.type === 'equals_value_clause' ? (parts.value.children.find((inner) => inner.isNamed) ?? parts.value) : parts.value;
    const literal = /^[frbu@$]?(["'`])([^"'`\s]{6,})\1$/.exec(textOf(value))?.[2];
    const isPlaceholder = literal === undefined || /^(?:x+|\*+|change.?me|example|placeholder|your.*|test|todo|none|null|undefined|<.*>|\$\{.*|%s|process\.env.*)$/i.test(literal);
    if (!isPlaceholder && secretName.test(`${textOf(parts.target).split(/[.\s:]/).find((part) => secretName.test(part)) ?? ''} `)) {
      return secretFinding(node, quotedName(parts.target));
    }
  }
  const isForm = roleOf(node) === 'string' && secretForm.test(textOf(node)) && !node.children.some((inner) => roleOf(inner) === 'string');
  return isForm ? secretFinding(node, '•••') : undefined;
};

function pairOf(node: SyntaxNode): { readonly target: SyntaxNode; readonly value: SyntaxNode } | undefined {
  const parts = node.children.filter((inner) => inner.isNamed);
  const target = parts[0];
  const value = parts.at(-1);
  return target === undefined || value === undefined || target === value ? undefined : { target, value };
}

function quotedName(target: SyntaxNode): string {
  return textOf(target).split('\n', 1)[0]?.slice(0, 40) ?? '';
}

function secretFinding(node: SyntaxNode, name: string): ReturnType<Check> {
  return {
    node,
    severity: 'high',
    text: t('A secret stands in the code (`{0}`; its value is not repeated here): everybody who can read the code or its history has it.', name),
    fix: t('Take it from the environment or a secret store, and replace the one that was published.'),
  };
}

/** Certificates that nobody checks. */
export const disablesTls: Check = (node) => {
  const isSwitch = /^(?:keyword_argument|pair|keyed_element|assignment|assignment_expression)$/.test(node.type);
  if (!isSwitch || !/^\s*["']?(?:verify\s*=\s*False|rejectUnauthorized["']?\s*:\s*false|InsecureSkipVerify\s*:\s*true|.*CURLOPT_SSL_VERIFY(?:PEER|HOST).*(?:false|0)|.*verify_mode\s*=\s*OpenSSL::SSL::VERIFY_NONE)/.test(textOf(node))) {
    return undefined;
  }
  return {
    node,
    severity: 'high',
    text: t('`{0}` switches the check of certificates off: anybody between the two ends can read and change the traffic.', quoted(node)),
    fix: t('Leave the check on, and add the certificate authority that is missing.'),
  };
};

/** `chmod 777` and the like. */
export const opensPermissions: Check = (node) => {
  const call = callOf(node);
  if (call === undefined || !/^(?:chmod|chmodSync|Chmod|fchmod)$/.test(call.name) || !call.args.some((argument) => /^0?o?0?777$/.test(textOf(argument)))) {
    return undefined;
  }
  return {
    node,
    severity: 'medium',
    text: t('`{0}` lets every user of the machine change the file.', quoted(node)),
    fix: t('Give only the permissions that are needed, such as 0o600.'),
  };
};

/** C functions that write without a limit. */
export const overflowsBuffer: Check = (node, { languageId }) => {
  const call = languageId === 'c' || languageId === 'cpp' ? callOf(node) : undefined;
  const isUnlimited = call !== undefined && /^(?:strcpy|strcat|sprintf|vsprintf|gets|stpcpy)$/.test(call.name);
  const isScan = call !== undefined && /^(?:scanf|fscanf|sscanf)$/.test(call.name) && textOf(node).includes('%s');
  if (!isUnlimited && !isScan) {
    return undefined;
  }
  return {
    node,
    severity: 'high',
    text: t('`{0}` writes into a buffer without knowing its size: longer input overwrites what lies behind it.', quoted(node)),
    fix: t('Use the form with a size (snprintf, fgets, strlcpy), or std::string.'),
  };
};

/** `printf(name)`. */
export const formatsInput: Check = (node, code) => {
  const call = code.languageId === 'c' || code.languageId === 'cpp' ? callOf(node) : undefined;
  const format = call === undefined ? undefined : call.name === 'printf' ? call.args[0] : call.name === 'fprintf' || call.name === 'syslog' ? call.args[1] : undefined;
  if (format === undefined || roleOf(format) === 'string' || originOf(format, code) === 'constant') {
    return undefined;
  }
  const origin = originOf(format, code);
  return {
    node,
    severity: severityOf(origin),
    text: `${t('`{0}` takes a value as its format: conversions in the value read and write memory.', quoted(node))} ${originText(origin)}`,
    fix: t('Write printf("%s", value).'),
  };
};

/** Rust's `unsafe`. */
export const usesUnsafe: Check = (node, { languageId }) =>
  languageId === 'rust' && node.type === 'unsafe_block'
    ? {
        node,
        severity: 'low',
        text: t('In an unsafe block the compiler does not check memory; the block must prove by itself what it relies on.'),
        fix: t('Keep it small, and write the proof as a SAFETY comment.'),
      }
    : undefined;

function lineOf(node: SyntaxNode): string {
  const start = node.source.lastIndexOf('\n', node.start) + 1;
  const end = node.source.indexOf('\n', node.start);
  return node.source.slice(start, end === -1 ? undefined : end);
}
