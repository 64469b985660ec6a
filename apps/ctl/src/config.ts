/**
 * Settings of the command line. On a machine where `npm start` runs, the data folder answers everything; elsewhere each address
 * and key is set by itself, and a person has no key but their own.
 */
import { defineConfig, filePath, named, optional, required, secretFile, text, url } from '#platform';

export const config = defineConfig('CTL', {
  settings: {
    data: filePath('.nymtally', 'data folder of `npm start`, where keys and addresses are'),
    /** npm sets it: relative paths on the command line count from there */
    startedIn: named('INIT_CWD', optional(filePath(required, 'folder the command was typed in'))),
    registrarUrl: optional(url(required, 'address of the registrar')),
    nymsUrl: optional(url(required, 'address of nyms')),
    correlatorUrl: optional(url(required, 'address of the correlator')),
    witnessUrl: optional(url(required, 'address of the witness')),
    keyholderUrl: optional(url(required, 'address of the key holder')),
    policyDir: optional(filePath(required, 'folder of the approved policies and registries of people')),
    peopleFile: optional(filePath(required, 'JSON: the first registry of people')),
    keyholderPinFile: optional(filePath(required, 'public pin of the key holder, for `audit`')),
    logWitnessesFile: optional(filePath(required, 'JSON {needed, witnesses: [{vkey, url}]}: who cosigns the log, for `audit`')),
    tlsCertFile: optional(filePath(required, 'certificate of `ctl`, PEM: how the processes know it')),
    tlsKeyFile: optional(filePath(required, 'private key of this certificate, PEM')),
    tlsCaFile: optional(filePath(required, "certificates of the authority of the processes' certificates, PEM")),
    operatorId: optional(text(required, 'id of the operator whose key signs')),
    personId: optional(text(required, 'id of the person of the registry whose key signs requests and approvals')),
    moderatorId: optional(text(required, 'id of the moderator whose key signs')),
    nymsDatabaseUrl: optional(url(required, "nyms' database, role nyms, for `top` and `stream`")),
    keyholderDatabaseUrl: optional(url(required, "the key holder's database, role keyholder, for `backup` and `restore`")),
    registrarDatabaseUrl: optional(url(required, "the registrar's database, role registrar, for `top`")),
    /** for `start` */
    redisUrl: named('REDIS_URL', optional(url(required, 'Redis for BullMQ instead of PostgreSQL'))),
    externalRegistrar: named(
      'REGISTRAR_DATABASE_URL',
      optional(url(required, 'for `start`: a PostgreSQL of your own, superuser')),
    ),
    externalNyms: named('NYMS_DATABASE_URL', optional(url(required, 'for `start`: a PostgreSQL of your own, superuser'))),
    externalKeyholder: named(
      'KEYHOLDER_DATABASE_URL',
      optional(url(required, 'for `start`: a PostgreSQL of your own, superuser')),
    ),
  },
  secrets: {
    operatorKey: optional(secretFile("the operator's Ed25519 key, PKCS #8 PEM")),
    personKey: optional(secretFile("the person's Ed25519 key, PKCS #8 PEM")),
    personSealKey: optional(secretFile("the person's X25519 key, 32 bytes, base64url: opens what is sealed to them")),
    moderatorKey: optional(secretFile("the moderator's Ed25519 key, PKCS #8 PEM")),
  },
});

export type CtlConfig = ReturnType<typeof config.read>;

/**
 * What a child process gets of this one's environment: nothing of ours, so that a stray variable of the user changes no process. Where Node
 * keeps compiled code halves a start.
 */
export const childEnvironment = (): NodeJS.ProcessEnv => {
  const passed = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'NODE_EXTRA_CA_CERTS', 'NODE_COMPILE_CACHE'];
  return Object.fromEntries(passed.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
};
