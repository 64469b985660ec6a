import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPrivateKey } from 'node:crypto';
import { renameSync } from 'node:fs';
import path from 'node:path';
import { SignJWT } from 'jose';
import pg from 'pg';
import { auditEntries, moderatorRequestType } from '#contracts';
import type { SigningKey } from '#platform';
import { verifyAudit } from '#policy';
import { DecisionsWorld, reportAll } from './keyholder-decisions-world.js';

describe("the key holder's log and the policy behind it", () => {
  let world: DecisionsWorld;
  beforeAll(async () => (world = await DecisionsWorld.open()));
  afterAll(() => world.close());

  const read = async (key: SigningKey, claims: object = {}, after = 0) => {
    const iat = Math.floor(world.base.clock.now().getTime() / 1_000);
    const token = await new SignJWT({ iss: 'op-1', aud: world.base.pin.keyHolderId, iat, ...claims })
      .setProtectedHeader({ alg: 'EdDSA', typ: moderatorRequestType })
      .sign(createPrivateKey(key.toPem()));
    return world.base.get(`/v1/audit?after=${after}`, token);
  };

  it('is read by operators, whole or from a row on, and passes the check', async () => {
    await world.decide(1, reportAll((await world.member(1)).pseudonyms, [0], 1));
    const { entries } = auditEntries.parse(JSON.parse((await read(world.base.operator)).text));
    expect(entries.map(({ body }) => body.type)).toEqual(['policy', 'day-list', 'decided']);
    expect(verifyAudit(entries, world.base.pin.rootKey)).toBeUndefined();
    const later = auditEntries.parse(JSON.parse((await read(world.base.operator, {}, 2)).text));
    expect(verifyAudit(later.entries, world.base.pin.rootKey, entries[1])).toBeUndefined();
    expect(later.entries).toHaveLength(1);
  });

  it('is read by nobody else', async () => {
    const answers = [
      await read(world.moderators[0]!, { iss: 'mod-0' }),
      await read(world.moderators[0]!),
      await world.base.get('/v1/audit'),
      await world.base.get('/v1/audit', 'c'.repeat(32)),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
  });

  it('cannot be changed by the role that writes it', async () => {
    const client = new pg.Client({ connectionString: world.base.database.urlFor('keyholder') });
    await client.connect();
    try {
      for (const sql of [
        "UPDATE keyholder.audit_entries SET body = '{}'",
        'DELETE FROM keyholder.audit_entries',
        'TRUNCATE keyholder.audit_entries',
        'DELETE FROM keyholder.opened_tallies',
        "UPDATE keyholder.opened_tallies SET digest = ''",
      ]) {
        await expect(client.query(sql)).rejects.toThrow('permission denied');
      }
    } finally {
      await client.end();
    }
    await expect(world.base.sql.query('DELETE FROM keyholder.audit_entries')).rejects.toThrow('append-only');
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
