/**
 * What each database role may and may not do (architecture.md, "Processes"), as questions to the database. `ctl doctor` asks them of
 * a running service, a test of the migrations. `EXPLAIN` checks the rights of a statement without running it. Pure.
 */
import type { DatabaseName } from '../stack/migrate.js';

export interface RoleProbe {
  readonly role: string;
  readonly database: DatabaseName;
  /** A statement, without EXPLAIN. */
  readonly statement: string;
  readonly allowed: boolean;
}

const may = (role: string, database: DatabaseName, ...statements: string[]): RoleProbe[] =>
  statements.map((statement) => ({ role, database, statement, allowed: true }));
const mayNot = (role: string, database: DatabaseName, ...statements: string[]): RoleProbe[] =>
  statements.map((statement) => ({ role, database, statement, allowed: false }));

const read = (table: string) => `SELECT 1 FROM ${table}`;
const remove = (table: string) => `DELETE FROM ${table}`;

/** Databases a role must not even be let into: the row of the table that says who knows accounts, pseudonyms, the key. */
export const closedTo: Readonly<Record<string, readonly DatabaseName[]>> = {
  registrar: ['nyms', 'keyholder'],
  nyms: ['registrar', 'keyholder'],
  correlator: ['registrar', 'keyholder'],
  witness: ['registrar', 'keyholder'],
  queue: ['registrar', 'keyholder'],
  keyholder: ['registrar', 'nyms'],
};

export const roleProbes: readonly RoleProbe[] = [
  ...may('registrar', 'registrar', read('registrar.accounts'), read('registrar.findings')),
  ...mayNot('registrar', 'registrar', read('pg_authid')),

  ...may(
    'nyms',
    'nyms',
    read('pseudonyms.pseudonyms'),
    read('signals.sets'),
    read('tallies.manifest_entries'),
    read('polling.streams'),
  ),
  ...mayNot(
    'nyms',
    'nyms',
    read('tallies.trees'),
    read('tallies.leaves'),
    read('tallies.attestations'),
    remove('tallies.manifests'),
  ),
  ...mayNot('nyms', 'nyms', read('witness.seen'), read('witness.state')),
  ...may('nyms', 'nyms', read('trust.reviews'), remove('trust.reviews')),
  ...mayNot('nyms', 'nyms', "UPDATE trust.reviews SET finding = ''"),
  ...mayNot('correlator', 'nyms', read('trust.reviews')),
  ...mayNot('witness', 'nyms', read('trust.reviews')),
  ...mayNot('queue', 'nyms', read('trust.reviews')),
  ...may('nyms', 'nyms', read('streams.subjects'), remove('streams.queue'), read('streams.log')),
  ...['correlator', 'witness', 'queue'].flatMap((role) =>
    mayNot(role, 'nyms', read('streams.streams'), read('streams.subjects'), read('streams.queue'), read('streams.log')),
  ),
  ...may('nyms', 'nyms', read('status_lists.lists'), read('status_lists.indices'), read('status_lists.publication')),
  ...mayNot('nyms', 'nyms', remove('status_lists.lists'), remove('status_lists.indices'), remove('status_lists.publication')),
  ...['correlator', 'witness', 'queue'].flatMap((role) =>
    mayNot(role, 'nyms', read('status_lists.indices'), read('status_lists.lists'), read('status_lists.publication')),
  ),

  ...may(
    'correlator',
    'nyms',
    read('pseudonyms.stored_selectors'),
    read('signals.stored_sets'),
    read('signals.stored_decisions'),
  ),
  ...may('correlator', 'nyms', remove('tallies.leaves'), 'UPDATE signals.sets SET state = state'),
  ...mayNot('correlator', 'nyms', read('pseudonyms.pseudonyms'), read('pseudonyms.clients'), read('pseudonyms.acts')),
  ...mayNot('correlator', 'nyms', read('polling.streams')),
  ...mayNot('witness', 'nyms', read('polling.streams')),
  ...mayNot('queue', 'nyms', read('polling.streams')),
  ...mayNot('correlator', 'nyms', "UPDATE signals.sets SET token = ''", 'SELECT token FROM signals.sets', remove('signals.sets')),
  ...mayNot('correlator', 'nyms', "INSERT INTO tallies.objections VALUES (1, '', '[]', '')", remove('tallies.attestations')),
  ...mayNot('correlator', 'nyms', "INSERT INTO tallies.attestations VALUES (1, '', '', '', '')", read('witness.seen')),

  ...may(
    'witness',
    'nyms',
    read('pseudonyms.stored_selectors'),
    read('signals.stored_sets'),
    read('tallies.leaves'),
    read('witness.seen'),
  ),
  ...may('witness', 'nyms', "INSERT INTO tallies.attestations VALUES (1, '', '', '', '')"),
  ...mayNot(
    'witness',
    'nyms',
    read('pseudonyms.pseudonyms'),
    read('pseudonyms.clients'),
    read('pseudonyms.acts'),
    read('signals.sets'),
  ),
  ...mayNot('witness', 'nyms', remove('tallies.manifests'), remove('tallies.trees'), remove('tallies.leaves')),
  ...mayNot('witness', 'nyms', remove('tallies.attestations'), "UPDATE tallies.objections SET list = '[]'"),
  ...mayNot('witness', 'nyms', "UPDATE signals.sets SET state = 'ignored'"),

  ...mayNot('queue', 'nyms', read('pseudonyms.pseudonyms'), read('pseudonyms.stored_selectors'), read('signals.sets')),
  ...mayNot(
    'queue',
    'nyms',
    read('signals.stored_sets'),
    read('tallies.leaves'),
    read('tallies.manifests'),
    read('witness.seen'),
  ),

  ...may('keyholder', 'keyholder', read('keyholder.handles'), read('keyholder.audit_entries')),
  ...may(
    'keyholder',
    'keyholder',
    remove('keyholder.account_orders'),
    remove('keyholder.related_marks'),
    remove('keyholder.proposals'),
  ),
  ...mayNot(
    'keyholder',
    'keyholder',
    remove('keyholder.audit_entries'),
    remove('keyholder.audit_checkpoints'),
    "UPDATE keyholder.audit_entries SET leaf = ''",
  ),
  ...mayNot('keyholder', 'keyholder', remove('keyholder.opened_tallies'), read('pg_authid')),
  ...mayNot('keyholder', 'keyholder', remove('keyholder.people'), "UPDATE keyholder.people SET document = ''"),
  ...mayNot('keyholder', 'keyholder', remove('keyholder.attesters'), "UPDATE keyholder.attesters SET document = ''"),
  ...mayNot(
    'keyholder',
    'keyholder',
    remove('keyholder.approvals'),
    remove('keyholder.requests'),
    remove('keyholder.key_epochs'),
    remove('keyholder.tombstones'),
  ),
  ...mayNot('registrar', 'registrar', remove('registrar.tombstones')),
];

/** `refused` where it must be, or what is wrong. */
export function verdict(probe: RoleProbe, wasAllowed: boolean): string | undefined {
  if (wasAllowed === probe.allowed) return undefined;
  return `role ${probe.role} ${wasAllowed ? 'may' : 'may not'} run "${probe.statement}"`;
}
