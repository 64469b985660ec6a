/** The command line of the reference hub, and the keys it names. Defaults are a service of `npm start` and its first hub. */
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { logLevels, StartError } from '#platform';
import type { LogLevel } from '#platform';
import type { HubSigningKey } from '#hub-sdk';

export interface HubOptions {
  readonly hubs: readonly { readonly hub: string; readonly name: string; readonly key: HubSigningKey }[];
  readonly audience: string;
  readonly nyms: string;
  readonly tokenEndpoint: string;
  readonly port: number;
  readonly controlPort: number;
  /** Where the provider reaches `port`, when that is not this machine. */
  readonly publicUrl: string | undefined;
  readonly poll: boolean;
  readonly joinsPerMinute: number;
  readonly messagesPerMinute: number;
  readonly logLevel: LogLevel;
}

const defaults = {
  hub: ['https://hub-01.example'],
  keys: '.nymtally/keys/hubs',
  audience: 'https://provider.example',
  nyms: 'http://127.0.0.1:7402',
  tokens: 'http://127.0.0.1:7406/token',
  port: '7450',
  'control-port': '7451',
  joins: '10',
  messages: '30',
  'log-level': 'info',
} as const;

export const help = `Usage: node scripts/task.mjs hub [options]

A small hub: rooms, the remedies a hub has alone, signals to the provider, and the provider's notices about pseudonyms.
Start a service first, in another terminal: npm start -- --empty

  --hub ORIGIN         which hub of the provider's policy this is; more than one may be given (default: ${defaults.hub[0]})
  --keys FOLDER        private keys of hubs, <first word of the hub's name>.pem, Ed25519 (default: ${defaults.keys})
  --audience URL       the provider, as its policy says (default: ${defaults.audience})
  --nyms URL           address of nyms (default: ${defaults.nyms})
  --tokens URL         token endpoint of the authorization server (default: ${defaults.tokens})
  --port NUMBER        where the provider pushes notices to (default: ${defaults.port}; 0: any free one)
  --control-port NUMBER  where you tell the hub what to do, on this machine only (default: ${defaults['control-port']})
  --public-url URL     address of --port as the provider reaches it (default: this machine)
  --poll               fetch notices instead of having them pushed
  --joins NUMBER       joins a minute of one pseudonym that are not told to the provider (default: ${defaults.joins})
  --messages NUMBER    the same for messages (default: ${defaults.messages})
  --log-level LEVEL    one of ${logLevels.join(', ')} (default: ${defaults['log-level']})

Examples:
  node scripts/task.mjs hub
  node scripts/task.mjs hub -- --hub https://hub-01.example --hub https://hub-02.example --poll

Then, in another terminal:
  curl -H 'content-type: application/json' -d '{"room":"lobby","pseudonym":"mimi://provider.example/p/abc"}' 127.0.0.1:7451/hub-01/join
  curl 127.0.0.1:7451/hub-01/state

Exit code: 0 stopped, 1 could not start, 2 wrong usage.`;

/** Undefined when help is wanted. @throws StartError; parseArgs' own error for an unknown option */
export function readOptions(args: readonly string[], cwd: string): HubOptions | undefined {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: args.filter((word) => word !== '--'),
    options: {
      hub: { type: 'string', multiple: true },
      keys: text,
      audience: text,
      nyms: text,
      tokens: text,
      port: text,
      'control-port': text,
      'public-url': text,
      poll: { type: 'boolean' },
      joins: text,
      messages: text,
      'log-level': text,
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return undefined;
  const given = { ...defaults, ...values };
  const folder = path.resolve(cwd, given.keys);
  const logLevel = logLevels.find((level) => level === given['log-level']);
  if (!logLevel) throw new StartError(`--log-level ${given['log-level']} is none of ${logLevels.join(', ')}`);
  return {
    hubs: given.hub.map((hub) => {
      const name = address('--hub', hub).hostname.split('.')[0] as string;
      return { hub, name, key: readKey(path.join(folder, `${name}.pem`)) };
    }),
    audience: given.audience,
    nyms: address('--nyms', given.nyms).href,
    tokenEndpoint: address('--tokens', given.tokens).href,
    port: number('--port', given.port, 65_535),
    controlPort: number('--control-port', given['control-port'], 65_535),
    publicUrl:
      given['public-url'] === undefined ? undefined : address('--public-url', given['public-url']).href.replace(/\/$/, ''),
    poll: given.poll ?? false,
    joinsPerMinute: number('--joins', given.joins, 1_000_000),
    messagesPerMinute: number('--messages', given.messages, 1_000_000),
    logLevel,
  };
}

function address(option: string, text: string): URL {
  if (/^https?:/.test(text) && URL.canParse(text)) return new URL(text);
  throw new StartError(`${option} ${text} is no address: write it whole, with https:// or http://`);
}

function number(option: string, text: string, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= most) return value;
  throw new StartError(`${option} ${text} is no number from 0 to ${most}`);
}

function readKey(file: string): HubSigningKey {
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(readFileSync(file, 'utf8'));
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    throw new StartError(
      syscall === undefined
        ? `${file} holds no private key: make one with openssl genpkey -algorithm ed25519`
        : `the hub's key ${file} cannot be read (${code}): npm start -- --empty makes keys of twelve hubs, or name your folder with --keys`,
    );
  }
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new StartError(`${file} is no Ed25519 key`);
  return { kid: nameOf(privateKey), alg: 'EdDSA', privateKey };
}

/** As the launcher names its hubs' keys: 8 bytes of the SHA-256 of the raw public key. */
function nameOf(key: KeyObject): string {
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return createHash('sha256').update(Buffer.from(x, 'base64url')).digest().subarray(0, 8).toString('base64url');
}
