/** The real applications on BullMQ's backends, with a key holder over HTTP: operators' routes, wake-ups, lost queues, the schedule, the end. */
import type { Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { getQueueToken } from '@nestjs/bullmq';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Queue } from 'bullmq';
import { addCheckpointText, checkpointText, MerkleTree, NoteVerifier, signNote, vkeyText } from '#audit';
import { eventTypes, queues, utf8 } from '#contracts';
import { createLogger, generateSigningKey, Secret, SystemClock, type Clock } from '#platform';
import { pinText, signPin } from '#pseudonyms';
import { startCorrelator } from '../../apps/correlator/src/start.js';
import { startWitness } from '../../apps/witness/src/start.js';
import { TestCertificates } from '../fakes/certificates.js';
import { backends, emptyRedis, redisUrl } from '../servers/redis.js';
import { hubId, pemOf, publicText, TalliesWorld } from './tallies-world.js';

const logger = createLogger({ app: 'test', level: 'silent' });
const longestWaitMs = 60_000;

function keyholderServer(world: TalliesWorld, certificates: TestCertificates): Promise<{ server: Server; url: string }> {
  return certificates.serve('keyholder', (request, response) => {
    void (async () => {
      if (request.url === '/v1/parameters') {
        const parameters = await world.keyholder.parameters();
        return void response.end(
          JSON.stringify({ ...parameters, selectorKeys: [{ keyEpoch: 1, key: publicText(world.selectorKey) }] }),
        );
      }
      const outcome = await world.keyholder.decide(request);
      response.writeHead(outcome === 'decided' || outcome === 'waiting' ? 200 : 403);
      response.end(JSON.stringify({ outcome, epoch: world.keyholder.lastDecided.negative }));
    })();
  });
}

jest.setTimeout(2 * longestWaitMs);

describe.each(backends)('correlator and witness on %s', (backend) => {
  let world: TalliesWorld;
  let certificates: TestCertificates;
  let keyholder: Server;
  let keyholderUrl: string;
  const apps: NestFastifyApplication[] = [];
  const urls = new Map<NestFastifyApplication, string>();

  beforeEach(async () => {
    await emptyRedis();
    world = await TalliesWorld.open();
    certificates = await TestCertificates.open();
    ({ server: keyholder, url: keyholderUrl } = await keyholderServer(world, certificates));
  });
  afterEach(async () => {
    for (const app of apps) await app.get<Queue>(getQueueToken(queues.epochs)).obliterate({ force: true });
    await Promise.all(apps.splice(0).map((app) => app.close()));
    keyholder.closeAllConnections();
    keyholder.close();
    await certificates.close();
    await world.close();
  });

  const common = () => ({
    port: 0,
    host: '127.0.0.1',
    queueDatabaseUrl: backend === 'redis' ? undefined : world.database.urlFor('queue'),
    redisUrl: backend === 'redis' ? redisUrl : undefined,
    policyDir: `${world.folder}/policy`,
    peopleFile: `${world.folder}/people.json`,
    keyholderPinFile: world.file(
      'pin.json',
      pinText(
        signPin(
          {
            keyHolderId: world.pin.keyHolderId,
            rootKey: world.people.of('operator-1').key.publicKey,
            parameterSet: world.pin.parameterSet,
            selectorKeys: [{ keyEpoch: 1, key: world.selectorKey.publicKey }],
          },
          (message) => world.people.of('operator-1').key.sign(message),
        ),
      ),
    ),
    otherWitnessesFile: undefined,
    threads: 2,
    clockOffsetDays: 0,
    logLevel: 'silent' as const,
  });
  const start = async (app: Promise<NestFastifyApplication>) => {
    const started = await app;
    apps.push(started);
    urls.set(started, await started.getHttpAdapter().getInstance().listen({ host: '127.0.0.1', port: 0 }));
    return started;
  };
  const correlator = (schedule: 'on' | 'off' = 'off', clock: Clock = world.clock) =>
    start(
      startCorrelator({
        settings: {
          ...common(),
          id: 'correlator-1',
          databaseUrl: world.database.urlFor('correlator'),
          keyholderUrl,
          ...certificates.files('correlator'),
          witnessesFile: world.file('witnesses.json', JSON.stringify([{ id: 'witness-1', key: publicText(world.witnessKey) }])),
          schedule,
        },
        secrets: {
          attestationKey: new Secret(pemOf(world.correlatorKey)),
          metricsToken: undefined,
        },
        production: false,
        logger,
        clock,
      }),
    );
  const witness = (clock: Clock = world.clock, logs: readonly object[] = []) =>
    start(
      startWitness({
        settings: {
          ...common(),
          ...certificates.files('witness'),
          id: 'witness-1',
          databaseUrl: world.database.urlFor('witness'),
          correlatorKeyFile: world.file(
            'correlator.json',
            JSON.stringify({ id: 'correlator-1', key: publicText(world.correlatorKey) }),
          ),
          logsFile: world.file('logs.json', JSON.stringify(logs)),
          headsDir: world.folder,
        },
        secrets: {
          attestationKey: new Secret(pemOf(world.witnessKey)),
          cosigningKey: new Secret(pemOf(world.witnessKey)),
          metricsToken: undefined,
        },
        production: false,
        logger,
        clock,
      }),
    );
  const ask = (app: NestFastifyApplication, method: 'GET' | 'POST', url: string) =>
    certificates.client('ctl', 'correlator', urls.get(app)!).request(url, { method });
  const decided = async (app: NestFastifyApplication, epoch: number) => {
    const deadline = performance.now() + longestWaitMs;
    for (;;) {
      const state = (await (await ask(app, 'GET', `/v1/epochs/${epoch}`)).json()) as { state?: string };
      if (state.state === 'decided') return state;
      if (performance.now() > deadline) throw new Error(`epoch ${epoch} is ${JSON.stringify(state)}`);
      await wait(50);
    }
  };

  it('decides an epoch that an operator closes', async () => {
    const pseudonym = await world.mint(0, 7);
    await world.signal(0, pseudonym.uri, eventTypes.kick, { by: 'hub' });
    const [operators, other] = [await correlator(), await witness()];
    expect((await operators.inject({ method: 'POST', url: '/v1/epochs' })).statusCode).toBe(401);
    for (const as of ['nyms', 'registrar', 'keyholder'] as const) {
      const client = certificates.client(as, 'correlator', urls.get(operators)!);
      expect((await client.request('v1/epochs', { method: 'POST' })).status).toBe(403);
    }
    for (const as of ['nyms', 'correlator', 'ctl'] as const) {
      const client = certificates.client(as, 'witness', urls.get(other)!);
      expect((await client.request('add-checkpoint', { type: 'text/plain', body: 'old 0' })).status).toBe(403);
    }
    expect((await ask(operators, 'GET', '/v1/epochs/1')).status).toBe(404);
    expect(await (await ask(operators, 'POST', '/v1/epochs')).json()).toEqual({ epoch: 1 });
    expect(await decided(operators, 1)).toEqual({ epoch: 1, state: 'decided', signals: 1, counted: 1 });
    expect(world.totals()).toEqual({ [`0 ${hubId(0)}`]: { 7: 32 } });
    expect(await (await ask(operators, 'GET', '/v1/epochs/1/hubs')).json()).toMatchObject({
      epoch: 1,
      hubs: [{ hub: hubId(0), counted: 1 }],
    });
    const metrics = (await operators.inject({ method: 'GET', url: '/metrics' })).body;
    expect(metrics).toMatch(/correlator_epochs_total\{side="negative",outcome="decided"\} 1/);
    expect(metrics).toMatch(/correlator_folded_pairs_total\{side="negative"\} 1/);
    expect(metrics).not.toMatch(/hub-0|mimi:/);
  });

  it('cosigns checkpoints over the API of C2SP: 409 with the size it knows, 422 for another history', async () => {
    const log = { name: 'nymtally/audit/one', key: generateSigningKey() };
    const vkey = vkeyText(new NoteVerifier(log.name, log.key.publicKey));
    const app = await witness(world.clock, [{ origin: log.name, vkey }]);
    const treeOf = (...leaves: string[]) => {
      const tree = new MerkleTree();
      for (const leaf of leaves) tree.add(utf8(leaf));
      return tree;
    };
    const add = async (tree: MerkleTree, old: number) => {
      const note = signNote(checkpointText({ origin: log.name, size: tree.size, root: tree.root() }), log);
      const body = addCheckpointText({ old, proof: tree.consistencyProof(old), note });
      const client = certificates.client('keyholder', 'witness', urls.get(app)!);
      const answer = await client.request('add-checkpoint', { type: 'text/plain', body });
      const type = String(answer.headers['content-type']).split(';')[0];
      return { status: answer.status, type, text: await answer.text() };
    };
    const cosigned = { status: 200, type: 'text/plain', text: expect.stringMatching(/^— nymtally\/witness\/witness-1 \S+\n$/) };
    expect(await add(treeOf('a', 'b'), 0)).toEqual(cosigned);
    expect(await add(treeOf('a', 'b', 'c'), 1)).toEqual({ status: 409, type: 'text/x.tlog.size', text: '2\n' });
    const words = 'not consistent with what was cosigned before\n';
    expect(await add(treeOf('a', 'x', 'c'), 2)).toEqual({ status: 422, type: 'text/plain', text: words });
    expect(await add(treeOf('a', 'x'), 2)).toEqual({ status: 422, type: 'text/plain', text: words });
    expect(await add(treeOf('a', 'b', 'c'), 2)).toEqual(cosigned);
  });

  it('finds its work again when every job is lost at every step', async () => {
    const pseudonym = await world.mint(0, 7);
    await world.signal(0, pseudonym.uri, eventTypes.kick, { by: 'hub' });
    const [operators, other] = [await correlator(), await witness()];
    const lose = async () => {
      for (const name of [queues.epochs, queues.witnessing]) {
        await other.get<Queue>(getQueueToken(name)).obliterate({ force: true });
      }
    };
    let losing = true;
    const lost = (async () => {
      while (losing) await lose().catch(() => undefined);
    })();
    await ask(operators, 'POST', '/v1/epochs');
    await wait(1_500);
    losing = false;
    await lost;
    expect(await decided(operators, 1)).toMatchObject({ state: 'decided' });
    expect(world.totals()).toEqual({ [`0 ${hubId(0)}`]: { 7: 32 } });
  });

  it('takes up what was left when both start again', async () => {
    const pseudonym = await world.mint(0, 7);
    await world.signal(0, pseudonym.uri, eventTypes.kick, { by: 'hub' });
    const before = await correlator();
    await ask(before, 'POST', '/v1/epochs');
    await apps.splice(0)[0]?.close();
    const [operators] = [await correlator(), await witness()];
    expect(await decided(operators, 1)).toMatchObject({ state: 'decided' });
  });

  it('closes epochs by the clock, one correlator at a time', async () => {
    world.install({ ...world.policy, version: 2, epochSeconds: 1 });
    const clock = new SystemClock();
    const begun = performance.now(); // before the first of them can close anything
    const [operators] = [await correlator('on', clock), await correlator('on', clock), await witness(clock)];
    await decided(operators, 2);
    const { rows } = await world.nyms.query<{ closed: number }>('SELECT count(*)::int AS closed FROM tallies.manifests');
    expect(rows[0]?.closed).toBeLessThanOrEqual(Math.ceil((performance.now() - begun) / 1_000) + 1);
  });
});
