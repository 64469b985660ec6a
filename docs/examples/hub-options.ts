/** The command line of hub.ts, and the hub's signing key from its file. Defaults are a service of `npm start` and its first hub. */
import { createHash, createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { HubSigningKey } from '#hub-sdk';
import { Mendable } from './hub-faults.ts';

export interface Options {
  /** What the signals are about, `mimi://…`. */
  readonly pseudonym: string;
  /** Our https origin, as the provider's policy names it. */
  readonly hub: string;
  /** The provider, as its policy names it. */
  readonly audience: string;
  readonly nyms: URL;
  /** Of the authorization server whose tokens the provider's streams take. */
  readonly tokenEndpoint: URL;
  readonly key: HubSigningKey;
}

const defaults = {
  nyms: 'http://127.0.0.1:7402',
  tokens: 'http://127.0.0.1:7406/token',
  hub: 'https://hub-01.example',
  audience: 'https://provider.example',
};

export const help = `Usage: node scripts/task.mjs hub-example [pseudonym] [options]

Reports a pseudonym, sends the report once more, takes it back, bans and unbans it, asks whether it is valid, and hears from the provider.
Start a service first, in another terminal: npm start -- --empty

  pseudonym         mimi://<domain>/p/<name>; left out, one that nobody has: the answers are those of any other
  --nyms URL        address of nyms (default: ${defaults.nyms})
  --tokens URL      token endpoint of the authorization server (default: ${defaults.tokens})
  --hub ORIGIN      which hub of the provider's policy this is (default: ${defaults.hub})
  --audience URL    the provider, as its policy says (default: ${defaults.audience})
  --key FILE        the hub's private key, PKCS #8 PEM: Ed25519, P-256 or RSA
                    (default: .nymtally/keys/hubs/<first word of the hub's name>.pem, which \`npm start\` makes)
  --kid NAME        what the policy calls this key (default: the name that \`npm start\` gives an Ed25519 key)

Examples:
  node scripts/task.mjs hub-example
  node scripts/task.mjs hub-example --hub https://hub-02.example mimi://provider.example/p/abcdefghijklmnopqrstuvwxyz
  node scripts/task.mjs hub-example --nyms https://nyms.example --audience https://example --hub https://hub.example --key hub.pem --kid k1

Exit code: 0 all taken, 1 not, 2 wrong usage.`;

/** Undefined when help is wanted. @throws Mendable, or parseArgs' own error for an unknown option */
export function readOptions(args: readonly string[]): Options | undefined {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { nyms: text, tokens: text, hub: text, audience: text, key: text, kid: text, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return undefined;
  if (positionals.length > 1) throw new Mendable(`one pseudonym at a time, not ${positionals.length}`, 'see --help', 2);
  const { hub = defaults.hub, audience = defaults.audience } = values;
  const made = `mimi://${url('--audience', audience).hostname}/p/${randomBytes(13).toString('hex')}`;
  const [pseudonym = made] = positionals;
  if (!/^mimi:\/\/[a-z0-9.-]+\/[pu]\/[\w.~-]{1,64}$/i.test(pseudonym))
    throw new Mendable(`${pseudonym} is no pseudonym`, 'write mimi://<domain>/p/<name>', 2);
  const ownFile = path.join('.nymtally', 'keys', 'hubs', `${url('--hub', hub).hostname.split('.')[0]}.pem`);
  const addresses = {
    nyms: url('--nyms', values.nyms ?? defaults.nyms),
    tokenEndpoint: url('--tokens', values.tokens ?? defaults.tokens),
  };
  // npm and the task runner work in the repository's folder; what was typed counts from where it was typed
  const file = values.key === undefined ? ownFile : path.resolve(process.env['INIT_CWD'] ?? '.', values.key);
  return { pseudonym, hub, audience, ...addresses, key: readKey(file, values.kid) };
}

function url(option: string, text: string): URL {
  if (/^https?:/.test(text) && URL.canParse(text)) return new URL(text);
  throw new Mendable(`${option} ${text} is no address`, 'write it whole, with https:// or http://', 2);
}

function readKey(file: string, kid: string | undefined): HubSigningKey {
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined)
      throw new Mendable(`${file} holds no private key`, 'make one: openssl genpkey -algorithm ed25519 -out hub.pem');
    throw new Mendable(
      `the hub's key ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`,
      'start the service once (npm start -- --empty), which makes keys of twelve hubs, or give your own with --key',
    );
  }
  const alg = algorithmOf(privateKey);
  if (!alg)
    throw new Mendable(`${file} is no Ed25519, P-256 or RSA key (2048 bits or more)`, 'a provider takes these three only');
  if (kid === undefined && alg !== 'EdDSA') throw new Mendable('this key has no name', 'give --kid as the policy has it', 2);
  return { kid: kid ?? nameOf(privateKey), alg, privateKey };
}

function algorithmOf({ asymmetricKeyType: type, asymmetricKeyDetails }: KeyObject): HubSigningKey['alg'] | undefined {
  const { namedCurve, modulusLength = 0 } = asymmetricKeyDetails ?? {};
  if (type === 'ed25519') return 'EdDSA';
  if (type === 'ec' && namedCurve === 'prime256v1') return 'ES256';
  return type === 'rsa' && modulusLength >= 2_048 ? 'RS256' : undefined;
}

/** As the launcher names its hubs' keys: 8 bytes of the SHA-256 of the raw public key. A provider may call yours as it likes. */
function nameOf(key: KeyObject): string {
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return createHash('sha256').update(Buffer.from(x, 'base64url')).digest().subarray(0, 8).toString('base64url');
}
