import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPrivateKey } from 'node:crypto';
import { renameSync } from 'node:fs';
import path from 'node:path';
import { SignJWT } from 'jose';
import pg from 'pg';
import { verifyLog, verifyProof } from '#audit';
import { auditCheckpoint, auditEntries, auditProof, moderatorRequestType, utf8 } from '#contracts';
import type { SigningKey } from '#platform';
import { DecisionsWorld, reportAll } from './keyholder-decisions-world.js';
import { trustIn } from './keyholder-log.js';

describe("the key holder's log and the policy behind it", () => {
  let world: DecisionsWorld;
  beforeAll(async () => (world = await DecisionsWorld.open()));
  afterAll(() => world.close());

  const read = async (key: SigningKey, route = 'entries', claims: object = {}) => {
    const iat = Math.floor(world.base.clock.now().getTime() / 1_000);
    const token = await new SignJWT({ iss: 'operator-1', aud: world.base.pin.keyHolderId, iat, ...claims })
      .setProtectedHeader({ alg: 'EdDSA', typ: moderatorRequestType })
      .sign(createPrivateKey(key.toPem()));
    return world.base.get(`/v1/audit/${route}`, 'ctl', { authorization: `Bearer ${token}` });
  };
  const own = () => world.base.operator;
  const trust = () => trustIn(world.base.pin, world.base.logWitness);

  it('is read by operators, whole or from an entry on, and passes the check', async () => {
    await world.decide(1, reportAll((await world.member(1)).pseudonyms, [0], 1));
    const types = (await world.audit()).map(({ type }) => type);
    expect(types.filter((type) => !['people', 'ticket-keys', 'unsealed'].includes(type))).toEqual([
      'policy',
      'completed',
      'day-list',
      'decided',
      'completed',
    ]);
    const { leaves } = auditEntries.parse(JSON.parse((await read(own())).text));
    const { checkpoint } = auditCheckpoint.parse(JSON.parse((await read(own(), 'checkpoint')).text));
    expect(await verifyLog(leaves.map(utf8), [checkpoint], trust())).toMatchObject({ isSound: true, size: types.length });
    const later = auditEntries.parse(JSON.parse((await read(own(), 'entries?from=2')).text));
    expect(later).toEqual({ from: 2, leaves: leaves.slice(2) });
    const { leaf, proof } = auditProof.parse(JSON.parse((await read(own(), 'proofs/1')).text));
    expect(verifyProof(utf8(leaf), proof, trust())).toMatchObject({ index: 1 });
    expect((await read(own(), `proofs/${types.length}`)).status).toBe(404);
  });

  it('is read by nobody else', async () => {
    const answers = [
      await read(world.moderators[0]!, 'entries', { iss: 'mod-0' }),
      await read(world.moderators[0]!, 'checkpoint'),
      await world.base.get('/v1/audit/entries', 'ctl'),
      await world.base.get('/v1/audit/proofs/0', 'ctl'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
  });

  it('cannot be changed by the role that writes it', async () => {
    const client = new pg.Client({ connectionString: world.base.database.urlFor('keyholder') });
    await client.connect();
    try {
      for (const sql of [
        "UPDATE keyholder.audit_entries SET leaf = ''",
        'DELETE FROM keyholder.audit_entries',
        'TRUNCATE keyholder.audit_entries',
        "UPDATE keyholder.audit_checkpoints SET note = ''",
        'DELETE FROM keyholder.audit_checkpoints',
        'DELETE FROM keyholder.opened_tallies',
        "UPDATE keyholder.opened_tallies SET digest = ''",
      ]) {
        await expect(client.query(sql)).rejects.toThrow('permission denied');
      }
    } finally {
      await client.end();
    }
    for (const table of ['audit_entries', 'audit_checkpoints'])
      await expect(world.base.sql.query(`DELETE FROM keyholder.${table}`)).rejects.toThrow('append-only');
  });

  it('names each policy once that was followed, and the key holder does not start with an older one', async () => {
    world.document = { ...world.document, version: 2 };
    world.base.install(world.document);
    await world.decide(2, reportAll((await world.member(1)).pseudonyms, [0], 1));
    expect((await world.audit()).filter(({ type }) => type === 'policy').map(({ version }) => version)).toEqual([1, 2]);
    const newer = path.join(world.base.folder, 'policy-2.json');
    renameSync(newer, `${newer}.away`);
    await world.base.app.close();
    await expect(world.base.start()).rejects.toThrow('version 1 comes after version 2 was followed');
    renameSync(`${newer}.away`, newer);
    world.base.app = await world.base.start();
    expect(await world.decide(3, reportAll((await world.member(1)).pseudonyms, [0], 1))).toMatchObject({ status: 200 });
  });

  it('does not start on the database of another key holder', async () => {
    await world.base.app.close();
    await world.base.sql.query("UPDATE keyholder.state SET key_holder_id = 'another'");
    await expect(world.base.start()).rejects.toThrow('the database belongs to another key holder');
    await world.base.sql.query('UPDATE keyholder.state SET key_holder_id = $1', [world.base.pin.keyHolderId]);
    world.base.app = await world.base.start();
  });
});
