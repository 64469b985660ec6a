/** `ctl policy …`: what operators decide, from a draft to what is live and back. A version never changes; a rollback is a new one. */
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { toBase64Url } from '#contracts';
import { checkPolicy, defaultPolicy, groupWarnings, policyDigest, PolicyStore } from '#policy';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import type { Session } from '../command/session.js';
import { table } from '../command/table.js';
import type { Cell } from '../command/table.js';
import { installedVersions, readPolicyFile } from '../stack/policy-files.js';
import { StackError } from '../stack/stack-error.js';
import { changed, draftFile, fileOption, livePolicy, nextDraft, readDraft, set, writeDraft } from './policy-draft.js';
import type { FileOption, PolicyDraft } from './policy-draft.js';
import { diffLine, policyDiff } from './policy-diff.js';
import { policySummary } from './policy-summary.js';
import { addPromotionCommands } from './promotion/promotion-commands.js';
import { addShadowCommand } from './shadow/shadow-command.js';

export function addPolicyCommands(program: Command, context: Context): void {
  const policy = program.command('policy').description('edit, check, promote and roll back what operators decide');
  addDraftCommands(policy, context);
  addPromotionCommands(policy, context);
  addReadCommands(policy, context);
  addShadowCommand(policy, context);
}

function addDraftCommands(policy: Command, { session: open, print, exitWith }: Context): void {
  policy
    .command('draft')
    .description('make a draft from the live policy, or from the defaults')
    .option(...fileOption)
    .option('--defaults <domain>', 'start from the defaults for this domain instead')
    .option('--set <name=value...>', 'change a value, e.g. negative.threshold=70')
    .option('--force', 'replace a draft that is there')
    .addHelpText('after', example('policy draft --set negative.threshold=70 --set limits.ticketsPerDay=10'))
    .action((options: FileOption & { defaults?: string; set?: string[]; force?: true }, command: Command) => {
      const session = open(command);
      const target = draftFile(session, options.file);
      if (existsSync(target) && !options.force)
        throw new StackError(`there is a draft ${target}`, 'promote it, or replace it with --force');
      const start = options.defaults ? firstDraft(session, options.defaults) : nextDraft(livePolicy(session.policyDir).document);
      const draft = (options.set ?? []).reduce((made, setting) => changed(made, (document) => set(document, setting)), start);
      mkdirSync(path.dirname(target), { recursive: true });
      writeDraft(target, draft);
      print(`draft of version ${draft.document.version}: ${target}`);
    });

  policy
    .command('check')
    .description('say what in a draft must not be, exit code 1 if anything; and warn of hubs that look like one operator’s')
    .option(...fileOption)
    .option('--development', 'without the rules for production')
    .addHelpText('after', example('policy check --development'))
    .action((options: FileOption & { development?: true }, command: Command) => {
      const { document } = readDraft(draftFile(open(command), options.file));
      const violations = checkPolicy(document, { production: !options.development });
      for (const warning of groupWarnings(document)) print(`! ${warning}`);
      for (const violation of violations) print(`✗ ${violation}`);
      if (violations.length === 0) print(`version ${document.version} may be followed`);
      else exitWith(1);
    });
}

const firstDraft = (session: Session, domain: string): PolicyDraft => ({
  document: defaultPolicy({
    domain,
    audience: `https://${domain}`,
    version: (installedVersions(session.policyDir).at(-1) ?? 0) + 1,
  }),
});

const draftRow = (session: Session): readonly (readonly Cell[])[] => {
  const file = draftFile(session);
  if (!existsSync(file)) return [];
  const { document } = readDraft(file);
  const isLive = installedVersions(session.policyDir).includes(document.version);
  return isLive ? [] : [[document.version, 'draft', '', '', '', toBase64Url(policyDigest(document))]];
};

function addReadCommands(policy: Command, { session: open, print }: Context): void {
  policy
    .command('show')
    .description('the live policy, or an earlier one')
    .option('--of <version>', 'this version', Number)
    .option('--json', 'the whole document')
    .addHelpText('after', example('policy show', 'policy show --of 1 --json'))
    .action((options: { of?: number; json?: true }, command: Command) => {
      const { policyDir } = open(command);
      const { document } = options.of === undefined ? livePolicy(policyDir) : readPolicyFile(policyDir, options.of);
      print(options.json ? JSON.stringify(document, undefined, 2) : table(['', 'policy'], policySummary(document)));
    });

  policy
    .command('list')
    .description(
      'every version, checked as the processes check it: its state, author, who approved it, its digest; and the draft',
    )
    .addHelpText('after', example('policy list'))
    .action((_options: object, command: Command) => {
      const session = open(command);
      const store = new PolicyStore({ folder: session.policyDir, people: session.people(), production: false });
      store.look();
      const rows = store.versions().map(({ version, author, approvers, people, digest }, at, all) => {
        const state = at === all.length - 1 ? 'live' : 'retired';
        return [version, state, author, approvers.join(', '), people, toBase64Url(digest)];
      });
      print(table(['version', 'state', 'author', 'approved by', 'people', 'digest'], [...rows, ...draftRow(session)]));
      for (const { message } of store.refusals()) print(`! ${message}`);
    });

  policy
    .command('diff')
    .description('what a draft changes, or what one version changed; with the digest that its request must name')
    .option(...fileOption)
    .option('--from <version>', 'compare this installed version', Number)
    .option('--to <version>', 'with this one instead of the draft', Number)
    .addHelpText('after', example('policy diff', 'policy diff --from 1 --to 2'))
    .action((options: FileOption & { from?: number; to?: number }, command: Command) => {
      const session = open(command);
      const before = options.from === undefined ? livePolicy(session.policyDir) : readPolicyFile(session.policyDir, options.from);
      const after =
        options.to === undefined ? readDraft(draftFile(session, options.file)) : readPolicyFile(session.policyDir, options.to);
      const rows = policyDiff(before.document, after.document);
      print(rows.length === 0 ? 'no difference' : rows.map(diffLine).join('\n'));
      print(`digest of version ${after.document.version}: ${toBase64Url(policyDigest(after.document))}`);
    });
}
