/**
 * The whole service on one machine: three PostgreSQL clusters, an identity provider for development and the five apps as separate
 * processes, each with its own keys and database role. `npm start`, the end-to-end tests and the benchmark stand on it.
 *
 * The launcher holds every key and can link everything: it is for development and tests. Production starts the apps one by one,
 * each on its own machine with its own secrets (docs/operator-guide.md).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DAY_MS } from '#contracts';
import type { PolicyDocument } from '#contracts';
import type { ServiceClient } from '#platform';
import { approvePolicy } from '#policy';
import type { Certified } from '../certificates/authority.js';
import { hubKeysIn } from '../dev-issuer/hub-keys.js';
import { devIssuer } from '../dev-issuer/issuer.js';
import type { DevIssuer } from '../dev-issuer/issuer.js';
import { serveIssuer } from '../dev-issuer/server.js';
import { AppProcess } from './app-process.js';
import type { AppExit, AppSpec } from './app-process.js';
import { appNames, appSpecs } from './app-specs.js';
import type { AppName, InternalName, PortName } from './app-specs.js';
import { DataFolder } from './data-folder.js';
import { startDatabases } from './databases.js';
import type { Databases } from './databases.js';
import { demoPolicy } from './demo-policy.js';
import { initKeyholder } from './init-keyholder.js';
import type { Ceremony } from './init-keyholder.js';
import { stackKeys } from './keys.js';
import type { StackKeys } from './keys.js';
import type { DatabaseName } from './migrate.js';
import { installedVersions, installPolicyFile, peopleFile, peopleOf, readPolicyFile } from './policy-files.js';
import { choosePorts } from './ports.js';
import { root } from './root.js';
import { stackClients } from './stack-clients.js';
import { StackError } from './stack-error.js';

export interface StackOptions {
  /** Kept and used again. Without it: a fresh temporary folder, removed by `stop()`. */
  readonly dataDir?: string;
  /** PostgreSQL without durability. Default: true for a temporary folder. */
  readonly ephemeral?: boolean;
  readonly parameterSet?: string;
  readonly cohortsPerBlock?: number;
  /** How many hubs have a key and stand in the first policy. */
  readonly hubs?: number;
  /** Changes the first policy of a new data folder. Later ones go through `installPolicy`. */
  readonly policy?: (document: PolicyDocument) => PolicyDocument;
  readonly domain?: string;
  /** 0: any free ports. Else registrar listens on portBase + 1, nyms on + 2, and so on. */
  readonly portBase?: number;
  /** BullMQ on this Redis instead of PostgreSQL. */
  readonly redisUrl?: string;
  /** `off`: epochs close on command only. */
  readonly schedule?: 'on' | 'off';
  readonly clockOffsetDays?: number;
  readonly logLevel?: string;
  readonly clusters?: 'separate' | 'shared';
  readonly databaseUrls?: Readonly<Record<DatabaseName, string>>;
  /** Added to an app's configuration, whole variable names (`KEYHOLDER_COHORT_SLOTS`). */
  readonly env?: Partial<Readonly<Record<AppName, Readonly<Record<string, string>>>>>;
  /** Which apps to start; all by default. */
  readonly apps?: readonly AppName[];
  /** Gives the key holder's secrets to people, in a new data folder: it starts sealed then, so leave it out of `apps`. */
  readonly ceremony?: Ceremony;
  readonly onProgress?: (step: string) => void;
  /** An app ended and nobody asked it to. */
  readonly onUnexpectedExit?: (app: AppProcess, exit: AppExit) => void;
  /** It did not start; the folder, with its logs, is still there. */
  readonly onFailure?: (dataDir: string) => void;
  /** Gives up starting; what runs already is stopped. */
  readonly signal?: AbortSignal;
}

export interface Stack {
  readonly dataDir: string;
  readonly urls: Readonly<Record<PortName, string>>;
  readonly keys: StackKeys;
  /** Calls one of the processes as another one would, with its certificate. */
  client(as: Certified, to: InternalName): ServiceClient;
  readonly databases: Databases;
  readonly issuer: DevIssuer;
  readonly processes: Readonly<Record<AppName, AppProcess>>;
  /** Configuration each app is started with, for tests that change it. */
  readonly specs: Readonly<Record<AppName, AppSpec>>;
  /** The newest policy that was installed. */
  policy(): PolicyDocument;
  /** Has the next version approved and writes it (`version` is set for you) and returns it; processes follow within a second. */
  installPolicy(change: (document: PolicyDocument) => PolicyDocument): PolicyDocument;
  /** Starts an app again after it ended, and waits until it is ready. */
  restart(name: AppName, env?: Readonly<Record<string, string | undefined>>): Promise<void>;
  /** Stops everything in order; a temporary folder is removed. Idempotent. Returns how each app ended. */
  stop(): Promise<Readonly<Record<AppName, AppExit>>>;
}

/** Intake first; the key holder while somebody still cosigns its log. */
const stopOrder: readonly (readonly AppName[])[] = [['registrar', 'nyms'], ['correlator'], ['keyholder'], ['witness']];

/** Starts everything and waits until all is ready. Throws StackError, after stopping what had started. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { onProgress = () => undefined, signal, apps = appNames } = options;
  const temporary = options.dataDir === undefined;
  const dataDir = options.dataDir ?? mkdtempSync(path.join(os.tmpdir(), 'nymtally-'));
  const undo: (() => Promise<unknown> | void)[] = [];
  const unwind = async () => {
    const failures: unknown[] = [];
    for (const step of undo.splice(0).reverse()) {
      try {
        await step();
      } catch (error) {
        failures.push(error); // the steps after it still have to be taken
      }
    }
    if (failures.length > 0) throw failures[0];
  };
  try {
    if (temporary) undo.push(() => rmSync(dataDir, { recursive: true, force: true }));
    const folder = await DataFolder.open(dataDir);
    undo.push(() => folder.release());
    const settings = folder.settings({
      parameterSet: options.parameterSet ?? 'n2048-q50-t20',
      cohortsPerBlock: options.cohortsPerBlock ?? 8,
      domain: options.domain ?? 'provider.example',
      clusters: options.clusters ?? 'separate',
    });
    const urls = await choosePorts(options.portBase ?? 0);
    const keys = await stackKeys(folder.at.keys, options.hubs ?? 12);
    const clients = stackClients(keys.tls, urls);
    undo.push(() => clients.close());

    signal?.throwIfAborted();
    onProgress('databases');
    const databases = await startDatabases({
      root,
      folder: folder.at.postgres,
      logs: folder.at.logs,
      keys,
      ephemeral: options.ephemeral ?? temporary,
      clusters: settings.clusters,
      external: options.databaseUrls,
    });
    undo.push(() => databases.stop());

    const clockOffsetDays = options.clockOffsetDays ?? 0;
    const issuer = devIssuer({
      issuer: urls.issuer,
      audience: urls.registrar,
      key: keys.issuer.key,
      clockOffsetDays,
      streamAudience: urls.nyms,
      clientKeys: (id) => hubKeysIn(folder.at.policy, id),
    });
    const issuerServer = await serveIssuer(issuer, Number(new URL(urls.issuer).port));
    undo.push(() => issuerServer.stop());

    const { schedule = 'off', logLevel = 'info', redisUrl } = options;
    const { urlFor } = databases;
    const unseal = options.ceremony ? 'shares' : 'auto'; // nobody stands by; production refuses auto
    const common = { root, dataDir, keys, urls, urlFor, redisUrl, schedule, unseal, logLevel, clockOffsetDays } as const;
    const base = appSpecs({ ...common, ...settings });
    const specs = Object.fromEntries(
      appNames.map((name) => [name, { ...base[name], env: { ...base[name].env, ...options.env?.[name] } }]),
    ) as Record<AppName, AppSpec>;
    const sign = (document: PolicyDocument) => {
      const [author, ...approvers] = keys.operators;
      if (!author) throw new StackError('there is no operator among the people', `remove ${folder.at.keys}`);
      const people = peopleOf(path.join(folder.at.config, peopleFile), folder.at.policy).newest;
      const expiresAt = new Date(Date.now() + (clockOffsetDays + 7) * DAY_MS);
      return installPolicyFile(folder.at.policy, approvePolicy(document, { people, author, approvers, expiresAt }));
    };
    const newestPolicy = (): PolicyDocument => {
      const version = installedVersions(folder.at.policy).at(-1);
      if (version === undefined)
        throw new StackError(`there is no policy in ${folder.at.policy}`, 'remove the data folder, or put its policies back');
      return readPolicyFile(folder.at.policy, version).document;
    };
    if (installedVersions(folder.at.policy).length === 0) {
      const document = demoPolicy(keys, settings.domain, settings.parameterSet);
      sign(options.policy?.(document) ?? document);
    }

    signal?.throwIfAborted();
    onProgress('keys');
    await initKeyholder(specs.keyholder, folder.at, options.ceremony);

    const processes = Object.fromEntries(
      appNames.map((name) => [name, new AppProcess(specs[name], (exit) => options.onUnexpectedExit?.(processes[name], exit))]),
    ) as Record<AppName, AppProcess>;
    const exits = {} as Record<AppName, AppExit>;
    undo.push(async () => {
      for (const group of stopOrder) {
        await Promise.all(group.map(async (name) => (exits[name] = await processes[name].stop())));
      }
    });
    const launch = (name: AppName, env?: Readonly<Record<string, string | undefined>>) => {
      const { pid } = processes[name].spawn(env);
      if (pid !== undefined) folder.run.noteProcess(name, pid);
      return processes[name].ready(60_000, signal);
    };
    let stopping: Promise<Readonly<Record<AppName, AppExit>>> | undefined;
    folder.run.noteAddresses({ urls, env: Object.fromEntries(appNames.map((name) => [name, processes[name].spec.env])) });
    // the key holder first, because others ask it at their start, and with it the witness of its log
    for (const group of [
      ['keyholder', 'witness'],
      ['registrar', 'nyms', 'correlator'],
    ] as const) {
      const names = group.filter((name) => apps.includes(name));
      if (names.length > 0) onProgress(names.join(', '));
      await Promise.all(names.map((name) => launch(name)));
    }

    return {
      dataDir,
      urls,
      keys,
      client: clients.between,
      databases,
      issuer,
      processes,
      specs,
      policy: newestPolicy,
      installPolicy(change) {
        const current = newestPolicy();
        const next = { ...change(current), version: current.version + 1 };
        sign(next);
        return next;
      },
      restart: launch,
      stop: () => (stopping ??= unwind().then(() => exits)),
    };
  } catch (error) {
    options.onFailure?.(dataDir);
    await unwind().catch(() => undefined); // why it did not start says more
    throw error;
  }
}
